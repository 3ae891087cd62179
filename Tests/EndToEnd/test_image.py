"""The container image: what is in it, and that it signs people in where there is nothing else."""
import os
import re
import stat
import subprocess

import pytest

from support import paths
from support.client import Client
from support.container import USER, Image
from support.program import Program
from support.stack import password_of

BOB = "bob@example.com"


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Image:
    """As `make image` builds it, unpacked."""
    made = subprocess.run(["scripts/image"], cwd=paths.ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert made.returncode == 0, made.stderr
    return Image.unpacked(made.stdout.strip(), tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def contained(image, make_stack):
    """Everything as ever, but Gatehouse is in the image: its files read-only, another user, no rights."""
    def change(configuration):
        configuration["storage"] = {"sqlite": {"path": "/var/lib/gatehouse/gatehouse.db"}}

    stack = make_stack("image", change, start=False)
    data = stack.folder / "data"
    data.mkdir(mode=0o700)
    for path in (stack.folder, *stack.folder.iterdir()):
        os.chown(path, USER, USER)
    command = image.command(
        ["serve", "--config", "/etc/gatehouse/gatehouse.yaml"], etc_gatehouse=stack.folder, var_lib_gatehouse=data)
    stack.gatehouse = Program("gatehouse", command, stack.folder)
    stack.start()
    yield stack
    stack.stop()


def test_somebody_signs_in(contained):
    for url in contained.gateways:
        seen = Client().sign_in(f"{url}/echo/", BOB, password_of(BOB))
        assert seen.status_code == 200 and seen.json()["headers"]["kubeflow-userid"] == [BOB]
    assert (contained.folder / "data/gatehouse.db").stat().st_uid == USER


def test_it_runs_without_rights(contained):
    status = dict(
        line.split(":\t", 1) for line in open(f"/proc/{contained.gatehouse.pid}/status", encoding="utf-8").read().splitlines() if ":\t" in line)
    assert status["Name"] == "gatehouse" and status["Uid"].split() == [str(USER)] * 4 and status["Gid"].split() == [str(USER)] * 4
    assert status["NoNewPrivs"] == "1" and status["CapEff"] == status["CapPrm"] == "0" * 16


def test_it_ends_when_it_is_told_to(contained):
    assert contained.gatehouse.stop() < 10 and contained.gatehouse.process.returncode == 0
    contained.start_gatehouse()


def test_what_engines_are_told(image):
    told = image.configuration
    version = image.run(["version"]).stdout.strip().removeprefix("gatehouse ")
    assert re.fullmatch(r"\d+\.\d+\.\d+", version) and image.tags == [f"docker.io/library/gatehouse:{version}"]
    assert told["User"] == f"{USER}:{USER}" and told["Entrypoint"] == ["/usr/bin/gatehouse"]
    assert told["Cmd"] == ["serve", "--config", "/etc/gatehouse/gatehouse.yaml"] and told["WorkingDir"] == "/var/lib/gatehouse"
    assert set(told["ExposedPorts"]) == {f"{port}/tcp" for port in (9000, 9001, 9002, 9003)}
    assert told["Labels"]["org.opencontainers.image.version"] == version
    assert all("SECRET" not in name.upper() for name in told.get("Env", []))


def test_nothing_is_in_it_that_it_does_not_need(image):
    files = {str(path.relative_to(image.root)): path for path in image.paths()}
    programs = [name for name, path in files.items() if name.startswith("usr/bin/") and not path.is_symlink()]
    assert programs == ["usr/bin/gatehouse"]
    assert not [name for name in files if "libswift" in name or name.endswith((".yaml", ".key", ".pem", ".sh"))]
    modes = {name: path.lstat().st_mode for name, path in files.items() if not path.is_symlink()}
    assert not [name for name, mode in modes.items() if mode & (stat.S_ISUID | stat.S_ISGID)]
    assert [name for name, mode in modes.items() if mode & stat.S_IWOTH] == ["tmp"]
    assert [name for name, path in files.items() if path.lstat().st_uid == USER] == ["var/lib/gatehouse"]


def test_what_is_in_it_is_named(image):
    """Scanners find the packages whose libraries there are, people the licences."""
    told = {path.name: path.read_text() for path in (image.root / "var/lib/dpkg/status.d").iterdir()}
    assert {"libc6", "libldap-2.5-0", "libsqlite3-0", "libpq5", "ca-certificates"} <= set(told)
    assert all(re.search(r"^Version: \S+$", text, re.MULTILINE) for text in told.values())
    documents = image.root / "usr/share/doc"
    assert all((documents / name / "copyright").stat().st_size for name in told)
    assert "Apache License" in (documents / "gatehouse/copyright").read_text()
    licences = {path.stem for path in (documents / "gatehouse/licences").iterdir()}
    assert {"swift", "swift-nio", "hummingbird", "GRDB.swift", "Yams"} <= licences


def test_it_says_what_is_wrong(image, tmp_path):
    (tmp_path / "gatehouse.yaml").write_text("listen: { web: nowhere }\n")
    tmp_path.chmod(0o755)
    refused = image.run(["serve", "--config", "/etc/gatehouse/gatehouse.yaml"], etc_gatehouse=tmp_path)
    assert refused.returncode == 78 and "gatehouse.yaml:1:" in refused.stderr
