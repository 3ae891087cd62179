"""The Debian package: it installs, what it brings is right, and it goes again."""
import os
import re
import secrets
import socket
import subprocess
import tempfile

import pytest
import requests
import yaml

from support import paths
from support.installed import InstalledPackage
from support.ports import free_ports
from support.program import Program

UNIT = "/lib/systemd/system/gatehouse.service"


@pytest.fixture(scope="module")
def package():
    """As `make deb` builds it."""
    made = subprocess.run(["scripts/deb"], cwd=paths.ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


@pytest.fixture(scope="module")
def installed(package, tmp_path_factory):
    machine = InstalledPackage(package, tmp_path_factory.mktemp("layers"))
    yield machine
    machine.leave()


@pytest.fixture
def manager():
    """Where a service manager hears of its services."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        os.chmod(folder, 0o755)
        heard.settimeout(30)
        heard.bind(f"{folder}/notify")
        os.chmod(f"{folder}/notify", 0o666)
        yield heard


def field(package: str, name: str) -> str:
    return subprocess.run(["dpkg-deb", "--field", package, name], capture_output=True, text=True, check=True).stdout.strip()


def test_what_it_depends_on(package):
    depends = field(package, "Depends")
    # Of the C libraries the first that can read the addresses that are to be moved in their short form.
    libc = re.search(r"\blibc6 \(>= 2\.(\d+)\)", depends)
    assert libc and int(libc[1]) >= 36 and {"libldap-2.5-0", "libsqlite3-0", "libpq5"} <= set(re.findall(r"[a-z][\w.+-]+", depends))
    assert "swift" not in depends and field(package, "Package") == "gatehouse"


def test_the_program_is_small_and_hardened(installed):
    """It lies anywhere in memory, and what the loader fills in is not written again. ICU's data would be half of it."""
    assert int(installed.run("stat -c %s /usr/bin/gatehouse")) < 60_000_000
    told = installed.run("readelf --wide --dynamic --segments /usr/bin/gatehouse")
    assert re.search(r"FLAGS_1\).*\bNOW\b.*\bPIE\b", told) and "GNU_RELRO" in told
    assert {line.split()[-2] for line in told.splitlines() if line.split()[:1] == ["GNU_STACK"]} == {"RW"}


def test_the_service_runs_as_its_unit_says(installed, manager, artifacts):
    """As far as that goes without a systemd: its command, as its user, in its folders."""
    unit = dict(re.findall(r"^(\w+)=(.+)$", installed.run(f"cat {UNIT}"), re.MULTILINE))
    web, admin = free_ports(2)
    configuration = {
        "listen": {"web": f"127.0.0.1:{web}", "admin": f"127.0.0.1:{admin}"},
        "storage": {"sqlite": {"path": "/var/lib/gatehouse/gatehouse.db"}},
        "provider": {"issuer": f"http://localhost:{web}/dex", "clients": [
            {"id": "app", "secret": {"file": "app.secret"}, "redirectURIs": ["http://localhost:5555/callback"]}]},
    }
    installed.run(f"cat >/etc/gatehouse/gatehouse.yaml <<'YAML'\n{yaml.safe_dump(configuration)}YAML")
    installed.run(f"echo {secrets.token_hex(16)} | install -m 0640 -g gatehouse /dev/stdin /etc/gatehouse/app.secret")
    folder = artifacts / "logs" / "package"
    folder.mkdir(parents=True, exist_ok=True)
    service = Program(
        "gatehouse", installed.as_user(unit["User"], *unit["ExecStart"].split()), folder,
        {"PATH": "/usr/bin:/bin", "NOTIFY_SOCKET": manager.getsockname()})
    service.start()
    try:
        assert unit["Type"] == "notify" and manager.recv(100) == b"READY=1"
        assert requests.get(f"http://127.0.0.1:{admin}/readyz", timeout=5).status_code == 200
        assert requests.get(f"http://127.0.0.1:{web}/dex/.well-known/openid-configuration", timeout=5).json()["issuer"].endswith("/dex")
    finally:
        service.stop()
    assert manager.recv(100) == b"STOPPING=1"
    assert installed.run("stat -c '%U %a' /var/lib/gatehouse/gatehouse.db") == "gatehouse 600\n"


def test_places_and_who_may_enter(installed):
    assert installed.run("stat -c '%U %G %a' /etc/gatehouse /var/lib/gatehouse") == "root gatehouse 750\ngatehouse gatehouse 700\n"
    assert installed.run("getent passwd gatehouse").split(":")[5:] == ["/var/lib/gatehouse", "/usr/sbin/nologin\n"]


def test_the_unit_is_one_that_systemd_takes(installed):
    assert installed.run(f"systemd-analyze verify {UNIT} 2>&1") == ""
    told = installed.run(f"systemd-analyze security --offline=true --threshold=15 {UNIT} 2>&1")
    assert "Overall exposure level for gatehouse.service: 1." in told


def test_the_manual_has_every_command(installed):
    assert installed.run("zcat /usr/share/man/man1/gatehouse.1.gz | mandoc -T lint -W warning") == ""
    text = installed.run("zcat /usr/share/man/man1/gatehouse.1.gz | mandoc -T ascii | col -b")
    told = installed.run("gatehouse --help")
    commands = re.findall(r"^  ([a-z-]+)(?:  |$)", told.partition("SUBCOMMANDS:")[2], re.MULTILINE)
    assert len(commands) > 10 and all(f"\n   gatehouse {command}\n" in text for command in commands)
    assert "--dry-run-config" in text and "EXIT STATUS" in text


@pytest.mark.parametrize("typed, expected", [("gatehouse man", "manifests"), ("gatehouse config c", "check"), ("gatehouse serve --con", "--config")])
def test_bash_completes(installed, typed, expected):
    words = typed.split()
    script = f"""set +eu
        source /usr/share/bash-completion/completions/gatehouse
        COMP_WORDS=({typed}) COMP_CWORD={len(words) - 1} COMP_LINE='{typed}' COMP_POINT={len(typed)}
        _gatehouse gatehouse {words[-1]} {words[-2]}
        printf '%s\\n' "${{COMPREPLY[@]}}" """
    assert expected in [line.strip() for line in installed.run(script).splitlines()]


@pytest.mark.parametrize("typed, expected", [("gatehouse man", "manifests"), ("gatehouse config c", "check"), ("gatehouse serve --con", "--config")])
def test_fish_completes(installed, typed, expected):
    told = installed.run(f"HOME=/tmp fish --no-config --command \"source /usr/share/fish/vendor_completions.d/gatehouse.fish; complete --do-complete '{typed}'\"")
    assert expected in [line.split("\t")[0] for line in told.splitlines()]


def test_zsh_takes_its_completion(installed):
    script = "autoload -Uz compinit && compinit -u -d /tmp/zcompdump && autoload -Uz +X _gatehouse && print -r -- $_comps[gatehouse]"
    assert installed.run(f"HOME=/tmp zsh -fc 'fpath=(/usr/share/zsh/vendor-completions $fpath); {script}'") == "_gatehouse\n"


def test_removed_it_leaves_what_is_the_administrators(installed):
    installed.run("dpkg --remove gatehouse 2>&1")
    assert not installed.exists("/usr/bin/gatehouse") and not installed.exists(UNIT)
    assert installed.exists("/var/lib/gatehouse/gatehouse.db") and installed.exists("/etc/gatehouse/app.secret")
    installed.run("dpkg --purge gatehouse 2>&1")
    assert not installed.exists("/var/lib/gatehouse") and installed.exists("/etc/gatehouse/gatehouse.yaml")
