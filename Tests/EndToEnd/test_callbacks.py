"""Replies of the provider that come without their cookie, with another's, or again (A6, B7): refused, or begun once more.

Browsers that never bring their cookies are in test_loops.py.
"""
import concurrent.futures
import urllib.parse

import pytest

from support import raw
from support.chromium import Chromium
from support.client import NAVIGATION, Client
from support.fixtures import both_gateways, outside_fixture
from support.html import Page
from support.outside import outside_stack
from support.stack import COOKIE, password_of

SIGN_IN = f"{COOKIE}-sign-in"


outside = outside_fixture("callbacks")


url = both_gateways("outside")


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()


def started(url: str, path: str = "/echo/mine?x=1") -> tuple[Client, str]:
    """A browser, and the callback that it is about to be sent to."""
    client = Client()
    response = client.follow(client.get(f"{url}{path}"), until=lambda target: "/_gatehouse/callback" in target)
    return client, response.headers["location"]


def present(callback: str, cookies: str) -> raw.RawResponse:
    """The callback with exactly these cookies."""
    target = urllib.parse.urlsplit(callback)
    return raw.request(target.port, f"{target.path}?{target.query}", [("accept", "text/html"), ("cookie", cookies)])


def assert_begun_again(response: raw.RawResponse, provider) -> None:
    assert response.status == 302 and response.first("location").startswith(f"{provider.issuer}/authorize?")
    assert not any(line.startswith(f"{COOKIE}=") for line in response.all("set-cookie"))


def test_a_reply_without_its_cookie_ends_at_the_page_first_asked_for(url, provider):
    client, callback = started(url)
    client.session.cookies.clear()
    before = provider.requests.count("GET /authorize")
    response = client.follow(client.get(callback))
    assert response.status_code == 200 and response.json()["path"] == "/echo/mine?x=1"
    assert provider.requests.count("GET /authorize") == before + 1, "begun once more, and not more often"


def test_a_reply_that_comes_twice_ends_at_the_page_first_asked_for(outside, url, provider):
    client, callback = started(url)
    first = client.get(callback)
    with outside.nothing_comes_of_it():
        second = client.get(callback)
    assert first.headers["location"] == second.headers["location"] == f"{url}/echo/mine?x=1"
    assert client.follow(second).json()["path"] == "/echo/mine?x=1"


def test_two_clicks_at_once_both_end_at_the_page(url, provider):
    client, callback = started(url)
    cookies = f"{SIGN_IN}={client.cookie(SIGN_IN)}"
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: present(callback, cookies), range(8)))
    assert all(answer.status in (302, 303) for answer in answers), [answer.status for answer in answers]
    sessions = [line for answer in answers for line in answer.all("set-cookie") if line.startswith(f"{COOKIE}=")]
    assert len(sessions) == 1, "the code counts once"
    others = [answer for answer in answers if not any(line.startswith(f"{COOKIE}=") for line in answer.all("set-cookie"))]
    for answer in others:
        assert_begun_again(answer, provider)


def test_cookies_of_two_browsers_are_swapped(outside, url, provider):
    """B7: neither gets the other's session."""
    (one, callback), (two, other) = started(url), started(url, "/echo/other")
    with outside.nothing_comes_of_it():
        for reply, client in ((callback, two), (other, one)):
            assert_begun_again(present(reply, f"{SIGN_IN}={client.cookie(SIGN_IN)}"), provider)


def test_a_cookie_of_a_sign_in_that_is_over_is_replayed(outside, url, provider):
    client, callback = started(url)
    cookie = client.cookie(SIGN_IN)
    client.follow(client.get(callback))
    with outside.nothing_comes_of_it():
        assert_begun_again(present(callback, f"{SIGN_IN}={cookie}"), provider)


@pytest.mark.parametrize("cookies", [
    pytest.param(lambda good: "; ".join(f"{SIGN_IN}=copy-{number}" for number in range(30)), id="30 that are none"),
    pytest.param(lambda good: "; ".join([f"{SIGN_IN}={'A' * 100}"] * 29 + [f"{SIGN_IN}={good}"]), id="the right one last of 30"),
    pytest.param(lambda good: f"{SIGN_IN}={good[:-1]}", id="cut"),
    pytest.param(lambda good: f"{SIGN_IN}={'B' if good[0] == 'A' else 'A'}{good[1:]}", id="changed"),
    pytest.param(lambda good: f"{SIGN_IN}={good}{good}", id="doubled"),
    pytest.param(lambda good: f"{SIGN_IN}=", id="empty"),
    pytest.param(lambda good: f"{SIGN_IN}={'A' * 30_000}", id="30 KB"),
    pytest.param(lambda good: f"{COOKIE}={good}", id="as a session"),
])
def test_what_is_not_the_cookie_of_the_sign_in_begins_again(outside, url, provider, cookies):
    client, callback = started(url)
    with outside.nothing_comes_of_it():
        assert_begun_again(present(callback, cookies(client.cookie(SIGN_IN))), provider)


def test_thirty_sign_ins_at_once_need_one_cookie(url):
    client = Client()
    callbacks = [
        client.follow(client.get(f"{url}/echo/{number}"), until=lambda target: "/callback" in target).headers["location"]
        for number in range(30)]
    assert [cookie.name for cookie in client.session.cookies if cookie.name.startswith(COOKIE)] == [SIGN_IN]
    for number in (29, 0, 15):
        assert client.follow(client.get(callbacks[number])).json()["path"] == f"/echo/{number}"


@pytest.mark.parametrize("change", [
    lambda state: state[:-1], lambda state: state + "A", lambda state: state[::-1], lambda state: state * 100, lambda state: "",
], ids=["cut", "longer", "backwards", "long", "empty"])
def test_a_state_that_is_not_ours_is_refused(outside, url, change):
    client, callback = started(url)
    target, _, query = callback.partition("?")
    values = dict(urllib.parse.parse_qsl(query))
    with outside.nothing_comes_of_it():
        response = client.get(f"{target}?{urllib.parse.urlencode(values | {'state': change(values['state'])})}")
    assert response.status_code == 400 and "Reference" in response.text and client.cookie(COOKIE) is None


def test_a_state_of_another_gatehouse_is_refused(make_stack, outside, provider):
    """The same provider, client and address: only the keys are others."""
    other = outside_stack(make_stack, "callbacks-other-keys", provider)
    try:
        for here, there in zip(outside.gateways, other.gateways):
            client, callback = started(there)
            with outside.nothing_comes_of_it():
                response = client.get(here + callback.removeprefix(there))
            assert response.status_code == 400 and client.cookie(COOKIE) is None
    finally:
        other.stop()


# At our own login page, in a real browser.

@pytest.fixture
def chromium(artifacts):
    browser = Chromium(artifacts / "screenshots", "callbacks")
    yield browser
    browser.close()


def test_the_back_button_and_a_second_try_end_at_the_page(chromium, gateway):
    chromium.open(f"{gateway}/echo/back")
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    assert chromium.driver.current_url == f"{gateway}/echo/back"
    # The login page goes on by itself, as the provider knows the browser by now.
    for move in (chromium.driver.back, chromium.driver.forward):
        old = chromium.find("html")
        move()
        chromium.gone(old)
        assert chromium.driver.current_url == f"{gateway}/echo/back"
        assert "bob@example.com" in chromium.text()


def test_a_login_form_that_is_sent_twice_signs_in_twice(gateway):
    """A second click before the first answer is there."""
    client = Client()
    page, form = client.open_login(f"{gateway}/echo/twice")
    first = client.submit(form, login="bob@example.com", password=password_of("bob@example.com"))
    second = client.submit(form, login="bob@example.com", password=password_of("bob@example.com"))
    for answer in (first, second):
        end = client.follow(answer)
        assert end.status_code == 200 and end.json()["path"] == "/echo/twice"
        assert end.json()["headers"]["kubeflow-userid"] == ["bob@example.com"]


def test_a_bookmark_of_the_callback_leads_home_or_in(gateway, stack):
    """Somebody comes back to an address of long ago."""
    for query in ("", "?code=x", "?code=x&state=y", "?error=access_denied"):
        with stack.nothing_comes_of_it():
            response = Client().get(f"{gateway}/_gatehouse/callback{query}", headers=NAVIGATION)
        assert response.status_code == 400 and "Reference" in response.text
        links = Page(response.url, response.text).links
        assert any(urllib.parse.urlsplit(link).path in ("/", "/_gatehouse/sign-in") for link in links), links
