"""What ends sessions that live in their cookies from elsewhere: notices, all devices, administrators (A9, C1, C3)."""
import json
import secrets
import subprocess
import urllib.parse

import pytest
import requests

from support import paths
from support.client import NAVIGATION, Client
from support.fixtures import both_gateways, outside_fixture
from support.html import Page
from support.replica import Replica
from support.stack import COOKIE


# A Gatehouse whose sessions are in cookies.
sealed = outside_fixture("cookie-endings", {"session": {"store": "cookie"}}, scopes="openid email profile offline_access")


url = both_gateways("sealed")


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()
    provider.subject = f"subject-{secrets.token_hex(4)}"


def signed_in(url: str) -> Client:
    client = Client()
    response = client.follow(client.get(f"{url}/echo/"))
    assert response.status_code == 200, f"{response.status_code} at {response.url}: {response.text[:300]}"
    return client


def is_in(client: Client, url: str) -> bool:
    status = client.get(f"{url}/echo/", headers={"accept": "application/json"}).status_code
    assert status in (200, 401)
    return status == 200


def notify(url: str, token: str) -> requests.Response:
    return requests.post(f"{url}/_gatehouse/backchannel-logout", data={"logout_token": token}, timeout=20)


def revoke(stack, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "sessions", "revoke", *arguments, "--config", stack.file], capture_output=True, text=True,
        timeout=30, env=stack.gatehouse.environment)


@pytest.mark.parametrize("names", [("sid",), ("sub",), ("sid", "sub")], ids="+".join)
def test_a_notice_holds_from_the_next_request_for_every_copy(sealed, provider, url, names):
    client = signed_in(url)
    provider.subject, meant = "somebody-else", provider.subject
    provider.session_id, session_id = "another", provider.session_id
    other = signed_in(url)
    assert is_in(client, url) and is_in(other, url)
    changes = {"sub": meant if "sub" in names else None, "sid": session_id if "sid" in names else None}
    token = provider.logout_token(**changes)
    assert notify(url, token).status_code == 200
    with sealed.nothing_reaches_an_application():
        assert [is_in(client, gateway) for gateway in sealed.gateways] == [False, False]
    assert is_in(other, url)
    assert notify(url, token).status_code == 400, "it counts once"
    provider.subject, provider.session_id = meant, session_id
    assert is_in(signed_in(url), url), "who signs in again is in"


def test_a_notice_holds_after_a_restart(sealed, provider):
    client = signed_in(sealed.grpc_url)
    assert notify(sealed.grpc_url, provider.logout_token(sub=provider.subject, sid=None)).status_code == 200
    sealed.gatehouse.stop()
    sealed.start_gatehouse()
    for url in sealed.gateways:
        sealed.gatehouse.wait_until(lambda url=url: client.get(f"{url}/public/").status_code == 200, "answers through Envoy")
        with sealed.nothing_reaches_an_application():
            assert not is_in(client, url)


def test_a_refused_notice_leaves_nothing(sealed, provider, url):
    client = signed_in(url)
    rows = sealed.all_rows()
    assert notify(url, provider.logout_token(nonce="n")).status_code == 400
    assert sealed.all_rows() == rows
    assert is_in(client, url)


@pytest.mark.parametrize("page", ["sign-out", "sessions"])
def test_all_devices_are_signed_out_by_one_button(sealed, provider, url, page):
    here, there = signed_in(url), signed_in(url)
    provider.subject, subject = "somebody-else", provider.subject
    other = signed_in(url)
    provider.subject = subject
    answer = here.get(f"{url}/_gatehouse/{page}")
    forms = Page(answer.url, answer.text).forms
    form = forms[0] if page == "sign-out" else next(form for form in forms if "everywhere" in form.action)
    form.action += "&everywhere=1" if page == "sign-out" else ""
    here.submit(form)
    assert here.session_cookies() == {}
    with sealed.nothing_reaches_an_application():
        assert [is_in(there, gateway) for gateway in sealed.gateways] == [False, False]
    assert is_in(other, url)
    assert is_in(signed_in(url), url)


@pytest.mark.parametrize("by", ["subject", "address", "all"])
def test_an_administrator_ends_them_here_and_at_another_process(sealed, provider, by):
    client = signed_in(sealed.grpc_url)
    cookie = client.session_cookies()[COOKIE]
    replica = Replica(sealed)
    replica.start()
    try:
        assert is_in(client, sealed.grpc_url) and replica.ask(cookie).allowed
        arguments = {"subject": ["--user", provider.subject], "address": ["--user", "eve@example.org"], "all": ["--all"]}[by]
        result = revoke(sealed, *arguments)
        assert result.returncode == 0 and "nobody can say how many" in result.stdout, result.stderr
        with sealed.nothing_reaches_an_application():
            assert [is_in(client, gateway) for gateway in sealed.gateways] == [False, False]
        replica.program.wait_until(lambda: not replica.ask(cookie).allowed, "revocation", timeout=1)
        assert json.loads(revoke(sealed, *arguments, "--json").stdout) == {"revoked": None}
    finally:
        replica.program.stop()


def test_somebody_elses_name_ends_nothing(sealed, url):
    client = signed_in(url)
    assert revoke(sealed, "--user", "nobody@example.org").returncode == 0
    assert is_in(client, url)


def test_a_frame_needs_the_cookie(sealed, provider, url):
    client = signed_in(url)
    query = urllib.parse.urlencode({"iss": provider.issuer, "sid": provider.session_id})
    rows = sealed.all_rows()
    frame = NAVIGATION | {"sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe"}
    for number in range(20):
        guess = query if number == 0 else urllib.parse.urlencode({"iss": provider.issuer, "sid": f"guess-{number}"})
        assert Client().get(f"{url}/_gatehouse/frontchannel-logout?{guess}", headers=frame).status_code == 400
    assert sealed.all_rows() == rows, "requests of nobody store nothing"
    assert is_in(client, url)
    same_site = frame | {"sec-fetch-site": "same-site"}
    answer = client.get(f"{url}/_gatehouse/frontchannel-logout?{query}", headers=same_site)
    assert answer.status_code == 200 and f"frame-ancestors {provider.issuer}" in answer.headers["content-security-policy"]
    with sealed.nothing_reaches_an_application():
        assert not is_in(client, url)


def test_the_table_of_those_that_are_over_is_one_row_each(sealed, provider, url):
    """However often the same person is signed out."""
    before = sealed.rows("ended_sessions")
    for _ in range(5):
        assert notify(url, provider.logout_token(sub=provider.subject, sid=None)).status_code == 200
    assert sealed.rows("ended_sessions") == before + 1
