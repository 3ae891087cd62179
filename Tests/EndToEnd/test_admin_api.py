"""The administration's API: by hand, as its documentation shows it, and all that its description allows and forbids."""
import json
import re
import secrets
import subprocess
import sys

import pytest
import requests

from support import jws, paths
from support.client import Client
from support.code_flow import code_for, exchange, refresh, userinfo
from support.ledger import LEDGER
from support.provider_clients import audit_lines
from support.stack import IDENTITY_HEADERS

DOCUMENT = paths.ROOT / "Sources/gatehouse/Serving/Admin/openapi.json"
PAGE = paths.ROOT / "docs/admin-api.md"
TOKEN = LEDGER.add(secrets.token_hex(24), "admin token")


def change(configuration):
    configuration["provider"]["storedUsers"] = {}
    configuration["provider"]["storedClients"] = True
    configuration["provider"]["storedConnectors"] = True
    configuration["provider"]["passwords"] = {"bcryptCost": 8}
    configuration["authService"]["personalTokens"] = {}


@pytest.fixture(scope="module")
def own(make_stack):
    """A stack of these tests' own: no admin token, as the listener is on loopback."""
    stack = make_stack("admin-api", change)
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def described(make_stack):
    """One whose administration wants a token, for what others send."""
    stack = make_stack("admin-api-described", change, start=False)
    stack.configuration["listen"]["adminToken"] = {"env": "ADMIN_TOKEN"}
    stack.further_environment["ADMIN_TOKEN"] = TOKEN
    stack.write()
    stack.start_gatehouse()
    yield stack
    stack.stop()


def api(stack, method: str, path: str, body=None, **options) -> requests.Response:
    response = requests.request(method, f"http://127.0.0.1:{stack.ports.admin}{path}", json=body, timeout=20, **options)
    assert response.headers["content-type"] == "application/json"
    content = response.json()
    if "secret" in content:
        LEDGER.add(content["secret"], "client secret")
    if "invitation" in content:
        LEDGER.add(content["invitation"]["url"].partition("token=")[2], "invitation")
    return response


# What others make of its description.

def test_the_description_is_the_one_in_the_sources(own):
    answer = api(own, "GET", "/openapi.json")
    assert answer.json() == json.loads(DOCUMENT.read_text()) and answer.json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("arguments", [["--phases", "examples,coverage"], ["--phases", "fuzzing,stateful", "--max-examples", "15"]], ids=["coverage", "fuzzing"])
def test_schemathesis_finds_no_way_out_of_the_description(described, artifacts, arguments):
    process = described.gatehouse.pid
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{described.ports.admin}/openapi.json",
         "-H", f"Authorization: Bearer {TOKEN}", "--exclude-checks", "positive_data_acceptance", "--seed", "1", "--no-color",
         "--suppress-health-check", "all", "--warnings", "off", "--request-timeout", "10", *arguments],
        capture_output=True, text=True, timeout=600, cwd=described.folder, check=False)
    (artifacts / "logs" / f"schemathesis-{arguments[1].split(',')[0]}.log").write_text(done.stdout.replace(TOKEN, "TOKEN"))
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert described.gatehouse.running and described.gatehouse.pid == process
    assert described.health("readyz") == 200


def test_the_examples_of_the_documentation_run(own):
    text = "".join(re.findall(r"^```\n(.*?)^```$", PAGE.read_text(), re.S | re.M)).replace("127.0.0.1:9003", f"127.0.0.1:{own.ports.admin}")
    assert text.count("curl ") == 6
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text.replace("curl ", "curl -sf ")], capture_output=True, text=True, timeout=30,
        env={"PATH": "/usr/bin:/bin", "ADMIN_TOKEN": "none-is-asked-for"}, check=False)
    assert done.returncode == 0, done.stderr
    LEDGER.add(re.search(r"token=([^\"]+)", done.stdout)[1], "invitation")
    LEDGER.add(re.search(r'"secret":"([^"]+)"', done.stdout)[1], "client secret")
    assert '"skip_consent":true' in done.stdout
    assert '"state":"disabled"' in done.stdout and '"revoked":0' in done.stdout
    for made in ("users/carol@example.com", "clients/notes"):
        assert api(own, "DELETE", f"/api/{made}").status_code == 200


def test_every_path_of_the_documentation_is_in_the_description():
    described = set(json.loads(DOCUMENT.read_text())["paths"])
    table = "".join(line for line in PAGE.read_text().splitlines(keepends=True) if line.startswith("|"))
    named = set(re.findall(r"(/api/[a-z/{}-]+)[ `]", table))
    assert {path for path in described if path.startswith("/api/")} == named


# Users.

def test_a_user_from_beginning_to_end(own):
    made = api(own, "POST", "/api/users", {"email": "Dana@example.com", "username": "dana", "name": "Dana", "groups": ["a"]})
    assert made.status_code == 201 and made.json()["user"]["state"] == "invited" and made.json()["invitation"]["url"]
    identifier = made.json()["user"]["id"]
    for name in (identifier, "dana@example.com", "dana"):
        assert api(own, "GET", f"/api/users/{name}").json()["user"]["id"] == identifier
    changed = api(own, "PATCH", f"/api/users/{identifier}", {"name": "Dana D.", "groups": [], "email": "dd@example.com"}).json()["user"]
    assert (changed["name"], changed["groups"], changed["email"], changed["username"]) == ("Dana D.", [], "dd@example.com", "dana")
    assert changed["subject"] == made.json()["user"]["subject"]
    assert audit_lines(own, event="user_changed", email="dd@example.com")
    assert api(own, "POST", f"/api/users/{identifier}/invitation").status_code == 201
    assert api(own, "DELETE", f"/api/users/{identifier}").status_code == 200
    assert api(own, "GET", f"/api/users/{identifier}").status_code == 404


@pytest.mark.parametrize("method, path, body, status, says", [
    ("POST", "/api/users", {"name": "x"}, 400, "`email` is missing"), ("POST", "/api/users", {"email": 1}, 400, "not a text"),
    ("POST", "/api/users", {"email": "a@b.c", "admin": True}, 400, "`admin` is not known"),
    ("POST", "/api/users", {"email": "a@b.c", "groups": "a"}, 400, "not a list"),
    ("POST", "/api/users", {"email": "a@b.c", "groups": ["a,b"]}, 400, "commas"),
    ("POST", "/api/users", {"email": "a\n@b.c"}, 400, "address"), ("POST", "/api/users", {"email": "a@b@c"}, 400, "address"),
    ("POST", "/api/users", {"email": "a@b.c", "password": "short"}, 400, "8 characters"),
    ("POST", "/api/users", {"email": "bob@example.com"}, 409, "configuration"), ("POST", "/api/users", ["a"], 400, "JSON object"),
    ("PATCH", "/api/users/bob@example.com", {"disabled": True}, 409, "configuration"),
    ("PATCH", "/api/users/nobody", {"disabled": True}, 404, "no such user"), ("DELETE", "/api/users/nobody", None, 404, "no such user"),
    ("GET", "/api/users/", None, 400, "path"), ("GET", "/api/users/a/b/c", None, 404, "no such thing"), ("PUT", "/api/users", {}, 405, "GET, POST"),
    ("GET", "/api/users?limit=0", None, 400, "limit"), ("GET", "/api/users?limit=x", None, 400, "limit"),
    ("GET", "/api/users?limit=99999999999999999999", None, 400, "limit"), ("GET", "/api/users?x=y", None, 400, "`x`"),
    ("GET", "/api/users?limit=1&limit=2", None, 400, "query"), ("GET", "/api/users/%ff", None, 400, "path"),
    ("POST", "/api/grants/revoke", None, 400, "say whose"), ("DELETE", "/api/grants/none", None, 404, "no such grant"),
    ("GET", "/api/clients/none", None, 404, "no such client"), ("PUT", "/api/connectors", None, 405, "GET, POST"),
    ("GET", "/api/nothing", None, 404, "no such thing"),
])
def test_what_is_refused_is_said(own, method, path, body, status, says):
    with own.nothing_comes_of_it():
        answer = api(own, method, path, body)
    assert answer.status_code == status and says in answer.json()["error"], answer.text
    if status == 405:
        assert answer.headers["allow"]


def test_bodies_that_are_too_large_or_no_json_are_refused(own):
    with own.nothing_comes_of_it():
        for body, status in [(b"x" * 70_000, 413), (b"{", 400), (b'{"email":"a@b.c","email":"d@e.f"}', 400), (b"", 400), (b"\xff", 400)]:
            assert requests.post(f"http://127.0.0.1:{own.ports.admin}/api/users", data=body, timeout=20).status_code == status


def test_users_come_in_pages(own):
    names = [f"page-{index}@example.com" for index in range(5)]
    for name in names:
        assert api(own, "POST", "/api/users", {"email": name}).status_code == 201
    seen, after, pages = [], None, 0
    while True:
        content = api(own, "GET", f"/api/users?limit=2{f'&after={after}' if after else ''}").json()
        seen += [user["email"] for user in content["users"] if user["source"] == "storage"]
        pages += 1
        after = content.get("next")
        if not after:
            break
    assert [name for name in seen if name.startswith("page-")] == names and pages == 3
    for name in names:
        api(own, "DELETE", f"/api/users/{name}")


# The rest.

def test_clients_and_connectors_are_listed_without_their_secrets(own):
    clients = api(own, "GET", "/api/clients")
    assert {client["id"] for client in clients.json()["clients"]} == {"gatehouse", "app", "other"}
    app = api(own, "GET", "/api/clients/app").json()["client"]
    assert app["secrets"] == 1 and app["redirect_uris"] == [own.apps_account.redirect_uri]
    assert own.apps_account.secret not in clients.text
    assert api(own, "GET", "/api/connectors").json()["connectors"] == [
        {"id": "local", "type": "local", "name": "Local users", "source": "configuration"}]


def test_grants_are_listed_and_ended(own):
    app, other = own.apps_account, own.other_account
    tokens = [exchange(own, account, code_for(own, account)).json() for account in (app, app, other)]
    listed = api(own, "GET", "/api/grants?user=bob@example.com").json()["grants"]
    assert {grant["client"] for grant in listed} == {"app", "other"} and all(grant["refresh_token"] for grant in listed)
    assert not any(token["refresh_token"] in json.dumps(listed) for token in tokens)
    subject = jws.claims_of(tokens[0]["id_token"])["sub"]
    assert len(api(own, "GET", f"/api/grants?user={subject}&client=app").json()["grants"]) == 2
    assert api(own, "GET", "/api/grants?user=admin@example.com").json()["grants"] == []
    others = next(grant["id"] for grant in listed if grant["client"] == "other")
    assert api(own, "DELETE", f"/api/grants/{others}").json() == {"revoked": 1}
    assert refresh(own, other, tokens[2]["refresh_token"]).status_code == 400
    assert userinfo(own, tokens[2]["access_token"]).status_code == 401
    assert api(own, "POST", "/api/grants/revoke?user=bob@example.com&client=app").json() == {"revoked": 2}
    assert audit_lines(own, event="revocation", client="app", reason="an administrator ended a grant")
    assert all(refresh(own, app, token["refresh_token"]).status_code == 400 for token in tokens[:2])


@pytest.mark.parametrize("path", ["/api/users", "/api/clients", "/api/connectors", "/api/grants", "/api/keys", "/api/sessions"])
@pytest.mark.parametrize("headers, status", [
    ({}, 401), ({"authorization": "Bearer wrong"}, 401), ({"authorization": f"Bearer {TOKEN}", "origin": "http://127.0.0.1"}, 403),
    ({"authorization": f"Bearer {TOKEN}", "sec-fetch-site": "same-origin"}, 403), ({"authorization": f"Bearer {TOKEN}"}, 200),
])
def test_who_may_ask(described, path, headers, status):
    assert api(described, "GET", path, headers=headers).status_code == status


def test_a_page_that_rebinds_a_name_gets_nothing(own):
    assert api(own, "POST", "/api/users", {"email": "evil@example.com"}, headers={"host": "evil.example"}).status_code == 403


def test_the_administration_is_not_on_the_other_listeners(own):
    for url in (own.grpc_url, f"http://127.0.0.1:{own.ports.web}"):
        answer = Client().get(f"{url}/api/users", headers={"accept": "application/json"})
        assert answer.status_code in (401, 404) and not any(name in answer.headers for name in IDENTITY_HEADERS)
