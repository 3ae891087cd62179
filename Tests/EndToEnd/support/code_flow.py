"""A client of our provider that does the code flow by hand, so that every step can be done wrong."""
import base64
import hashlib
import urllib.parse

import requests

from support.client import Client, parameters
from support.ledger import LEDGER
from support.stack import ClientAccount, Stack, password_of

VERIFIER = LEDGER.add("verifier-" + "v" * 55, "code verifier")
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
SCOPE = "openid email profile groups offline_access"


def code_for(stack: Stack, account: ClientAccount, email: str = "bob@example.com", browser: Client | None = None, **changes) -> str:
    """An authorization code, after a sign-in. `changes` are parameters of the request; None takes one away."""
    query = {
        "client_id": account.id, "redirect_uri": account.redirect_uri, "response_type": "code", "scope": SCOPE,
        "state": "state-of-the-client", "nonce": "nonce-of-the-client", "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes
    query = {name: value for name, value in query.items() if value is not None}
    response = (browser or Client()).sign_in(
        f"{stack.issuer}/auth?{urllib.parse.urlencode(query)}", email, password_of(email),
        until=lambda target: target.startswith(account.redirect_uri))
    assert "location" in response.headers, f"{response.status_code} at {response.url}: {response.text[:300]}"
    return parameters(response.headers["location"])["code"][0]


def token_request(stack: Stack, account: ClientAccount, form: dict | list, authorization: object = ..., **options) -> requests.Response:
    """A POST to the token endpoint, with the account's secret in the header unless `authorization` says otherwise.

    A None among the form's values takes the field away.
    """
    if isinstance(form, dict):
        form = {name: value for name, value in form.items() if value is not None}
    headers = {"accept": "application/json"} | options.pop("headers", {})
    if isinstance(authorization, str):
        headers["authorization"] = authorization
        authorization = None
    return Client().post(
        f"{stack.issuer}/token", data=form, headers=headers,
        auth=(account.id, account.secret) if authorization is ... else authorization, **options)


def exchange(stack: Stack, account: ClientAccount, code: str, **changes) -> requests.Response:
    """Sends a code to the token endpoint."""
    return token_request(stack, account, {
        "grant_type": "authorization_code", "code": code, "redirect_uri": account.redirect_uri, "code_verifier": VERIFIER,
    } | changes)


def refresh(stack: Stack, account: ClientAccount, token: str, **changes) -> requests.Response:
    """Sends a refresh token to the token endpoint."""
    return token_request(stack, account, {"grant_type": "refresh_token", "refresh_token": token} | changes)


def userinfo(stack: Stack, access_token: str) -> requests.Response:
    return Client().get(f"{stack.issuer}/userinfo", headers={"authorization": f"Bearer {access_token}"})
