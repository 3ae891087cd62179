"""The commands of docs/provider and docs/connectors, one after the other as they stand there, at a provider that has what they speak of."""
import re
import secrets
import shlex
import subprocess

import pytest
import requests

from support import paths
from support.client import Client
from support.code_flow import code_for, exchange
from support.ledger import LEDGER
from support.stack import ClientAccount, password_of
from support.totp import Authenticator
from test_docs import blocks
from test_mfa import act

CAROL = "carol@example.com"
NOTES = ClientAccount("notes", LEDGER.add(secrets.token_urlsafe(24), "secret of client notes"), "http://127.0.0.1:5559/callback")
PARTNER_SECRET = LEDGER.add(secrets.token_urlsafe(24), "secret at the partner")
# What each command prints: a command that is not here fails.
PRINTS = {
    "clients add": r"\Aclient \w+ made\n", "clients add-secret": r"^[\w-]{43}$", "clients change": r"\Achanged$",
    "clients delete": r"\Adeleted$", "clients delete-secret": r"\Adeleted$", "clients disable": r"\Adisabled$",
    "clients enable": r"\Aenabled$", "clients list": r"^wiki\tWiki\tstorage\t1\tactive\t", "clients show": r"^groups\tstaff$",
    "connectors add": r"\Aconnector partner made$", "connectors change": r"\Aconnector partner changed$",
    "connectors delete": r"\Adeleted$", "connectors list": r"^corp\toidc\t", "connectors show": r"^id\t(corp|partner)$",
    "connectors test": r"\Areached$",
    "grants list": rf"\tnotes\t{CAROL}\t", "grants revoke": r"\A\d grants? ended$",
    "keys list": r"\tRS256\t", "keys rotate": r"\Anew key [\w-]{43}$",
    "sso-sessions list": rf"\t{CAROL}\t", "sso-sessions revoke": r"\A\d sessions? ended$",
    "users add": r"/invitation\?token=[\w-]{43}$", "users delete": r"\Adeleted$", "users disable": r"\Adisabled$",
    "users enable": r"\Aenabled$", "users invite": r"/invitation\?token=[\w-]{43}$", "users list": rf"\t{CAROL}\t",
    "users mfa list": r"\ttotp\t", "users mfa reset": r"\A2 removed$", "users password": r"\Achanged$",
    "users reset": r"/invitation\?token=[\w-]{43}$", "users set-groups": r"\Ain team-a, team-b$", "users show": rf"^email\t{CAROL}$",
}


def commands(page) -> list[list[str]]:
    lines = "".join(blocks(page, "")).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("gatehouse ")]


PAGES = [page for folder in ("provider", "connectors") for page in sorted((paths.ROOT / "docs" / folder).glob("*.md")) if commands(page)]


@pytest.fixture(scope="module")
def own(make_stack, stack):
    def change(configuration):
        provider = configuration["provider"]
        provider |= {"storedUsers": {}, "storedClients": True, "storedConnectors": True, "mfa": {}, "passwords": {"bcryptCost": 8}}
        provider["clients"].append({"id": NOTES.id, "secret": {"env": "NOTES_SECRET"}, "redirectURIs": [NOTES.redirect_uri]})
        provider["connectors"] = [
            {"id": "corp", "type": "oidc", "name": "Company account", "oidc": {"issuer": stack.issuer, "clientID": "corp"}}]

    own = make_stack("provider-commands", change, start=False)
    own.further_environment["NOTES_SECRET"] = NOTES.secret
    own.start()
    yield own
    own.stop()


def api(own, method: str, path: str, body: dict | None = None) -> requests.Response:
    return requests.request(method, f"http://127.0.0.1:{own.ports.admin}/api{path}", json=body, timeout=20)


def sign_in(own) -> Client:
    browser = Client()
    reply = exchange(own, NOTES, code_for(own, NOTES, CAROL, browser=browser, connector_id="local"))
    assert reply.status_code == 200, reply.text
    return browser


def enrol(own) -> None:
    """An authenticator app for Carol, and her recovery codes."""
    browser = sign_in(own)
    offer = act(browser, browser.get(f"{own.issuer}/second-factors"), "begin")
    app = Authenticator(offer.text)
    app.take_codes(act(browser, offer, "enrol", code=app.code()).text)


def identifiers(own, page) -> dict[str, str]:
    """For what stands on the page: the id of what there is."""
    if page.name == "clients.md":
        return {"kZ3xQ9aB": client["secret_ids"][0]["id"] for client in [api(own, "GET", "/clients/wiki").json().get("client")] if client}
    kind = {"sessions.md": "sso-sessions", "tokens.md": "grants"}.get(page.name)
    return {"4hV0cQ2nY8sB1xWmZkT7": api(own, "GET", f"/{kind}?user={CAROL}").json()[kind][0]["id"]} if kind else {}


def test_there_are_such_pages():
    assert {page.name for page in PAGES} >= {"clients.md", "keys.md", "mfa.md", "oidc.md", "sessions.md", "storage.md", "tokens.md", "users.md"}
    said = {" ".join(word for word in words[:3] if re.fullmatch("[a-z-]+", word)) for page in PAGES for words in commands(page)}
    assert all(any(line.startswith(name) for line in said) for name in PRINTS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_run_one_after_the_other(own, page):
    api(own, "DELETE", f"/users/{CAROL}")
    if page.name != "users.md":
        assert api(own, "POST", "/users", {"email": CAROL, "password": password_of(CAROL)}).status_code == 201
    if page.name == "mfa.md":
        enrol(own)
    for words in commands(page):
        if page.name in ("sessions.md", "tokens.md"):
            sign_in(own)
        if page.name == "storage.md":
            for name, text in zip(("partner.yaml", "change.yaml"), blocks(page, "yaml")[1:], strict=True):
                (own.folder / name).write_text(text)
        real = identifiers(own, page)
        words = [real.get(word, word) for word in words]
        words[words.index("gatehouse.yaml")] = own.file
        done = subprocess.run([paths.GATEHOUSE, *words], capture_output=True, text=True, timeout=30, input=f"{password_of(CAROL)}\n",
                              env=own.gatehouse.environment | {"PARTNER_SECRET": PARTNER_SECRET}, check=False, cwd=own.folder)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        for secret in re.findall(r"(?:token=|^)([\w-]{43})$", done.stdout, re.M):
            LEDGER.add(secret, f"what `{words[0]} {words[1]}` printed")
        name = max((name for name in PRINTS if " ".join(map(str, words)).startswith(name)), key=len)
        assert re.search(PRINTS[name], done.stdout, re.M), f"{words}: {done.stdout}"
