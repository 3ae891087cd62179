"""People choose whether their browser keeps the session when it is closed (A11): by a checkbox, or as the application says."""
import time

import pytest

from support.chromium import Chromium
from support.client import Client
from support.html import Page
from support.stack import COOKIE, password_of

WEEK = 7 * 86400


def asking(make_stack, name: str, **session):
    return make_stack(name, lambda configuration: configuration["authService"].update(session={"remember": "ask"} | session))


@pytest.fixture(scope="module")
def server(make_stack):
    stack = asking(make_stack, "remember")
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def sealed(make_stack):
    stack = asking(make_stack, "remember-cookies", store="cookie")
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def two(make_stack, provider):
    """With two providers, so that there is another choice, too."""
    stack = make_stack("remember-two", start=False)
    service = stack.configuration["authService"]
    service["session"] = {"remember": "ask"}
    service["providers"].insert(0, {
        "id": "corp", "issuer": provider.issuer, "clientID": provider.client_id, "clientSecret": {"file": "corp.secret"}})
    stack.write_secret("corp.secret", provider.client_secret)
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture(params=["server", "sealed"])
def stack(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["grpc", "http"])
def kind(request) -> str:
    return request.param


@pytest.fixture
def url(stack, kind) -> str:
    return stack.grpc_url if kind == "grpc" else stack.http_url


@pytest.fixture
def chromium(artifacts, kind):
    browser = Chromium(artifacts / "screenshots", f"remember-{kind}")
    yield browser
    browser.close()


def expiry(chromium: Chromium) -> int | None:
    """When Chromium forgets the session; None: when it is closed."""
    cookie = next(cookie for cookie in chromium.driver.get_cookies() if cookie["name"] == COOKIE)
    return cookie.get("expiry")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("ticked", [True, False], ids=["ticked", "not ticked"])
def test_a_checkbox_decides(stack, url, chromium, ticked, scripts):
    if not scripts:
        chromium.without_scripts()
    with stack.nothing_reaches_an_application():
        chromium.open(f"{url}/echo/page?x=1")
        box = chromium.find("input[type=checkbox]")
        assert not box.is_selected(), "nobody is remembered without saying so"
        assert box.accessible_name == "Keep me signed in on this device"
        assert len([link for link in chromium.all(".choices a") if link.is_displayed()]) == 1
        if ticked:
            chromium.find("label[for=remember]").click()
            assert box.is_selected()
        link = next(link for link in chromium.all(".choices a") if link.is_displayed())
        old = chromium.find("html")
        link.click()
        chromium.gone(old)
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    assert chromium.driver.current_url == f"{url}/echo/page?x=1" and "bob@example.com" in chromium.text()
    if ticked:
        assert abs(expiry(chromium) - time.time() - WEEK) < 120
    else:
        assert expiry(chromium) is None


def test_the_page_with_a_checkbox(two, kind, chromium):
    url = two.grpc_url if kind == "grpc" else two.http_url
    chromium.open(f"{url}/echo/#part")
    shown = [link.text for link in chromium.all(".choices a") if link.is_displayed()]
    assert shown == ["Continue with corp", "Continue with local"]
    assert all("rd=" in link.get_attribute("href") and "%23part" in link.get_attribute("href") for link in chromium.all(".choices a"))
    chromium.find("#remember").click()
    shown = [link for link in chromium.all(".choices a") if link.is_displayed()]
    assert len(shown) == 2 and all("remember=1" in link.get_attribute("href") for link in shown)
    chromium.pictures("sign-in")
    assert chromium.complaints() == []
    old = chromium.find("html")
    shown[0].click()
    chromium.gone(old)
    chromium.wait(lambda: chromium.driver.current_url == f"{url}/echo/#part", "page that was asked for")
    assert expiry(chromium) is not None


def lifetimes(client: Client) -> set:
    """Whether the parts of the session's cookie outlive the browser."""
    return {cookie.expires is not None for cookie in client.session.cookies if cookie.name == COOKIE}


def signed_in(url: str, query: str) -> Client:
    """By a link of the application's own."""
    client = Client()
    answer = client.sign_in(
        f"{url}/_gatehouse/sign-in?rd=%2Fecho%2F{query}", "bob@example.com", password_of("bob@example.com"))
    assert answer.status_code == 200 and answer.json()["path"] == "/echo/", answer.text[:200]
    return client


@pytest.mark.parametrize("query, kept", [("&remember=1", True), ("&remember=0", False)])
def test_the_application_may_say_it_instead(url, query, kept):
    assert lifetimes(signed_in(url, query)) == {kept}


@pytest.mark.parametrize("value", ["", "2", "true", "11"])
def test_what_is_no_answer_is_asked_for(url, value):
    answer = Client().get(f"{url}/_gatehouse/sign-in?rd=%2Fecho%2F&remember={value}")
    page = Page(answer.url, answer.text)
    assert answer.status_code == 200 and len(page.links) == 2 and page.inline_scripts == 0
    assert [("remember=0" in link, "remember=1" in link) for link in page.links] == [(True, False), (False, True)]


def test_asking_stores_nothing(stack, url):
    rows = stack.all_rows()
    for _ in range(50):
        answer = Client().get(f"{url}/echo/")
        assert answer.status_code == 302 and "/_gatehouse/sign-in?" in answer.headers["location"]
        assert Client().get(answer.headers["location"]).status_code == 200
    assert stack.all_rows() == rows


def test_without_the_question_the_application_may_still_ask_for_less(stack_without_question):
    url = stack_without_question.grpc_url
    assert lifetimes(signed_in(url, "")) == {True}
    assert lifetimes(signed_in(url, "&remember=0")) == {False}


@pytest.fixture(scope="module")
def stack_without_question(make_stack):
    stack = make_stack("remember-always")
    yield stack
    stack.stop()


def test_a_renewed_cookie_of_a_session_in_cookies_stays_what_it_was(sealed):
    """Its last use is written into it once a minute."""
    url = sealed.grpc_url
    clients = {kept: signed_in(url, f"&remember={int(kept)}") for kept in (True, False)}
    before = {kept: client.cookie(COOKIE) for kept, client in clients.items()}
    time.sleep(61)
    for kept, client in clients.items():
        assert client.get(f"{url}/echo/").status_code == 200
        assert client.cookie(COOKIE) != before[kept] and lifetimes(client) == {kept}
