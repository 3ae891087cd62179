"""Sessions that live in their cookies alone: `session.store: cookie` (A2, B1 to B6 and B8 of them)."""
import os
import secrets

import pytest
import yaml

from support import raw
from support.client import Client
from support.html import Page
from support.ports import free_ports
from support.replica import Replica
from support.scripted_provider import ScriptedProvider
from support.stack import COOKIE


@pytest.fixture(scope="module")
def provider():
    provider = ScriptedProvider(free_ports(1)[0], "outside-client", secrets.token_urlsafe(24))
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def sealed(make_stack, provider):
    """A Gatehouse whose sessions are in cookies, with keys that can be changed."""

    def change(configuration):
        configuration["authService"]["session"] = {"store": "cookie"}
        configuration["authService"]["providers"] = [{
            "id": "corp", "issuer": provider.issuer, "clientID": provider.client_id, "clientSecret": {"file": "corp.secret"},
            "scopes": ["openid", "email", "profile"],
        }]
        del configuration["provider"]

    stack = make_stack("cookie-sessions", change, start=False)
    (stack.folder / "corp.secret").write_text(provider.client_secret)
    (stack.folder / "corp.secret").chmod(0o600)
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()


@pytest.fixture(params=["grpc", "http"])
def url(request, sealed):
    return sealed.grpc_url if request.param == "grpc" else sealed.http_url


def signed_in(url: str) -> Client:
    client = Client()
    response = client.follow(client.get(f"{url}/echo/"))
    assert response.status_code == 200, f"{response.status_code} at {response.url}: {response.text[:300]}"
    return client


def parts(client: Client) -> dict[str, str]:
    return {
        cookie.name: cookie.value for cookie in client.session.cookies
        if cookie.name == COOKIE or cookie.name.removeprefix(f"{COOKIE}-").isdigit()}


def ask(url: str, cookies: dict[str, str], accept: str = "application/json") -> raw.RawResponse:
    line = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return raw.request(int(url.rsplit(":", 1)[1]), "/echo/x", [("accept", accept), ("cookie", line)])


def many_groups(count: int) -> list[str]:
    """Names that no compression makes small."""
    return [secrets.token_hex(20) for _ in range(count)]


def test_a_sign_in_stores_nothing(sealed, url):
    before = sealed.all_rows()
    client = signed_in(url)
    for gateway in sealed.gateways:
        seen = client.get(f"{gateway}/echo/").json()["headers"]
        assert seen["kubeflow-userid"] == ["eve@example.org"] and seen["kubeflow-groups"] == ["outside"]
    assert sealed.all_rows() == before
    assert list(parts(client)) == [COOKIE]


def test_nothing_in_the_cookie_can_be_read(url):
    value = parts(signed_in(url))[COOKIE]
    assert "eve" not in value and "." in value


def test_a_long_session_is_split_and_its_rest_removed(sealed, provider, url):
    provider.groups = many_groups(200)
    client = signed_in(url)
    many = parts(client)
    assert len(many) >= 3 and all(len(name) + len(value) < 4096 for name, value in many.items())
    assert ask(url, many).status == 200
    seen = client.get(f"{url}/echo/").json()["headers"]["kubeflow-groups"]
    assert seen == [",".join(provider.groups)]
    provider.groups = ["few"]
    client.follow(client.get(f"{url}/_gatehouse/sign-in?rd=/echo/"))
    assert list(parts(client)) == [COOKIE]
    assert client.get(f"{url}/echo/").json()["headers"]["kubeflow-groups"] == ["few"]


def test_a_session_that_fits_nowhere_is_a_page(sealed, provider, url):
    provider.groups = many_groups(4000)
    client = Client()
    response = client.follow(client.get(f"{url}/echo/"))
    assert response.status_code == 400 and "Reference" in response.text
    assert parts(client) == {}


@pytest.mark.parametrize("how", [
    "bit flipped", "truncated", "longer", "a part missing", "first part missing", "parts swapped", "another count", "fifty copies",
    "100 KB", "of another session"])
def test_a_broken_cookie_signs_nobody_in(sealed, provider, url, how):
    provider.groups = many_groups(200)
    good = parts(signed_in(url))
    first, second = good[COOKIE], good[f"{COOKIE}-1"]
    broken = {
        "bit flipped": good | {COOKIE: first[:100] + ("A" if first[100] != "A" else "B") + first[101:]},
        "truncated": good | {f"{COOKIE}-1": second[:-1]},
        "longer": good | {f"{COOKIE}-1": second + "A"},
        "a part missing": {name: value for name, value in good.items() if name != f"{COOKIE}-1"},
        "first part missing": {name: value for name, value in good.items() if name != COOKIE},
        "parts swapped": good | {COOKIE: second, f"{COOKIE}-1": first},
        "another count": good | {COOKIE: "2" + first[1:]},
        "of another session": good | {COOKIE: parts(signed_in(url))[COOKIE]},
        "fifty copies": {f"{COOKIE}-{number}": first[:900] for number in range(1, 50)} | {COOKIE: first},
        "100 KB": {COOKIE: "1." + "A" * 100_000},
    }[how]
    before = sealed.gatehouse.pid
    with sealed.nothing_reaches_an_application():
        status = ask(url, broken).status
        # Envoy itself refuses headers of 100 KB.
        assert status == 401 or (how == "100 KB" and status in (0, 431))
        if how != "100 KB":
            response = ask(url, broken, accept="text/html")
            assert response.status == 302
            cleared = {line.split("=")[0] for line in response.all("set-cookie") if "max-age=0" in line.lower()}
            assert cleared >= set(broken), "the browser is told to forget every part"
    assert sealed.gatehouse.pid == before


def test_a_cookie_of_another_host_is_worth_nothing(sealed, url):
    cookies = parts(signed_in(url))
    line = "; ".join(f"{name}={value}" for name, value in cookies.items())
    with sealed.nothing_reaches_an_application():
        response = raw.request(
            int(url.rsplit(":", 1)[1]), "/echo/x", [("accept", "application/json"), ("cookie", line)], host="other.example.com")
    assert response.status in (400, 401, 403)


def test_a_planted_cookie_is_replaced(url):
    client = Client()
    client.set_cookie(COOKIE, parts(signed_in(url))[COOKIE])
    planted = client.cookie(COOKIE)
    client.follow(client.get(f"{url}/_gatehouse/sign-in?rd=/echo/"))
    assert client.cookie(COOKIE) not in (None, planted)


def test_a_sign_out_holds_for_every_copy_here_and_at_another_process(sealed, url):
    client = signed_in(url)
    copy = parts(client)
    replica = Replica(sealed)
    replica.start()
    try:
        assert replica.ask(copy[COOKIE]).allowed
        page = client.get(f"{url}/_gatehouse/sign-out")
        client.submit(Page(page.url, page.text).forms[0])
        assert parts(client) == {}
        with sealed.nothing_reaches_an_application():
            for gateway in sealed.gateways:
                assert ask(gateway, copy).status == 401
        replica.program.wait_until(lambda: not replica.ask(copy[COOKIE]).allowed, "revocation", timeout=2)
    finally:
        replica.program.stop()


def test_the_page_of_my_sessions_shows_this_one(url):
    client = signed_in(url)
    page = Page(url, client.get(f"{url}/_gatehouse/sessions").text)
    assert [form.action.split("end=")[1].split("&")[0] == "everywhere" for form in page.forms] == [False, True]
    client.submit(page.forms[0])
    assert client.get(f"{url}/echo/", headers={"accept": "application/json"}).status_code == 401


def test_keys_rotate_without_signing_anybody_out(sealed):
    old = parts(signed_in(sealed.grpc_url))
    (sealed.folder / "new.key").write_text(secrets.token_hex(32))
    os.chmod(sealed.folder / "new.key", 0o600)
    kept = sealed.configuration["authService"]["secrets"]

    def restart(keys: list) -> None:
        sealed.gatehouse.stop()
        sealed.configuration["authService"]["secrets"] = keys
        sealed.file.write_text(yaml.safe_dump(sealed.configuration, sort_keys=False))
        sealed.start_gatehouse()
        for url in sealed.gateways:
            sealed.gatehouse.wait_until(lambda url=url: ask(url, {}).status == 401, "answers through Envoy")

    try:
        restart([{"file": "new.key"}, *kept])
        new = parts(signed_in(sealed.grpc_url))
        for url in sealed.gateways:
            assert ask(url, old).status == 200 and ask(url, new).status == 200
        restart([{"file": "new.key"}])
        with sealed.nothing_reaches_an_application():
            assert [ask(url, old).status for url in sealed.gateways] == [401, 401]
        assert [ask(url, new).status for url in sealed.gateways] == [200, 200]
    finally:
        restart(kept)
