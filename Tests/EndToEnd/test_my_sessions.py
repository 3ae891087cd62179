"""The page of one's own sessions, and the administrators' way to them: list, show, revoke (A9, A10, A11)."""
import hashlib
import json
import re
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from support import paths, raw
from support.client import NAVIGATION, Client
from support.html import Page
from support.replica import Replica
from support.stack import COOKIE, password_of

SECRET_TOKEN = "an-admin-token-of-32-characters!"


@pytest.fixture(scope="module")
def own(make_stack):
    """A stack of these tests' own: others sign in at the shared one at the same time."""
    stack = make_stack("my-sessions")
    yield stack
    stack.stop()


@pytest.fixture(autouse=True)
def no_sessions(own):
    command(own, "revoke", "--all")


def command(stack, *arguments: str, environment=None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "sessions", *arguments, "--config", stack.file], capture_output=True, text=True, timeout=30,
        env=environment or stack.gatehouse.environment)


def listed(stack, *arguments: str) -> list[dict]:
    result = command(stack, "list", "--json", *arguments)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["sessions"]


def api(stack, method: str, path: str, headers: dict | None = None) -> tuple[int, dict]:
    request = urllib.request.Request(f"http://127.0.0.1:{stack.ports.admin}{path}", method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def is_in(client: Client, url: str) -> bool:
    status = client.get(f"{url}/echo/", headers={"accept": "application/json"}).status_code
    assert status in (200, 401)
    return status == 200


def page_of(client: Client, url: str) -> Page:
    response = client.get(f"{url}/_gatehouse/sessions")
    assert response.status_code == 200, f"{response.status_code}: {response.text[:300]}"
    assert "no-store" in response.headers["cache-control"]
    return Page(response.url, response.text)


def form_for(page: Page, what: str):
    return next(form for form in page.forms if f"end={what}" in form.action)


@pytest.fixture(params=["grpc", "http"])
def url(request, own):
    return own.grpc_url if request.param == "grpc" else own.http_url


def test_the_page_shows_where_one_is_signed_in(own, url):
    first, second = own.signed_in("bob@example.com", url), own.signed_in("bob@example.com", url)
    own.signed_in("admin@example.com", url)
    page = page_of(second, url)
    assert len(page.forms) == 4, "two sessions, all others, everywhere"
    assert page.text.count("This session") == 1 and "bob@example.com" in page.text and "local" in page.text
    assert page.inline_scripts == 0
    assert first.cookie(COOKIE) not in page.source and second.cookie(COOKIE) not in page.source


def test_one_session_is_ended_and_the_others_go_on(own, url):
    lost, kept = own.signed_in("bob@example.com", url), own.signed_in("bob@example.com", url)
    assert is_in(lost, url)
    identifier = hashlib.sha256(lost.cookie(COOKIE).encode()).hexdigest()[:16]
    answer = kept.submit(form_for(page_of(kept, url), identifier))
    assert answer.status_code == 303 and answer.headers["location"].endswith("/_gatehouse/sessions")
    with own.nothing_reaches_an_application():
        assert [is_in(lost, gateway) for gateway in own.gateways] == [False, False]
    assert is_in(kept, url)


def test_all_others_are_ended(own, url):
    others = [own.signed_in("bob@example.com", url) for _ in range(3)]
    admin, kept = own.signed_in("admin@example.com", url), own.signed_in("bob@example.com", url)
    assert all(is_in(client, url) for client in others)
    kept.submit(form_for(page_of(kept, url), "others"))
    with own.nothing_reaches_an_application():
        assert not any(is_in(client, url) for client in others)
    assert is_in(kept, url) and is_in(admin, url)
    assert '"revocation"' in own.gatehouse.text()


def test_sign_out_everywhere_ends_this_one_too(own, url):
    other, here = own.signed_in("bob@example.com", url), own.signed_in("bob@example.com", url)
    here.follow(here.submit(form_for(page_of(here, url), "everywhere")))
    assert here.cookie(COOKIE) is None
    with own.nothing_reaches_an_application():
        assert not is_in(other, url) and not is_in(here, url)
    response, _ = here.open_login(f"{url}/")
    assert 'name="password"' in response.text, "the provider's session is over as well"


@pytest.mark.parametrize("how", ["get", "cross-site", "no confirmation", "another's confirmation", "another's session"])
def test_nobody_else_can_end_a_session(own, url, how):
    victim, attacker = own.signed_in("bob@example.com", url), own.signed_in("admin@example.com", url)
    form = form_for(page_of(victim, url), "everywhere")
    if how == "get":
        victim.get(form.action)
    elif how == "cross-site":
        victim.post(form.action, headers=NAVIGATION | {"sec-fetch-site": "cross-site", "origin": "https://evil.example"})
    elif how == "no confirmation":
        victim.post(form.action.split("&confirm=")[0], headers=NAVIGATION)
    elif how == "another's confirmation":
        victim.post(form_for(page_of(attacker, url), "everywhere").action, headers=NAVIGATION)
    else:
        identifier = listed(own, "--user", "bob@example.com")[0]["id"]
        action = form_for(page_of(attacker, url), "everywhere").action.replace("everywhere", identifier)
        attacker.post(action, headers=NAVIGATION)
    assert is_in(victim, url)


def test_who_is_not_signed_in_is_asked_to(own, url, client):
    answer = client.get(f"{url}/_gatehouse/sessions")
    assert answer.status_code == 302 and "/_gatehouse/sign-in?rd=" in answer.headers["location"]
    assert client.get(f"{url}/_gatehouse/sessions", headers={"accept": "application/json"}).status_code == 401


def test_the_command_lists_and_shows(own):
    bob = own.signed_in("bob@example.com")
    own.signed_in("admin@example.com")
    assert sorted(entry["email"] for entry in listed(own)) == ["admin@example.com", "bob@example.com"]
    entry = listed(own, "--user", "bob@example.com")[0]
    assert re.match(r"[0-9a-f.:]+$", entry["address"]) and entry["provider"] == "local" and re.match(r"\d{4}-.*Z$", entry["created_at"])
    shown = command(own, "show", entry["id"], "--json")
    assert json.loads(shown.stdout)["subject"] == entry["subject"]
    text = command(own, "list").stdout
    assert "bob@example.com" in text and bob.cookie(COOKIE) not in text
    missing = command(own, "show", "0123456789abcdef")
    assert missing.returncode == 1 and "no such session" in missing.stderr


@pytest.mark.parametrize("by", ["id", "user", "all"])
def test_the_command_revokes_at_once(own, by):
    client = own.signed_in("bob@example.com")
    assert all(is_in(client, gateway) for gateway in own.gateways), "it is in the cache"
    arguments = {"id": [listed(own)[0]["id"]], "user": ["--user", "bob@example.com"], "all": ["--all"]}[by]
    result = command(own, "revoke", *arguments)
    assert result.returncode == 0 and result.stdout == "1 session ended\n", result.stderr
    with own.nothing_reaches_an_application():
        assert [is_in(client, gateway) for gateway in own.gateways] == [False, False]


def test_revoking_what_is_not_there_says_so(own):
    assert command(own, "revoke", "--user", "nobody@example.com").returncode == 1
    assert command(own, "revoke").returncode == 2
    assert command(own, "revoke", "--user", "x", "--all").returncode == 2


def test_a_revocation_holds_on_another_process_within_a_second(own):
    client = own.signed_in("bob@example.com")
    replica = Replica(own)
    replica.start()
    try:
        assert replica.ask(client.cookie(COOKIE)).allowed
        command(own, "revoke", "--user", "bob@example.com")
        time.sleep(1)
        answer = replica.ask(client.cookie(COOKIE))
        assert not answer.allowed and answer.http_status == 401
    finally:
        replica.program.stop()


@pytest.mark.parametrize("headers", [
    {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"host": "evil.example"}, {"host": "evil.example:9003"},
], ids=["origin", "fetch", "host", "host and port"])
def test_browsers_cannot_use_the_administration(own, headers):
    client = own.signed_in("bob@example.com")
    assert api(own, "GET", "/api/sessions", headers)[0] == 403
    assert api(own, "POST", "/api/sessions/revoke?all=true", headers)[0] == 403
    assert is_in(client, own.grpc_url)


def test_the_administration_is_not_behind_the_gateway(own, url, client):
    port = int(url.rsplit(":", 1)[1])
    assert raw.request(port, "/api/sessions", [("accept", "application/json")]).status == 401
    assert raw.request(own.ports.web, "/api/sessions", []).status == 404


@pytest.fixture(scope="module")
def guarded(make_stack):
    """Its administration asks for a token."""
    stack = make_stack("admin-token", lambda configuration: configuration["listen"].update(
        adminToken={"env": "ADMIN_TOKEN"}), start=False)
    stack.write()
    stack.gatehouse.environment["ADMIN_TOKEN"] = SECRET_TOKEN
    stack.start_gatehouse()
    yield stack
    stack.stop()


@pytest.mark.parametrize("value", [None, "Bearer wrong", f"Basic {SECRET_TOKEN}", SECRET_TOKEN, f"Bearer {SECRET_TOKEN}x"])
def test_without_the_token_nothing_is_told(guarded, value):
    status, content = api(guarded, "GET", "/api/sessions", {"authorization": value} if value else {})
    assert status == 401 and "sessions" not in content


def test_with_the_token_the_command_works(guarded):
    assert api(guarded, "GET", "/api/sessions", {"authorization": f"Bearer {SECRET_TOKEN}"})[0] == 200
    assert command(guarded, "list", "--json").returncode == 0
    assert guarded.health("livez") == 200, "health needs no token"


@pytest.fixture(scope="module")
def limited(make_stack):
    def change(configuration):
        configuration["authService"]["session"] = {"limitPerUser": 2, "remember": False}

    stack = make_stack("session-limit", change)
    yield stack
    stack.stop()


def test_with_one_session_too_many_the_oldest_ends(limited):
    clients = []
    for _ in range(3):
        clients.append(limited.signed_in("bob@example.com"))
        time.sleep(1.1)  # sessions begun in the same second are of one age
    other = limited.signed_in("admin@example.com")
    for url in limited.gateways:
        assert [is_in(client, url) for client in clients] == [False, True, True]
        assert is_in(other, url)


def test_a_browser_that_is_closed_forgets_a_session_that_is_not_remembered(limited, own):
    def attributes(stack) -> str:
        client = Client()
        response = client.sign_in(
            f"{stack.grpc_url}/echo/", "admin@example.com", password_of("admin@example.com"),
            until=lambda target: target.endswith("/echo/"))
        return next(line for line in response.raw.headers.getlist("set-cookie") if line.startswith(f"{COOKIE}=")).lower()

    assert "max-age" not in attributes(limited) and "expires" not in attributes(limited)
    assert "max-age=604800" in attributes(own)
