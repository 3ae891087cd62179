"""A browser at our provider, for several clients."""
import time
import urllib.parse

import requests

from support.client import Client, parameters
from support.code_flow import CHALLENGE, exchange
from support.html import Page
from support.stack import ClientAccount, Stack, password_of

SSO_COOKIE = "gatehouse_sso"


def authorize_url(stack: Stack, account: ClientAccount, **changes) -> str:
    """An authorization request of a client; None takes a parameter away."""
    query = {
        "client_id": account.id, "redirect_uri": account.redirect_uri, "response_type": "code", "scope": "openid email offline_access",
        "state": "state-of-the-client", "nonce": "nonce-of-the-client", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    } | changes
    return f"{stack.issuer}/auth?{urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})}"


def authorize(browser: Client, stack: Stack, account: ClientAccount, **changes) -> requests.Response:
    """Where the browser gets to: a page of ours, or the redirect to the client."""
    return browser.follow(
        browser.get(authorize_url(stack, account, **changes)), until=lambda target: target.startswith(account.redirect_uri))


def answer(response: requests.Response) -> dict[str, str]:
    """What a redirect to a client says; empty for pages."""
    return {name: values[0] for name, values in parameters(response.headers.get("location", "")).items()}


def is_login(response: requests.Response) -> bool:
    return response.status_code == 200 and 'type="password"' in response.text


def send(browser: Client, page: requests.Response, account: ClientAccount, /, **fields: str) -> requests.Response:
    """Sends the page's form and follows it to the client, or to the next page."""
    form = Page(page.url, page.text).forms[0]
    return browser.follow(browser.submit(form, **fields), until=lambda target: target.startswith(account.redirect_uri))


def sign_in(browser: Client, stack: Stack, account: ClientAccount, email: str = "bob@example.com", **changes) -> requests.Response:
    page = authorize(browser, stack, account, **changes)
    assert is_login(page), page.text[:300]
    return send(browser, page, account, login=email, password=password_of(email))


def tokens(stack: Stack, account: ClientAccount, response: requests.Response) -> dict:
    """What the client gets for the code of a redirect."""
    reply = exchange(stack, account, answer(response)["code"])
    assert reply.status_code == 200, reply.text
    return reply.json()


def eventually(ready, what: str, timeout: float = 15):
    deadline = time.monotonic() + timeout
    while not (result := ready()):
        assert time.monotonic() < deadline, f"no {what} after {timeout} s"
        time.sleep(0.1)
    return result
