"""The documentation is run: its configurations are checked, its commands executed or parsed, its links followed."""
import json
import os
import re
import shlex
import sqlite3
import subprocess
import urllib.request

import pytest
from cryptography.hazmat.primitives import serialization

from support import paths
from support.certificates import Authority
from support.jws import Key

HASH = "$2b$10$1x0OVZ3KF/z6GUh6/XJSFuHim3oFwdrq0KlJdt4k920Qfda/E8Dk."
README = paths.ROOT / "README.md"
PAGES = [README, *sorted((paths.ROOT / "docs").rglob("*.md"))]
# What stands in the files that examples name.
LISTS = ("refused-passwords.txt",)
SECRETS = (
    "cookie.key", "client.secret", "proxy.secret", "keys.key", "registration.token", "postgres.password", "redis.password",
    "sentinel.password", "new-keys.key")
AUTHORITIES = ("gateways", "clients", "models", "redis-ca")
ENVIRONMENT = {**os.environ, "CORP_SECRET": "a-secret-of-the-client", "LDAP_PASSWORD": "of-the-service"}


def blocks(page, languages: str) -> list[str]:
    """The page's fenced blocks in one of these languages (a regular expression)."""
    return [
        text for language, text in re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(), re.S | re.M)
        if re.fullmatch(languages, language)]


def configurations(page) -> list[str]:
    return [text for text in blocks(page, "yaml") if re.search(r"^(authService|provider):", text, re.M)]


def examples():
    for page in PAGES:
        for number, text in enumerate(configurations(page)):
            yield pytest.param(text, id=f"{page.name}-{number}")


def commands():
    """Every `gatehouse …` of a block or in a line of text, as its words."""
    for page in PAGES:
        lines = "".join(blocks(page, "|sh")).replace("\\\n", " ").splitlines()
        lines += re.findall(r"`(gatehouse [^`]+)`", page.read_text())
        for line in lines:
            if line.startswith("gatehouse "):
                yield page, shlex.split(line, comments=True)[1:]


def write(folder, text: str):
    """A configuration, and the files that examples name."""
    for name in AUTHORITIES:
        Authority(folder, name).issue("tls", "gatehouse.internal")
    (folder / "client.jwks").write_text(json.dumps({"keys": [Key("client", "ES256").jwk()]}))
    for name in SECRETS:
        (folder / name).write_text("0123456789abcdef" * 4)
        (folder / name).chmod(0o600)
    service_key(folder / "google.json")
    for name in LISTS:
        (folder / name).write_text("password\n")
    (folder / "mesh.yaml").write_text("rootNamespace: istio-system\n")
    file = folder / "gatehouse.yaml"
    file.write_text(text.replace('"…"', HASH))
    return file


def service_key(file) -> None:
    """The key of a service account, as Google's console hands it out."""
    pem = Key("service").private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    file.write_text(json.dumps({
        "type": "service_account", "client_email": "groups@project.iam.gserviceaccount.com", "private_key": pem,
        "private_key_id": "service", "token_uri": "https://oauth2.googleapis.com/token"}))
    file.chmod(0o600)


def gatehouse(*arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, *map(str, arguments)], capture_output=True, text=True, timeout=20, env=ENVIRONMENT, **options)


def test_there_are_examples():
    assert len(list(examples())) >= 3 and len(list(commands())) >= 20


@pytest.mark.parametrize("text", list(examples()))
def test_an_example_is_a_good_configuration(text, tmp_path):
    result = gatehouse("config", "check", write(tmp_path, text))
    assert result.returncode == 0, result.stderr
    assert ": ok" in result.stdout


@pytest.mark.parametrize("css", [css for page in PAGES for css in blocks(page, "css")])
def test_a_stylesheet_is_a_good_theme(css, tmp_path):
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "theme.css").write_text(css)
    file = write(tmp_path, f"{configurations(README)[0]}\npages: {{ theme: theme }}\n")
    result = gatehouse("config", "check", file)
    assert result.returncode == 0, result.stderr


def subcommand(words: list[str]) -> list[str]:
    """The words that name the command: those before the first option, as far as there is such a command."""
    named = []
    for word in words:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", word) or gatehouse("help", *named, word).returncode != 0:
            break
        named.append(word)
    return named


HELP: dict[tuple, str] = {}


@pytest.mark.parametrize(
    ("page", "words"), [pytest.param(page, words, id=f"{page.name} {' '.join(words)[:50]}") for page, words in commands()])
def test_a_command_has_these_options(page, words):
    named = subcommand(words)
    assert named, f"{page}: there is no such command"
    told = HELP.setdefault(tuple(named), gatehouse("help", *named).stdout)
    for option in re.findall(r"--[a-z-]+", " ".join(words)):
        assert re.search(rf"{option}\b", told), f"{page}: {' '.join(named)} has no {option}"


def executable():
    """Commands that need nothing but a configuration: that of their page, or of the README."""
    for page, words in commands():
        if words[0] in ("manifests", "explain") and "--config" in words:
            yield pytest.param(page, words, id=f"{page.name} {' '.join(words)[:40]}")


@pytest.mark.parametrize(("page", "words"), list(executable()))
def test_a_command_does_what_it_is_said_to_do(page, words, tmp_path):
    own = configurations(page) if words[0] == "manifests" else []
    file = write(tmp_path, (own or configurations(README))[0])
    arguments = list(words)
    arguments[arguments.index("--config") + 1] = file
    if "--out" in arguments:
        arguments[arguments.index("--out") + 1] = tmp_path / "out"
    result = gatehouse(*arguments, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    if "--out" in arguments:
        assert list((tmp_path / "out").iterdir())
    else:
        assert result.stdout


def test_examples_of_stores_run_one_after_the_other(stack, tmp_path):
    examples = [words for page, words in commands() if page.name == "stores.md" and words[:1] == ["store"] and len(words) > 3]
    assert [words[1] for words in examples] == ["migrate", "check", "backup"]
    text = configurations(README)[0]
    write(tmp_path, text).rename(tmp_path / "old.yaml")
    (tmp_path / "gatehouse.yaml").write_text((tmp_path / "old.yaml").read_text() + "\nstorage: { sqlite: { path: new.db } }\n")
    # Something to copy.
    with sqlite3.connect(stack.folder / "gatehouse.db") as source, sqlite3.connect(tmp_path / "gatehouse.db") as copy:
        source.backup(copy)
    for words in examples:
        result = gatehouse(*words, cwd=tmp_path)
        assert result.returncode == 0 and result.stdout, result.stderr
    assert (tmp_path / "gatehouse-backup.db").exists()


# The pages themselves.

def links(page) -> list[tuple[str, str]]:
    """Path and anchor of the page's links to other pages of ours."""
    found = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", page.read_text())
    return [(path, anchor) for path, anchor in found if not path.endswith(".svg")]


def anchors(page) -> set[str]:
    """As hosts of Markdown make them of headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_leads_somewhere(page):
    for path, anchor in links(page):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page}: {path}"
        assert not anchor or anchor in anchors(target), f"{page}: {path}#{anchor}"


def test_the_readme_leads_to_every_page():
    named = {(README.parent / path).resolve() for path, _ in links(README)}
    assert {page for page in PAGES if page != README} - named == set()


# Against the running program.

def test_administrations_examples_run(stack):
    examples = [words for page, words in commands() if page.name == "operating.md" and "list" in words and "--config" in words]
    assert len(examples) >= 2
    for words in examples:
        arguments = [stack.file if word == "gatehouse.yaml" else word for word in words]
        result = subprocess.run(
            [paths.GATEHOUSE, *arguments], capture_output=True, text=True, timeout=20, env=stack.gatehouse.environment)
        # The shared configuration has no personal tokens.
        assert result.returncode == (1 if "tokens" in words else 0), result.stderr


def test_every_metric_is_documented_and_no_other(stack, admin):
    """Those with a label that nothing has happened for yet are not there."""
    documented = set(re.findall(r"`((?:gatehouse|process)_\w+)`", (paths.ROOT / "docs/operating.md").read_text()))
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.ports.admin}/metrics", timeout=10) as response:
        written = set(re.findall(r"^# TYPE (\S+) ", response.read().decode(), re.M))
    assert written <= documented
    # Nor those of a store that the shared configuration does not have.
    names = ("connections", "calls", "away", "clock_lead_seconds", "feed_follows", "sealed", "unopened")
    others = {f"gatehouse_store_{name}" for name in names}
    assert documented - written <= {"gatehouse_store_errors_total", "gatehouse_upstream_duration_seconds"} | others
