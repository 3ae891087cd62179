"""The device flow (RFC 8628; I1–I5): the codes, the pages in a browser without scripts, and the answers to a device."""
import concurrent.futures
import subprocess
import time
import zlib

import pytest
import requests

from support import paths
from support.client import NAVIGATION, Client
from support.clock import Clock
from support.code_flow import userinfo
from support.html import Page
from support.ledger import LEDGER
from support.provider_clients import add_clients, as_client, assert_refused, audit_lines, post
from support.stack import password_of

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
LANGUAGES = {
    "en": "Connect a device", "de": "Ein Gerät verbinden", "fr": "Connecter un appareil", "es": "Conectar un dispositivo",
    "it": "Colleghi un dispositivo", "pt": "Conecte um dispositivo", "el": "Σύνδεση συσκευής", "ja": "デバイスを接続", "zh": "连接设备", "ar": "توصيل جهاز",
}


@pytest.fixture
def provider(make_stack, request):
    """One for each test: what one test has guessed would slow the next one down."""
    stack = make_stack(f"device-{zlib.crc32(request.node.name.encode()):08x}", start=False)
    add_clients(stack.configuration, stack.folder)
    stack.start()
    yield stack
    stack.stop()


def begin(provider, scope: str = "openid email groups offline_access") -> dict:
    answer = post(provider, "/device/code", {"client_id": "tv", "scope": scope})
    assert answer.status_code == 200, answer.text
    reply = answer.json()
    LEDGER.add(reply["device_code"], "device code")
    assert reply["verification_uri"] == f"{provider.issuer}/device" and reply["expires_in"] >= 300 and reply["interval"] == 5
    return reply


def poll(provider, device: dict, client: str = "tv", auth=None):
    return post(provider, "/token", {
        "grant_type": GRANT, "device_code": device["device_code"], "client_id": client if auth is None else None}, auth)


def enter(provider, browser: Client, code: str, email: str = "bob@example.com"):
    """Types the code, signs in; returns the page that asks whether the device is one's own."""
    page = browser.get(f"{provider.issuer}/device")
    assert page.status_code == 200
    answer = browser.follow(browser.submit(Page(page.url, page.text).form_with("user_code"), user_code=code))
    if 'name="password"' in answer.text:
        form = Page(answer.url, answer.text).form_with("login", "password")
        answer = browser.follow(browser.submit(form, login=email, password=password_of(email)))
    for _ in range(3):  # a consent of its own may come before
        if 'value="allow"' in answer.text and "/device/callback" in answer.text:
            break
        forms = [form for form in Page(answer.url, answer.text).forms if "/approval" in form.action]
        if not forms:
            break
        answer = browser.follow(browser.submit(forms[0]))
    return answer


def say(browser: Client, page, answer: str):
    return browser.submit(Page(page.url, page.text).form_with("code", "state"), answer=answer)


def test_a_device_is_let_in(provider):
    device = begin(provider)
    assert_refused(poll(provider, device), "authorization_pending")
    browser = Client()
    question = enter(provider, browser, device["user_code"].lower().replace("-", ""))
    page = Page(question.url, question.text)
    assert question.status_code == 200 and "Television <&>" in page.text and device["user_code"] in page.text
    assert "bob@example.com" in page.text and "Know your e-mail address" in page.text and "Know which groups you are in" in page.text
    assert page.inline_scripts == 0 and "<script" not in question.text
    assert "default-src 'none'" in question.headers["content-security-policy"]
    assert "The device is connected" in say(browser, question, "allow").text
    time.sleep(5)
    tokens = poll(provider, device).json()
    assert userinfo(provider, tokens["access_token"]).json()["email"] == "bob@example.com"
    assert tokens["refresh_token"] and tokens["id_token"]
    time.sleep(5)
    assert_refused(poll(provider, device), "invalid_grant")
    assert audit_lines(provider, event="sign_in", reason="device", client="tv", email="bob@example.com")


def test_the_address_may_have_the_code_in_it(provider):
    device = begin(provider)
    page = Client().get(device["verification_uri_complete"])
    assert Page(page.url, page.text).form_with("user_code").fields["user_code"] == device["user_code"]


def test_i1_guesses_are_slowed_down(provider):
    device = begin(provider)
    guess = {"user_code": "BCDF-GHJK"}
    statuses = [Client().post(f"{provider.issuer}/device", data=guess).status_code for _ in range(25)]
    assert statuses == [400] * 20 + [429] * 5
    late = Client().post(f"{provider.issuer}/device", data={"user_code": device["user_code"]})
    assert late.status_code == 429 and int(late.headers["retry-after"]) <= 60
    assert audit_lines(provider, event="refusal", reason="RFC 8628 §5.1")


def test_i2_approved_twice(provider):
    device = begin(provider)
    browser = Client()
    question = enter(provider, browser, device["user_code"])
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: say(browser, question, "allow").status_code, range(4)))
    assert sorted(answers) == [200, 400, 400, 400]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = [answer.status_code for answer in pool.map(lambda _: poll(provider, device), range(4))]
    assert answers.count(200) == 1


def test_i2_refused(provider):
    device = begin(provider)
    browser = Client()
    question = enter(provider, browser, device["user_code"])
    assert "The device was refused" in say(browser, question, "refuse").text
    assert_refused(poll(provider, device), "access_denied")
    assert say(browser, question, "allow").status_code == 400
    assert provider.rows("grants") == 0


def test_i3_who_asks_too_often_is_told_to_slow_down(provider):
    device = begin(provider)
    assert_refused(poll(provider, device), "authorization_pending")
    assert_refused(poll(provider, device), "slow_down")
    time.sleep(6)
    assert_refused(poll(provider, device), "slow_down")  # five seconds more from the first slow_down on


@pytest.mark.parametrize("answered", [None, "allow"])
def test_i4_an_expired_code(make_stack, answered):
    """Ten minutes after it was given: for the device, whatever the person has said, and for whoever types it."""
    provider = make_stack(f"device-expired-{answered}", start=False)
    add_clients(provider.configuration, provider.folder)
    clock = Clock(provider)
    provider.start()
    device, browser = begin(provider), Client()
    question = enter(provider, browser, device["user_code"])
    if answered:
        assert "The device is connected" in say(browser, question, answered).text
    else:
        clock.move(device["expires_in"] - 10)
        assert_refused(poll(provider, device), "authorization_pending")
    clock.move(device["expires_in"] + 5)
    with provider.nothing_comes_of_it():
        assert_refused(poll(provider, device), "expired_token")
        late = Client().post(f"{provider.issuer}/device", data={"user_code": device["user_code"]})
        assert late.status_code == 400 and 'name="password"' not in late.text
        if not answered:
            assert say(browser, question, "allow").status_code == 400
        clock.move(clock.seconds + 30)
        assert_refused(poll(provider, device), "expired_token")
    provider.stop()


def test_i5_the_device_of_another_client(provider):
    device = begin(provider)
    assert_refused(poll(provider, device, auth=as_client("peer")), "invalid_grant")
    assert_refused(poll(provider, {"device_code": "made-up"}), "invalid_grant")
    assert_refused(poll(provider, {"device_code": ""}), "invalid_request")


@pytest.mark.parametrize("headers", [
    {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "same-origin", "origin": "https://evil.example"}])
def test_the_form_of_another_site(provider, headers):
    device = begin(provider)
    browser = Client()
    question = enter(provider, browser, device["user_code"])
    form = Page(question.url, question.text).form_with("code", "state")
    answer = browser.post(form.action, data=form.fields | {"answer": "allow"}, headers=NAVIGATION | headers)
    assert answer.status_code == 403
    assert_refused(poll(provider, device), "authorization_pending")


@pytest.mark.parametrize("query", ["", "?state=x", "?state=x&code=y", "?code=a&state=b&state=c", "?error=<script>alert(1)</script>"])
@pytest.mark.usefixtures("nothing_new")
def test_a_callback_that_nobody_began(stack, query):
    answer = Client().get(f"{stack.issuer}/device/callback{query}")
    assert answer.status_code == 400 and "<script>alert" not in answer.text


def test_who_may_begin(provider):
    assert_refused(post(provider, "/device/code", {"client_id": "nobody"}), "invalid_client", 401)
    assert_refused(post(provider, "/device/code", {"client_id": "peer"}), "invalid_client", 401)
    assert_refused(post(provider, "/device/code", {"scope": "openid"}, as_client("machine")), "unauthorized_client")
    assert_refused(post(provider, "/device/code", {"client_id": "tv", "scope": "openid \""}), "invalid_scope")
    assert_refused(
        post(provider, "/device/code", {"client_id": "tv", "scope": "openid audience:server:client_id:peer"}), "invalid_scope")
    assert requests.get(f"{provider.issuer}/device/code", timeout=5).status_code == 405


def test_strangers_do_not_fill_the_store(provider):
    began = time.monotonic()
    statuses = [post(provider, "/device/code", {"client_id": "tv"}).status_code for _ in range(70)]
    assert time.monotonic() - began < 60, "the bound is one of any minute"
    assert statuses == [200] * 60 + [429] * 10
    assert provider.rows("devices") == 60


def test_the_page_speaks_every_language(stack):
    for language, heading in LANGUAGES.items():
        page = Client().get(f"{stack.issuer}/device", headers=NAVIGATION | {"accept-language": language})
        assert heading in page.text and f'lang="{language}' in page.text
        assert ('dir="rtl"' in page.text) == (language == "ar")


def test_gatehouse_login_by_device(provider, tmp_path):
    """Our own command line as the device."""
    process = subprocess.Popen(
        [paths.GATEHOUSE, "login", "--device", "--issuer", provider.issuer, "--client", "tv"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")})
    try:
        text = ""
        while "-" not in (code := next((word for word in text.split() if len(word) == 9 and word[4] == "-"), "")):
            line = process.stdout.readline()
            assert line, process.stderr.read()
            text += line
        browser = Client()
        assert "The device is connected" in say(browser, enter(provider, browser, code), "allow").text
        output, errors = process.communicate(timeout=40)
        assert process.returncode == 0 and "Signed in as bob@example.com." in text + output, errors
    finally:
        process.kill()
