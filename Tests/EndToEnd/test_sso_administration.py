"""Administrators and the provider's sessions: listing and ending them, and setting a user's password."""
import json
import secrets
import subprocess

import pytest
import requests

from support import jws, paths
from support.client import Client
from support.code_flow import CHALLENGE, SCOPE, code_for, exchange, refresh
from support.ledger import LEDGER
from support.provider_clients import audit_lines
from support.stack import ClientAccount

CALLBACK = "http://127.0.0.1:5559/callback"


def change(configuration):
    configuration["provider"]["storedUsers"] = {}
    configuration["provider"]["passwords"] = {"bcryptCost": 8}


@pytest.fixture(scope="module")
def own(make_stack):
    stack = make_stack("sso-administration", change)
    yield stack
    stack.stop()


def api(stack, method: str, path: str, body=None) -> requests.Response:
    return requests.request(method, f"http://127.0.0.1:{stack.ports.admin}/api{path}", json=body, timeout=20)


def signed_in(stack, browser: Client, email: str = "bob@example.com") -> tuple[ClientAccount, dict]:
    tokens = exchange(stack, stack.apps_account, code_for(stack, stack.apps_account, email, browser=browser)).json()
    return stack.apps_account, tokens


def test_sessions_are_listed_and_ended(own):
    browsers = [Client(), Client()]
    account, first = signed_in(own, browsers[0])
    _, second = signed_in(own, browsers[1])
    _, other = signed_in(own, Client(), "admin@example.com")
    sids = [jws.claims_of(tokens["id_token"])["sid"] for tokens in (first, second, other)]
    listed = {entry["id"]: entry for entry in api(own, "GET", "/sso-sessions").json()["sso-sessions"]}
    assert set(sids) <= set(listed)
    entry = listed[sids[0]]
    assert entry["email"] == "bob@example.com" and entry["connector"] == "local" and account.id in entry["clients"]
    assert entry["subject"] == jws.claims_of(first["id_token"])["sub"]
    of_bob = api(own, "GET", "/sso-sessions?user=bob@example.com").json()["sso-sessions"]
    assert {entry["id"] for entry in of_bob} >= set(sids[:2]) and all(entry["email"] == "bob@example.com" for entry in of_bob)
    assert len(api(own, "GET", "/sso-sessions?limit=1").json()["sso-sessions"]) == 1
    # One browser: its tokens end, the other's go on.
    assert api(own, "DELETE", f"/sso-sessions/{sids[0]}").json() == {"revoked": 1}
    assert refresh(own, account, first["refresh_token"]).json()["error"] == "invalid_grant"
    assert refresh(own, account, second["refresh_token"]).status_code == 200
    assert audit_lines(own, event="sign_out", reason="an administrator ended the session", email="bob@example.com")
    assert api(own, "DELETE", f"/sso-sessions/{sids[0]}").status_code == 404
    page = browsers[0].get(f"{own.issuer}/auth", params={
        "client_id": account.id, "redirect_uri": account.redirect_uri, "response_type": "code", "scope": SCOPE, "prompt": "none"})
    assert "login_required" in page.headers["location"]
    # One person, everywhere.
    assert api(own, "POST", "/sso-sessions/revoke?user=bob@example.com").json()["revoked"] >= 1
    assert api(own, "GET", "/sso-sessions?user=bob@example.com").json()["sso-sessions"] == []
    assert refresh(own, account, other["refresh_token"]).status_code == 200


@pytest.mark.parametrize("method, path, status, says", [
    ("POST", "/sso-sessions/revoke", 400, "say whose"), ("DELETE", "/sso-sessions/none", 404, "no such session"),
    ("POST", "/sso-sessions", 405, "GET"), ("GET", "/sso-sessions/x", 405, "DELETE"), ("GET", "/sso-sessions/revoke", 405, "POST"),
    ("GET", "/sso-sessions?limit=0", 400, "limit"), ("GET", "/sso-sessions?x=1", 400, "`x`"), ("GET", "/sso-sessions?user=", 400, "empty"),
    ("GET", "/sso-sessions/a/b", 404, "no such thing"), ("POST", "/users/bob@example.com/password", 409, "configuration"),
    ("GET", "/users/bob@example.com/password", 405, "POST"),
])
def test_what_is_refused_is_said(own, method, path, status, says):
    answer = api(own, method, path)
    assert answer.status_code == status and says in answer.json()["error"], answer.text


def gatehouse(stack, *arguments, text: str | None = None) -> subprocess.CompletedProcess:
    return subprocess.run([paths.GATEHOUSE, *arguments, "--config", stack.file], capture_output=True, text=True, timeout=20, input=text,
                          env=stack.gatehouse.environment, check=False)


def test_the_commands(own):
    _, tokens = signed_in(own, Client(), "admin@example.com")
    sid = jws.claims_of(tokens["id_token"])["sid"]
    assert sid in gatehouse(own, "sso-sessions", "list", "--user", "admin@example.com").stdout
    assert json.loads(gatehouse(own, "sso-sessions", "list", "--json").stdout)["sso-sessions"]
    assert gatehouse(own, "sso-sessions", "revoke", sid).stdout == "1 session ended\n"
    assert gatehouse(own, "sso-sessions", "revoke", sid).returncode == 1
    assert gatehouse(own, "sso-sessions", "revoke", "--user", "nobody").returncode == 1
    assert gatehouse(own, "sso-sessions", "revoke").returncode == 2


def grants(stack, *arguments) -> dict[str, dict]:
    done = gatehouse(stack, "grants", "list", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return {entry["session"]: entry for entry in json.loads(done.stdout)["grants"]}


def test_the_commands_for_grants(own):
    """One by its id, then a user's at a client, then all of a client: the refresh tokens of those are good for nothing any more."""
    account, first = signed_in(own, Client())
    _, second = signed_in(own, Client())
    _, other = signed_in(own, Client(), "admin@example.com")
    sids = [jws.claims_of(tokens["id_token"])["sid"] for tokens in (first, second, other)]
    assert set(sids) <= set(grants(own)) and sids[2] not in grants(own, "--user", "bob@example.com")
    entry = grants(own, "--user", "bob@example.com", "--client", account.id)[sids[0]]
    assert entry["client"] == account.id and entry["refresh_token"] is True and grants(own, "--client", "nobody") == {}
    lines = gatehouse(own, "grants", "list", "--user", "bob@example.com").stdout.splitlines()
    assert lines[0].split("\t")[:3] == ["id", "client", "email"]
    assert [entry["id"], account.id, "bob@example.com", "true"] == [next(
        line for line in lines if line.startswith(entry["id"])).split("\t")[column] for column in (0, 1, 2, 6)]
    assert gatehouse(own, "grants", "revoke", entry["id"]).stdout == "1 grant ended\n"
    assert refresh(own, account, first["refresh_token"]).json()["error"] == "invalid_grant"
    assert refresh(own, account, second["refresh_token"]).status_code == 200
    assert json.loads(gatehouse(own, "grants", "revoke", "--user", "bob@example.com", "--client", account.id, "--json").stdout)["revoked"] >= 1
    assert refresh(own, account, second["refresh_token"]).json()["error"] == "invalid_grant"
    assert refresh(own, account, other["refresh_token"]).status_code == 200
    assert gatehouse(own, "grants", "revoke", "--client", account.id).returncode == 0
    assert refresh(own, account, other["refresh_token"]).json()["error"] == "invalid_grant"
    assert audit_lines(own, event="revocation", reason="an administrator ended a grant", email="bob@example.com")


@pytest.mark.parametrize("arguments, code, says", [
    (["revoke"], 2, "say which grants"), (["revoke", "x", "--user", "y"], 2, "say which grants"),
    (["revoke", "none"], 1, "no such grant"), (["revoke", "--user", "nobody"], 1, "0 grants ended"),
])
def test_grants_that_are_not_there(own, arguments, code, says):
    done = gatehouse(own, "grants", *arguments)
    assert done.returncode == code and says in done.stdout + done.stderr


def sign_in(stack, email: str, password: str) -> bool:
    """Whether the login page takes the password."""
    account = stack.apps_account
    browser = Client()
    url = requests.Request("GET", f"{stack.issuer}/auth", params={
        "client_id": account.id, "redirect_uri": account.redirect_uri, "response_type": "code", "scope": SCOPE, "code_challenge": CHALLENGE,
        "code_challenge_method": "S256"}).prepare().url
    response = browser.sign_in(url, email, password, until=lambda target: target.startswith(account.redirect_uri))
    return "location" in response.headers


def test_an_administrator_sets_a_password(own):
    first, second = (LEDGER.add(secrets.token_urlsafe(12), "password") for _ in range(2))
    made = api(own, "POST", "/users", {"email": "fred@example.com", "password": first})
    assert made.status_code == 201
    link = api(own, "POST", "/users/fred@example.com/invitation").json()["invitation"]["url"]
    LEDGER.add(link.partition("token=")[2], "invitation")
    assert sign_in(own, "fred@example.com", first)
    assert api(own, "GET", "/sso-sessions?user=fred@example.com").json()["sso-sessions"]
    done = gatehouse(own, "users", "password", "fred@example.com", text=f"{second}\n")
    assert done.returncode == 0 and done.stdout == "changed\n", done.stderr
    assert api(own, "GET", "/sso-sessions?user=fred@example.com").json()["sso-sessions"] == []
    assert not sign_in(own, "fred@example.com", first) and sign_in(own, "fred@example.com", second)
    assert Client().get(link).status_code != 200, "the link is good for nothing any more"
    assert audit_lines(own, event="user_changed", email="fred@example.com", reason="given another password")
    refused = gatehouse(own, "users", "password", "fred@example.com", text="short\n")
    assert refused.returncode == 1 and "8 characters" in refused.stderr
    assert api(own, "POST", "/users/fred@example.com/password", {}).status_code == 400
    assert sign_in(own, "fred@example.com", second)
