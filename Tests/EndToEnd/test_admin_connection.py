"""How the administration's commands reach the running program: over a Unix socket, and over TLS."""
import json
import socket
import subprocess

import pytest

from support import paths, tls
from support.certificates import Authority
from support.stack import Stack


def command(stack, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, *arguments, "--config", stack.file], capture_output=True, text=True, timeout=60, check=False,
        env=stack.gatehouse.environment)


def accepts(path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
    return True


@pytest.fixture(scope="module")
def over_unix(tmp_path_factory):
    """Without gateway and applications: nobody asks but the commands."""
    folder = tmp_path_factory.mktemp("admin-unix")
    stack = Stack(folder)
    stack.configuration["listen"]["admin"] = f"unix:{folder}/admin.sock"
    stack.ready = lambda: accepts(folder / "admin.sock")
    stack.write()
    try:
        stack.start_gatehouse()
        yield stack
    finally:
        stack.kill()


def test_over_a_unix_socket(over_unix):
    listed = command(over_unix, "sessions", "list", "--json")
    assert listed.returncode == 0 and json.loads(listed.stdout) == {"sessions": []}
    assert command(over_unix, "sessions", "revoke", "--all").stdout == "0 sessions ended\n"


def test_a_unix_socket_that_is_not_there(over_unix, tmp_path):
    other = Stack(tmp_path)
    other.configuration["listen"]["admin"] = f"unix:{tmp_path}/admin.sock"
    other.write()
    listed = command(other, "sessions", "list")
    assert listed.returncode == 1 and f"unix:{tmp_path}/admin.sock does not answer" in listed.stderr


def over_tls(folder, **listener) -> Stack:
    stack = Stack(folder)
    address = stack.configuration["listen"]["admin"]
    stack.configuration["listen"]["admin"] = {
        "address": address, "tls": {"certificate": {"file": "admin.crt"}, "key": {"file": "admin.key"}} | listener}
    stack.write()
    return stack


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """The certificate is of an authority, and for another name than the address."""
    folder = tmp_path_factory.mktemp("admin-tls")
    authority = Authority(folder)
    authority.issue("admin", "gatehouse.internal")
    stack = over_tls(folder)
    stack.admin_tls = tls.context(authority.file)
    stack.admin_tls.check_hostname = False
    try:
        stack.start_gatehouse()
        yield stack
    finally:
        stack.kill()


def test_over_tls(signed):
    listed = command(
        signed, "sessions", "list", "--json", "--ca", signed.folder / "ca.crt", "--server-name", "gatehouse.internal")
    assert listed.returncode == 0, listed.stderr
    assert json.loads(listed.stdout) == {"sessions": []}


@pytest.mark.parametrize("options", [
    ["--ca", "ca.crt"], ["--ca", "ca.crt", "--server-name", "other.internal"], ["--server-name", "gatehouse.internal"],
    ["--ca", "stranger.crt", "--server-name", "gatehouse.internal"], ["--ca", "missing.crt"], ["--ca", "gatehouse.yaml"],
], ids=["another name", "a name that it does not have", "unknown authority", "another authority", "no file", "no certificate"])
def test_another_program_is_not_told_the_token(signed, options):
    Authority(signed.folder, "stranger")
    given = [str(signed.folder / option) if option.endswith((".crt", ".yaml")) else option for option in options]
    listed = command(signed, "sessions", "list", *given)
    assert listed.returncode == 1 and listed.stdout == "" and listed.stderr.startswith("gatehouse: ")


def test_a_certificate_that_signed_itself_is_known_from_the_configuration(tmp_path):
    Authority(tmp_path).issue("admin", "127.0.0.1", signs_itself=True)
    stack = over_tls(tmp_path)
    stack.admin_tls = tls.context(tmp_path / "admin.crt")
    try:
        stack.start_gatehouse()
        listed = command(stack, "sessions", "list", "--json")
        assert listed.returncode == 0, listed.stderr
    finally:
        stack.kill()


def test_a_listener_may_want_a_certificate_of_the_command(tmp_path):
    authority = Authority(tmp_path)
    authority.issue("admin", "127.0.0.1")
    certificate, key = authority.issue("operator")
    stack = over_tls(tmp_path, clientCA={"file": "ca.crt"})
    stack.admin_tls = tls.context(authority.file, (certificate, key))
    try:
        stack.start_gatehouse()
        without = command(stack, "sessions", "list", "--ca", authority.file)
        assert without.returncode == 1
        listed = command(
            stack, "sessions", "list", "--json", "--ca", authority.file, "--client-certificate", certificate,
            "--client-key", key)
        assert listed.returncode == 0, listed.stderr
    finally:
        stack.kill()


@pytest.mark.parametrize("what", ["sessions", "tokens"])
def test_listings_have_the_same_options(what):
    shown = subprocess.run([paths.GATEHOUSE, what, "list", "--help"], capture_output=True, text=True, timeout=30, check=False)
    assert all(option in shown.stdout for option in ("--config", "--ca", "--server-name", "--client-certificate", "--user", "--json"))
