"""The provider's authorization endpoint and what it refuses (F1–F12): a page, never a redirect to a URI that is not registered."""
import base64
import hashlib
import urllib.parse

import pytest

from support.client import Client, parameters
from support.html import Page
from support.stack import password_of

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def request(account, **changes) -> dict[str, str]:
    """A right authorization request with some parameters changed; None takes one away."""
    right = {
        "client_id": account.id, "redirect_uri": account.redirect_uri, "response_type": "code", "scope": "openid email",
        "state": "state-of-the-client", "nonce": "nonce-of-the-client", "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (right | changes).items() if value is not None}


def ask(stack, query: dict | list | str):
    query = query if isinstance(query, str) else urllib.parse.urlencode(query)
    return Client().get(f"{stack.issuer}/auth?{query}")


def assert_page(response) -> None:
    assert response.status_code == 400, f"{response.status_code} {response.headers.get('location')}"
    assert response.headers["content-type"].startswith("text/html")
    assert "location" not in response.headers
    assert "<script>alert" not in response.text


def test_a_right_request_leads_to_the_login_page(stack):
    client = Client()
    response = client.follow(client.get(f"{stack.issuer}/auth?{urllib.parse.urlencode(request(stack.apps_account))}"))
    assert response.status_code == 200
    form = Page(response.url, response.text).form_with("login", "password")
    assert form.types["password"] == "password"
    assert "/dex/auth/local/login" in form.action


@pytest.mark.parametrize("client_id", ["unknown", "", None, "APP", "app ", "<script>alert(1)</script>", "a" * 10_000, "app\0"])
@pytest.mark.usefixtures("nothing_new")
def test_f1_a_client_that_is_unknown(stack, client_id):
    assert_page(ask(stack, request(stack.apps_account, client_id=client_id)))


@pytest.mark.parametrize("uri", [
    "{0}/x", "{0}/", "{0}?x=1", "{0}#x", "{0}#", "{0}?", "https://127.0.0.1:5555/callback", "http://127.0.0.1:5556/callback",
    "http://127.0.0.1/callback", "http://127.0.0.1:5555/Callback", "HTTP://127.0.0.1:5555/callback", "http://localhost:5555/callback",
    "http://127.0.0.1:5555/x/../callback", "http://127.0.0.1:5555/%63allback", "http://user@127.0.0.1:5555/callback",
    "http://127.0.0.1:5555@evil.com/callback", "http://127.0.0.1.evil.com:5555/callback", "http://127.0.0.1:5555/*",
    "//127.0.0.1:5555/callback", "/callback", "javascript:alert(1)", "https://evil.com/", "", None, "{0}\r\nx-evil: 1", " {0}", "{0} ",
    "http://127.0.0.1:05555/callback", "http://2130706433:5555/callback",
])
@pytest.mark.usefixtures("nothing_new")
def test_f2_to_f7_a_redirect_uri_that_is_not_registered(stack, uri):
    uri = uri.format(stack.apps_account.redirect_uri) if uri is not None else None
    assert_page(ask(stack, request(stack.apps_account, redirect_uri=uri)))


@pytest.mark.usefixtures("nothing_new")
def test_f3_the_redirect_uri_of_another_client(stack):
    assert_page(ask(stack, request(stack.apps_account, redirect_uri=stack.other_account.redirect_uri)))


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
@pytest.mark.usefixtures("nothing_new")
def test_f8_a_parameter_twice_that_says_where_to_go(stack, name):
    right = request(stack.apps_account)
    assert_page(ask(stack, [*right.items(), (name, right[name])]))


@pytest.mark.parametrize("name", ["response_type", "scope", "state", "nonce", "code_challenge", "code_challenge_method"])
@pytest.mark.usefixtures("nothing_new")
def test_f8_another_parameter_twice(stack, name):
    right = request(stack.apps_account)
    refused(stack, [*right.items(), (name, right[name])], "invalid_request")


def refused(stack, query, error: str | tuple[str, ...]) -> None:
    """Told to the client at its registered URI (RFC 6749, section 4.1.2.1), or a page."""
    response = ask(stack, query)
    if response.status_code == 400:
        return assert_page(response)
    assert response.status_code in (302, 303)
    target = response.headers["location"]
    assert target.startswith(stack.apps_account.redirect_uri + "?"), target
    answer = parameters(target)
    assert answer["error"][0] in ((error,) if isinstance(error, str) else error)
    assert "code" not in answer
    assert answer["iss"] == [stack.issuer]


@pytest.mark.parametrize("response_type", ["token", "id_token", "code token", "code code", "none", "", "CODE", None, "code id_token"])
@pytest.mark.usefixtures("nothing_new")
def test_f9_a_response_type_that_we_do_not_have(stack, response_type):
    refused(
        stack, request(stack.apps_account, response_type=response_type), ("unsupported_response_type", "invalid_request"))


@pytest.mark.parametrize("scope", ["openid " + "x" * 10_000, "openid \"", "openid \\", "openid é"])
@pytest.mark.usefixtures("nothing_new")
def test_f10_an_odd_scope(stack, scope):
    refused(stack, request(stack.apps_account, scope=scope), ("invalid_scope", "invalid_request"))


@pytest.mark.parametrize("changes", [
    {"code_challenge_method": "plain", "code_challenge": VERIFIER}, {"code_challenge_method": "s256"},
    {"code_challenge_method": "S512"}, {"code_challenge_method": ""},
], ids=str)
@pytest.mark.usefixtures("nothing_new")
def test_f11_another_pkce_method(stack, changes):
    refused(stack, request(stack.apps_account, **changes), "invalid_request")


@pytest.mark.parametrize("challenge", ["short", "", CHALLENGE + "A", CHALLENGE[:-1], CHALLENGE[:-1] + "=", "é" * 43, "a" * 10_000])
@pytest.mark.usefixtures("nothing_new")
def test_f12_a_challenge_that_is_none(stack, challenge):
    refused(stack, request(stack.apps_account, code_challenge=challenge), "invalid_request")


@pytest.mark.usefixtures("nothing_new")
def test_f12_a_method_without_a_challenge(stack):
    refused(stack, request(stack.apps_account, code_challenge=None), "invalid_request")


@pytest.mark.parametrize("changes, error", [
    ({"prompt": "none"}, ("login_required",)), ({"prompt": "none login"}, ("invalid_request",)),
    ({"request": "eyJhbGciOiJub25lIn0.e30."}, ("request_not_supported",)),
    ({"request_uri": "https://evil.com/request"}, ("request_uri_not_supported",)),
    ({"response_mode": "web_message"}, ("invalid_request",)), ({"max_age": "-1"}, ("invalid_request",)),
    ({"max_age": "1e300"}, ("invalid_request",)),
], ids=str)
@pytest.mark.usefixtures("nothing_new")
def test_what_openid_connect_says_to_refuse(stack, changes, error):
    refused(stack, request(stack.apps_account, **changes), error)


def test_the_answer_names_its_issuer_and_keeps_the_state(stack):
    client = Client()
    state = "a b&c=d%20é+\"<>"
    query = urllib.parse.urlencode(request(stack.apps_account, state=state))
    response = client.sign_in(
        f"{stack.issuer}/auth?{query}", "bob@example.com", password_of("bob@example.com"),
        until=lambda target: target.startswith(stack.apps_account.redirect_uri))
    answer = parameters(response.headers["location"])
    assert answer["state"] == [state] and answer["iss"] == [stack.issuer] and answer["code"]


def test_an_authorization_request_can_be_posted(stack):
    """OpenID Connect Core, section 3.1.2.1."""
    client = Client()
    response = client.follow(client.post(f"{stack.issuer}/auth", data=request(stack.apps_account)))
    assert response.status_code == 200 and 'name="password"' in response.text


@pytest.mark.parametrize("email", ["bob@example.com", "nobody@example.com", "", "bob@example.com'--", "a" * 1_000])
@pytest.mark.usefixtures("nothing_new")
def test_a_wrong_password_says_the_same_for_known_and_unknown(stack, email):
    client = Client()
    query = urllib.parse.urlencode(request(stack.apps_account))
    response = client.follow(client.get(f"{stack.issuer}/auth?{query}"))
    form = Page(response.url, response.text).form_with("login", "password")
    rows = stack.rows()
    answer = client.submit(form, login=email, password="wrong-password-1234")
    page = Page(answer.url, answer.text)
    assert answer.status_code in (200, 400, 401)
    assert page.form_with("login", "password").fields["password"] == ""
    assert "Invalid" in page.text or "not right" in page.text or "wrong" in page.text.lower() or "incorrect" in page.text.lower()
    words = page.words.replace(email, "") if email else page.words
    known = client.submit(form, login="bob@example.com", password="wrong-password-1234")
    assert words == Page(known.url, known.text).words.replace("bob@example.com", "")
    assert stack.rows() == rows


@pytest.mark.parametrize("password", ["", " ", "\0", "p" * 100_000])
@pytest.mark.usefixtures("nothing_new")
def test_an_odd_password_signs_nobody_in(stack, password):
    client = Client()
    query = urllib.parse.urlencode(request(stack.apps_account))
    response = client.follow(client.get(f"{stack.issuer}/auth?{query}"))
    form = Page(response.url, response.text).form_with("login", "password")
    answer = client.submit(form, login="bob@example.com", password=password)
    assert answer.status_code in (200, 400, 401, 413)
    assert not answer.headers.get("location")


@pytest.mark.usefixtures("nothing_new")
def test_a_login_form_posted_by_another_site_signs_nobody_in(stack):
    client = Client()
    query = urllib.parse.urlencode(request(stack.apps_account))
    response = client.follow(client.get(f"{stack.issuer}/auth?{query}"))
    form = Page(response.url, response.text).form_with("login", "password")
    answer = client.post(
        form.action, data=form.fields | {"login": "bob@example.com", "password": password_of("bob@example.com")},
        headers={"origin": "https://evil.com", "sec-fetch-site": "cross-site", "accept": "text/html"})
    assert answer.status_code in (400, 403)
    assert "location" not in answer.headers


def test_the_login_page_is_closed_to_frames_scripts_and_caches(stack):
    client = Client()
    query = urllib.parse.urlencode(request(stack.apps_account))
    response = client.follow(client.get(f"{stack.issuer}/auth?{query}"))
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe-inline" not in policy
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert Page(response.url, response.text).inline_scripts == 0
