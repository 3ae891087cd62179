"""The program itself: what it says when it cannot start, and its other commands."""
import json
import os
import pathlib
import re
import socket
import subprocess
import zlib

import bcrypt
import pytest
import yaml

from support import paths
from support.ports import answers


def run(*arguments: object, text: str | None = None, cwd: pathlib.Path | None = None, **environment: str):
    return subprocess.run(
        [paths.GATEHOUSE, *map(str, arguments)], input=text, capture_output=True, text=True, timeout=30, check=False, cwd=cwd,
        env={"PATH": "/usr/bin:/bin", **environment})


@pytest.fixture
def unstarted(make_stack, request):
    # A short name: messages quote paths up to 80 characters.
    return make_stack(f"process-{zlib.crc32(request.node.name.encode()):08x}", start=False)


def serve(stack):
    stack.write()
    return run("serve", "--config", stack.file, **{
        name: value for name, value in stack.gatehouse.environment.items() if name != "PATH"})


def listens(stack) -> list[str]:
    names = ["web", "check_http", "check_grpc", "admin"]
    return [name for name in names if answers(getattr(stack.ports, name))]


@pytest.mark.parametrize("name", ["web", "check_http", "check_grpc", "admin"])
def test_a_port_that_is_taken_is_named(unstarted, name):
    port = getattr(unstarted.ports, name)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        result = serve(unstarted)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"127.0.0.1:{port}" in result.stderr + result.stdout
    assert listens(unstarted) == []


WRONG = {
    "O1 unknown key": (("authService", "cokie"), {"name": "x"}, "cookie"),
    "O1 unknown section": (("provder",), {}, "provider"),
    "O2 a list where text belongs": (("provider", "issuer"), ["http://localhost:1/dex"], "issuer"),
    "O2 text where a list belongs": (("provider", "clients"), "none", "clients"),
    "O2 no duration": (("authService", "session"), {"idle": "soon"}, "soon"),
    "O3 a secret that is too short": (("authService", "secrets"), ["short"], ""),
    "O3 a secret that is not there": (("authService", "secrets"), [{"file": "no-such.key"}], "no-such.key"),
    "O3 a variable that is not set": (("authService", "secrets"), [{"env": "NO_SUCH_KEY"}], "NO_SUCH_KEY"),
    "O4 http off loopback": (("provider", "issuer"), "http://login.example.com/dex", "https"),
    "O7 no port": (("listen", "web"), "127.0.0.1", ""),
    "O7 a hash that is none": (("provider", "users"), [{"email": "a@example.com", "hash": "plain"}], ""),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_configuration_starts_nothing(unstarted, case):
    place, value, word = WRONG[case]
    part = unstarted.configuration
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value
    result = serve(unstarted)
    assert result.returncode == 78, result.stdout + result.stderr
    assert re.search(rf"^{re.escape(str(unstarted.file))}:\d+:\d+: .*", result.stderr, re.MULTILINE), result.stderr
    assert word in result.stderr
    assert listens(unstarted) == []


@pytest.mark.parametrize("uri", ["http://localhost:1/*", "https://*.example.com/callback", "https://app.example.com/#x", "no-uri"])
def test_o5_a_redirect_uri_that_is_not_one_place(unstarted, uri):
    unstarted.configuration["provider"]["clients"][1]["redirectURIs"] = [uri]
    result = serve(unstarted)
    assert result.returncode == 78 and re.search(r":\d+:\d+: ", result.stderr), result.stderr


def test_o6_a_cookie_domain_of_others(unstarted):
    unstarted.configuration["authService"]["cookie"] = {"domain": "com"}
    result = serve(unstarted)
    assert result.returncode == 78 and re.search(r":\d+:\d+: ", result.stderr), result.stderr


@pytest.mark.parametrize("place", ["clients", "users"])
def test_o7_the_same_id_twice(unstarted, place):
    entries = unstarted.configuration["provider"][place]
    entries.append(dict(entries[0]))
    result = serve(unstarted)
    assert result.returncode == 78 and re.search(r":\d+:\d+: ", result.stderr), result.stderr


def test_all_errors_are_told_at_once_with_their_places(tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text(
        "listen:\n"
        "  web: nonsense\n"
        "  admn: 127.0.0.1:1\n"
        "authService:\n"
        "  publicURL: http://localhost:8080\n"
        "  secrets: [ short ]\n"
        "  session: { idle: soon }\n"
        "  providers:\n"
        "    - { id: local, embeded: true, clientID: gatehouse }\n")
    result = run("config", "check", file)
    assert result.returncode == 78
    places = re.findall(rf"^{re.escape(str(file))}:(\d+):(\d+): ", result.stderr, re.MULTILINE)
    assert {"2", "3", "6", "7", "9"} <= {line for line, _ in places}, result.stderr
    assert ("3", "3") in places and "admin" in result.stderr and "embedded" in result.stderr


@pytest.mark.parametrize("text", ["", "[]", "- x", "a: b: c", "\t", "listen: {", "&a [*a, *a]", "x: &x [" + "*x," * 3 + "]", "\0"])
def test_what_is_no_configuration_is_said_to_be_none(tmp_path, text):
    file = tmp_path / "broken.yaml"
    file.write_text(text)
    result = run("config", "check", file)
    assert result.returncode == 78 and str(file) in result.stderr, result.stdout + result.stderr


def test_a_file_that_is_not_there(tmp_path):
    result = run("serve", "--config", tmp_path / "none.yaml")
    assert result.returncode in (1, 78) and "none.yaml" in result.stderr


def test_a_good_configuration_is_said_to_be_good(unstarted):
    unstarted.write()
    environment = {name: value for name, value in unstarted.gatehouse.environment.items() if name != "PATH"}
    result = run("config", "check", unstarted.file, **environment)
    assert result.returncode == 0, result.stderr


def test_the_example_is_a_good_configuration(tmp_path):
    example = run("config", "example")
    assert example.returncode == 0
    assert isinstance(yaml.safe_load(example.stdout), dict)


def test_the_schema_is_a_json_schema():
    result = run("config", "schema")
    assert result.returncode == 0
    schema = json.loads(result.stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"listen", "storage", "authService", "provider", "log"} <= schema["properties"].keys()


def test_hash_password():
    result = run("hash-password", text="a good password\n")
    assert result.returncode == 0, result.stderr
    assert re.fullmatch(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}\n", result.stdout)
    assert bcrypt.checkpw(b"a good password", result.stdout.strip().encode())
    assert not bcrypt.checkpw(b"a good password\n", result.stdout.strip().encode())


def test_hash_password_of_nothing():
    assert run("hash-password", text="").returncode in (1, 2)
    assert run("hash-password", text="\n").returncode in (1, 2)


@pytest.mark.parametrize("arguments", [["serve"], ["no-such-command"], ["serve", "--no-such-option"], ["manifests", "envoy", "--listen", "x"]])
def test_wrong_usage_is_exit_2(arguments):
    result = run(*arguments)
    assert result.returncode == 2 and "usage" in result.stderr.lower(), (result.returncode, result.stderr)


@pytest.mark.parametrize("arguments", [
    ["sso-sessions", "revoke", "-hFoo0aBcDeFgHiJkLmNoPq"], ["clients", "show", "-vwx"], ["grants", "list", "--client", "-hx"], ["-help"]])
def test_an_id_with_a_dash_in_front_is_no_call_for_help(arguments):
    result = run(*arguments, "--config", "gatehouse.yaml")
    assert result.returncode == 2 and "is written after `--`" in result.stderr and result.stdout == "", (result.returncode, result.stderr)


def test_version():
    result = run("version")
    assert result.returncode == 0 and re.search(r"\d+\.\d+", result.stdout)


def test_the_envoy_manifest_is_one_that_envoy_takes(unstarted):
    unstarted.write()
    result = run(
        "manifests", "envoy", "--config", unstarted.file, "--listen", "grpc=127.0.0.1:1", "--upstream", "/=127.0.0.1:2",
        "--out", unstarted.folder / "out", **{
            name: value for name, value in unstarted.gatehouse.environment.items() if name != "PATH"})
    assert result.returncode == 0, result.stderr
    checked = subprocess.run(
        [paths.envoy_binary(), "--mode", "validate", "--config-path", unstarted.folder / "out" / "envoy.yaml"],
        capture_output=True, text=True, timeout=30, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("cores", [{min(os.sched_getaffinity(0))}, os.sched_getaffinity(0)])
def test_an_event_loop_serves_on_each_core_that_the_program_may_run_on(unstarted, cores):
    unstarted.gatehouse.command = ["taskset", "--cpu-list", ",".join(map(str, sorted(cores))), *unstarted.gatehouse.command]
    unstarted.write()
    unstarted.start_gatehouse()
    try:
        tasks = pathlib.Path(f"/proc/{unstarted.gatehouse.pid}/task")
        loops = [name for task in tasks.iterdir() if (name := (task / "comm").read_text()).startswith("NIO-SGLTN-")]
        assert len(loops) == len(cores), sorted((task / "comm").read_text() for task in tasks.iterdir())
    finally:
        unstarted.gatehouse.stop()


def test_a_stop_is_no_error(make_stack):
    stack = make_stack("quiet-stop")
    stack.stop()
    levels = {line["level"]: line for line in map(json.loads, stack.gatehouse.text().splitlines())}
    assert "info" in levels and not {"error", "critical"} & set(levels), levels
