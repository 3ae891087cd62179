"""What one rule has for itself: headers, scopes that have to be granted, and how long a session counts."""
import contextlib
import html
import re
import secrets
import sqlite3
import time
import urllib.parse

import pytest

from support import raw
from support.client import Client, parameters
from support.exchanging_provider import ExchangingProvider
from support.ports import free_ports
from support.stack import COOKIE

PROGRAM = {"accept": "application/json"}


@pytest.fixture(scope="module")
def provider():
    provider = ExchangingProvider(free_ports(1)[0], "outside-client", secrets.token_urlsafe(24))
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def second():
    provider = ExchangingProvider(free_ports(1)[0], "second-client", secrets.token_urlsafe(24))
    yield provider
    provider.stop()


RULES = [
    {"paths": ["/public/*"], "allow": "anyone"},
    {"paths": ["/echo/wiki/*"], "allow": "signedIn", "headers": {
        "X-Wiki-User": "wiki:{sub}", "kubeflow-groups": False, "kubeflow-userid": "name"}},
    {"paths": ["/echo/partners/*"], "allow": "signedIn", "scopes": ["partners", "deals"]},
    {"paths": ["/echo/api/*"], "allow": "signedIn", "scopes": ["partners"], "api": True},
    {"paths": ["/echo/short/*"], "allow": "signedIn", "sessionLifetime": "1h"},
]


def started(make_stack, name: str, providers: list):
    def change(configuration):
        configuration["authService"]["providers"] = [{
            "id": f"corp-{index}", "issuer": provider.issuer, "clientID": provider.client_id,
            "clientSecret": {"file": f"corp-{index}.secret"}, "scopes": ["openid", "email", "offline_access"],
        } for index, provider in enumerate(providers)]
        configuration["authService"]["rules"] = RULES
        del configuration["provider"]

    stack = make_stack(name, change, start=False)
    for index, provider in enumerate(providers):
        (stack.folder / f"corp-{index}.secret").write_text(provider.client_secret)
        (stack.folder / f"corp-{index}.secret").chmod(0o600)
    stack.start()
    return stack


@pytest.fixture(scope="module")
def options(make_stack, provider):
    stack = started(make_stack, "rule-options", [provider])
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def several(make_stack, provider, second):
    stack = started(make_stack, "rule-options-several", [provider, second])
    yield stack
    stack.stop()


@pytest.fixture(autouse=True)
def good_again(provider, second):
    provider.reset()
    second.reset()


@pytest.fixture(params=["grpc", "http"])
def url(request, options) -> str:
    return options.grpc_url if request.param == "grpc" else options.http_url


def signed_in(url: str) -> Client:
    client = Client()
    assert client.follow(client.get(f"{url}/echo/")).status_code == 200
    return client


def seen(response) -> dict:
    assert response.status_code == 200, f"{response.status_code}: {response.text[:300]}"
    got = {name: [value for value in values if value] for name, values in response.json()["headers"].items()}
    return {name: values for name, values in got.items() if values}


def test_each_application_is_told_its_own(url, provider):
    client = signed_in(url)
    for _ in range(2):
        wiki = seen(client.get(f"{url}/echo/wiki/", headers=PROGRAM))
        other = seen(client.get(f"{url}/echo/other", headers=PROGRAM))
        assert wiki["x-wiki-user"] == [f"wiki:{provider.subject}"] and "kubeflow-groups" not in wiki
        assert wiki["kubeflow-userid"] == ["Eve Example"] and wiki["x-auth-request-email"] == ["eve@example.org"]
        assert "x-wiki-user" not in other and other["kubeflow-groups"] == ["outside"]
        assert other["kubeflow-userid"] == ["eve@example.org"]


@pytest.mark.parametrize("name", [
    "x-wiki-user", "X-WIKI-USER", "X_Wiki_User", "x-wiki_user", "kubeflow-groups", "Kubeflow_Groups",
])
@pytest.mark.parametrize("path", ["/echo/wiki/", "/echo/other", "/public/"])
def test_no_client_sends_one_under_any_rule(options, url, name, path):
    cookie = signed_in(url).cookie(COOKIE)
    port = options.ports.grpc_gateway if url == options.grpc_url else options.ports.http_gateway
    response = raw.request(port, path, [
        (name, "forged"), (name, "forged-twice"), ("accept", "application/json"), ("cookie", f"{COOKIE}={cookie}")])
    assert response.status == 200 and b"forged" not in response.body


@pytest.mark.parametrize("granted", ["openid email partners deals", "deals partners", None])
def test_scopes_are_asked_for_and_open_the_page(options, provider, url, granted):
    """None: the reply does not say, and so everything is granted (RFC 6749, section 5.1)."""
    client = signed_in(url)
    if granted is not None:
        provider.token_response = lambda response: response | {"scope": granted}
    before = options.hit_counts()
    response = client.follow(client.get(f"{url}/echo/partners/?keep=1"))
    assert response.status_code == 200 and response.url == f"{url}/echo/partners/?keep=1"
    assert {"partners", "deals"} <= set(provider.asked[-1]["scope"].split())
    assert len(options.new_hits(before)) == 1 and len(provider.asked) == 2
    assert client.get(f"{url}/echo/partners/").status_code == 200 and len(provider.asked) == 2


@pytest.mark.parametrize("granted", ["openid email", "openid partners", "", "openid PARTNERS deals"])
def test_a_provider_that_does_not_grant_them_ends_at_a_page(options, provider, url, granted):
    client = signed_in(url)
    provider.token_response = lambda response: response | {"scope": granted}
    with options.nothing_reaches_an_application():
        response = client.follow(client.get(f"{url}/echo/partners/"))
    assert response.status_code == 403 and "partners, deals" in response.text and "eference" in response.text
    assert len(provider.asked) == 2, "asked once, and not again"
    assert client.get(f"{url}/").status_code == 200, "the session that there was goes on"


def test_nobody_gets_in_who_was_never_granted_them(options, provider, url):
    provider.token_response = lambda response: response | {"scope": "openid"}
    client = Client()
    with options.nothing_reaches_an_application():
        response = client.follow(client.get(f"{url}/echo/partners/"))
    assert response.status_code == 403 and len(provider.asked) == 1 and client.cookie(COOKIE) is None


def test_programs_are_told_which_are_missing(options, url):
    client = signed_in(url)
    with options.nothing_reaches_an_application():
        response = client.get(f"{url}/echo/api/", headers=PROGRAM)
    assert response.status_code == 403 and response.json()["error"] == "insufficient_scope"
    assert 'error="insufficient_scope"' in response.headers["www-authenticate"]
    assert 'scope="partners"' in response.headers["www-authenticate"]
    assert parameters(response.json()["sign_in"])["scope"] == ["partners"]


def test_the_sign_in_page_asks_for_what_rules_name_only(provider, url):
    client = Client()
    client.follow(client.get(f"{url}/_gatehouse/sign-in?rd=/&scope=admin%20partners"))
    assert "partners" in provider.asked[-1]["scope"].split() and "admin" not in provider.asked[-1]["scope"].split()


def test_the_page_on_which_people_choose_keeps_them(several, second):
    """The demand goes through the browser there: the way back still ends at the page."""
    client = Client()
    page = client.follow(client.get(f"{several.grpc_url}/echo/partners/"))
    assert page.status_code == 200
    link = html.unescape(re.search(r'href="([^"]*provider=corp-1[^"]*)"', page.text).group(1))
    response = client.follow(client.get(urllib.parse.urljoin(page.url, link)))
    assert response.status_code == 200 and response.url == f"{several.grpc_url}/echo/partners/"
    assert {"partners", "deals"} <= set(second.asked[-1]["scope"].split()) and len(second.asked) == 1


def test_a_renewal_that_grants_less_counts(options, provider, url):
    provider.gives_refresh_tokens()
    client = Client()
    assert client.follow(client.get(f"{url}/echo/partners/")).status_code == 200
    give = provider.token_response
    provider.token_response = lambda response: give(response) | {"scope": "openid partners"}
    change(options, f"refresh_due_at = {int(time.time()) - 1}")
    client.get(f"{url}/echo/", headers=PROGRAM)
    deadline = time.monotonic() + 10
    while client.get(f"{url}/echo/partners/").status_code == 200:
        assert time.monotonic() < deadline, "the page is still open"
        time.sleep(0.1)
    with options.nothing_reaches_an_application():
        response = client.get(f"{url}/echo/partners/")
    assert response.status_code == 302 and "deals" in parameters(response.headers["location"])["scope"][0]


def change(stack, assignment: str) -> None:
    """Changes the sessions in the store, and has the process read them again."""
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db", timeout=10)) as database:
        database.execute(f"update sessions set {assignment}")
        database.execute("insert into session_changes (key) select key from sessions")
        database.commit()
    time.sleep(1.2)


def test_a_session_that_is_too_old_for_a_rule_signs_in_anew(options, provider, url):
    client = signed_in(url)
    old = client.cookie(COOKIE)
    assert client.get(f"{url}/echo/short/").status_code == 200
    change(options, "created_at = created_at - 3601")
    assert client.get(f"{url}/echo/other").status_code == 200, "it is over for this rule alone"
    with options.nothing_reaches_an_application():
        away = client.get(f"{url}/echo/short/?keep=1")
        assert away.status_code == 302
        assert client.get(f"{url}/echo/short/", headers=PROGRAM).status_code == 401
    response = client.follow(away)
    assert response.status_code == 200 and response.url == f"{url}/echo/short/?keep=1"
    assert client.cookie(COOKIE) != old and len(provider.asked) == 2


def test_sessions_from_before_the_upgrade_ask_once_more(options, provider, url):
    """Nobody knows what was granted to them."""
    client = Client()
    assert client.follow(client.get(f"{url}/echo/partners/")).status_code == 200
    change(options, "granted_scopes = NULL")
    with options.nothing_reaches_an_application():
        away = client.get(f"{url}/echo/partners/")
    assert away.status_code == 302
    assert client.follow(away).status_code == 200 and len(provider.asked) == 2
