"""Signing out: at the provider too, by its notices, by programs, and under the paths of other programs.

What is refused (area J) is in test_refused_sign_outs.py.
"""
import secrets
import time
import urllib.parse

import pytest
import requests

from support.client import NAVIGATION, Client
from support.fixtures import both_gateways, outside_fixture
from support.html import Page
from support.ledger import LEDGER
from support.stack import COOKIE


# With the paths of oauth2-proxy and Arrikto.
outside = outside_fixture("sign-out", {"compatibility": ["oauth2-proxy", "arrikto"]})


place = both_gateways("outside")


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()


def signed_in(place: str) -> Client:
    client = Client()
    assert client.follow(client.get(f"{place}/echo/")).status_code == 200
    return client


def is_in(client: Client, place: str) -> bool:
    return client.get(f"{place}/echo/").status_code == 200


def notify(place: str, token: str) -> requests.Response:
    return requests.post(f"{place}/_gatehouse/backchannel-logout", data={"logout_token": token}, timeout=20)


def ask_and_confirm(client: Client, url: str) -> requests.Response:
    page = client.get(url)
    assert page.status_code == 200, page.text[:300]
    return client.submit(Page(page.url, page.text).forms[0])


def test_the_provider_is_told_whose_session_ends_and_where_to_go(place, provider):
    client = signed_in(place)
    response = client.follow(ask_and_confirm(client, f"{place}/_gatehouse/sign-out"))
    assert response.status_code == 200 and response.url == f"{place}/_gatehouse/sign-out"
    (ended,) = provider.ended
    assert ended["post_logout_redirect_uri"] == f"{place}/_gatehouse/sign-out"
    assert ended["id_token_hint"].count(".") == 2 and ended["client_id"] == provider.client_id
    assert not is_in(client, place)


def test_a_sign_out_ends_at_the_page_asked_for(place, provider):
    client = signed_in(place)
    response = ask_and_confirm(client, f"{place}/_gatehouse/sign-out?rd=%2Fpublic%2Fbye%3Fx%3D1")
    response = client.follow(response, until=lambda target: "/public/bye" in target)
    assert response.headers["location"] == f"{place}/public/bye?x=1"
    assert provider.ended[0]["state"]


def test_the_refresh_token_is_revoked(place, provider):
    token = LEDGER.add(secrets.token_urlsafe(24), "refresh token")
    provider.token_response = lambda response: response | {"refresh_token": token}
    client = signed_in(place)
    ask_and_confirm(client, f"{place}/_gatehouse/sign-out")
    deadline = time.monotonic() + 10
    while token not in provider.revoked:
        assert time.monotonic() < deadline, provider.requests[-5:]
        time.sleep(0.05)


def test_all_devices_are_signed_out_by_one_button(place):
    one, two = signed_in(place), signed_in(place)
    page = one.get(f"{place}/_gatehouse/sign-out")
    form = Page(page.url, page.text).forms[0]
    form.action += "&everywhere=1"
    one.submit(form)
    assert not is_in(one, place) and not is_in(two, place)


@pytest.mark.parametrize("names", [("sid",), ("sub",), ("sid", "sub")], ids="+".join)
def test_a_notice_from_the_provider_holds_from_the_next_request(place, outside, provider, names):
    provider.subject = f"subject-{secrets.token_hex(4)}"
    client = signed_in(place)
    changes = {"sid": None} if "sid" not in names else {}
    if "sub" in names:
        changes["sub"] = provider.subject
    answer = notify(place, provider.logout_token(**changes))
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    with outside.nothing_comes_of_it():
        assert not is_in(client, place)


def test_a_notice_of_somebody_else_ends_nothing(place, provider):
    client = signed_in(place)
    assert notify(place, provider.logout_token(sid="another")).status_code == 200
    assert notify(place, provider.logout_token(sub="another", sid=None)).status_code == 200
    assert is_in(client, place)


def test_a_notice_has_to_be_posted(place, provider):
    answer = Client().get(f"{place}/_gatehouse/backchannel-logout?logout_token={provider.logout_token()}")
    assert answer.status_code == 405


def test_the_providers_frame_signs_out_without_our_cookie(place, outside, provider):
    client = signed_in(place)
    query = urllib.parse.urlencode({"iss": provider.issuer, "sid": provider.session_id})
    frame = Client().get(f"{place}/_gatehouse/frontchannel-logout?{query}", headers=NAVIGATION | {
        "sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe"})
    assert frame.status_code == 200 and f"frame-ancestors {provider.issuer}" in frame.headers["content-security-policy"]
    assert not is_in(client, place)


def test_arriktos_button_gets_a_url_to_go_to(place, provider):
    client = signed_in(place)
    answer = client.post(f"{place}/authservice/logout", headers={"accept": "*/*", "origin": place, "sec-fetch-site": "same-origin"})
    assert answer.status_code == 201
    assert answer.json()["afterLogoutURL"].startswith(f"{provider.issuer}/end-session?")
    assert client.cookie(COOKIE) is None and not is_in(client, place)


def test_arriktos_button_works_on_our_own_pages_only(place, outside):
    client = signed_in(place)
    for headers in ({}, {"origin": "https://evil.com"}, {"sec-fetch-site": "cross-site", "origin": place}):
        with outside.nothing_comes_of_it():
            answer = client.post(f"{place}/authservice/logout", headers={"accept": "*/*"} | headers)
        assert answer.status_code == 403 and answer.json()["error"] == "cross_site"
    assert is_in(client, place)


def test_oauth2_proxys_link_signs_out(place):
    client = signed_in(place)
    click = client.get(f"{place}/oauth2/sign_out?rd=%2Fpublic%2F", headers=NAVIGATION | {"sec-fetch-site": "same-origin"})
    assert click.status_code == 303
    end = client.follow(click, until=lambda target: target.endswith("/public/"))
    assert end.headers["location"] == f"{place}/public/"
    assert not is_in(client, place)


def test_oauth2_proxys_link_on_another_site_only_asks(place):
    client = signed_in(place)
    click = client.get(f"{place}/oauth2/sign_out", headers=NAVIGATION | {"sec-fetch-site": "cross-site"})
    assert click.status_code == 200 and Page(click.url, click.text).forms
    client.get(f"{place}/oauth2/sign_out", headers={
        "accept": "image/*", "sec-fetch-mode": "no-cors", "sec-fetch-site": "same-origin", "sec-fetch-dest": "image"})
    assert is_in(client, place)


def test_oauth2_proxys_paths(place, provider):
    anonymous = Client()
    assert anonymous.get(f"{place}/oauth2/auth", headers={"accept": "*/*"}).status_code == 401
    start = anonymous.get(f"{place}/oauth2/start?rd=%2Fecho%2Fhere")
    assert urllib.parse.quote(f"{place}/oauth2/callback", safe="") in start.headers["location"]
    assert anonymous.follow(start).json()["path"] == "/echo/here"
    auth = anonymous.get(f"{place}/oauth2/auth", headers={"accept": "*/*"})
    assert auth.status_code == 202 and auth.headers["x-auth-request-email"] == "eve@example.org"
    assert anonymous.get(f"{place}/oauth2/userinfo").json() == {
        "user": provider.subject, "email": "eve@example.org", "groups": ["outside"]}


def test_other_programs_paths_are_the_applications_unless_asked_for(stack, admin):
    assert "afterLogoutURL" not in admin.get(f"{stack.grpc_url}/echo/../authservice/logout").text
    assert admin.get(f"{stack.grpc_url}/oauth2/userinfo").headers.get("content-type", "").split(";")[0] != "application/json"
