"""A client that we did not write (Authlib's), which looks at everything that it gets as the certification plans do."""
import secrets
import urllib.parse

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from idpyoidc.message.oidc import OpenIDSchema
from joserfc import jwk, jwt

from support.client import Client, parameters
from support.html import Page
from support.ledger import LEDGER
from support.stack import ClientAccount, password_of

BOB = "bob@example.com"
# OpenID Connect Core, section 3.1.2.6: the errors of prompt=none.
WANTS_A_PAGE = {"interaction_required", "login_required", "account_selection_required", "consent_required"}


class RelyingParty:
    """One client. Answers come in the query unless `mode` says `form_post`."""

    def __init__(self, provider, account: ClientAccount, mode: str = "default", method: str = "client_secret_basic"):
        self.provider = provider
        self.account = account
        self.mode = mode
        self.about = provider.discovery()
        self.nonce = self.state = None
        self.replies: list[requests.Response] = []
        self.session = OAuth2Session(
            account.id, account.secret, redirect_uri=account.redirect_uri, scope="openid", token_endpoint_auth_method=method,
            code_challenge_method="S256")
        self.session.trust_env, self.session.verify = False, str(provider.authority.file)
        for kind in ("access_token_response", "refresh_token_response"):
            self.session.register_compliance_hook(kind, self._keep)

    def _keep(self, reply: requests.Response) -> requests.Response:
        LEDGER.read_response(reply)
        self.replies.append(reply)
        return reply

    # The authorization request and its answer.

    def request(self, **changes) -> str:
        """The address of an authorization request; None takes a parameter away."""
        self.nonce, self.state = secrets.token_urlsafe(16), secrets.token_urlsafe(96)
        query = {"nonce": self.nonce} | ({"response_mode": self.mode} if self.mode != "default" else {}) | changes
        if not query["nonce"]:
            self.nonce = None
        address, _ = self.session.create_authorization_url(
            self.about["authorization_endpoint"], state=self.state,
            **{name: value for name, value in query.items() if value is not None})
        return address

    def go(self, browser: Client, address: str) -> requests.Response:
        """Where the browser gets to: a page of the provider, or the answer to this client."""
        return self._follow(browser, browser.get(address))

    def sign_in(self, browser: Client, address: str, email: str = BOB) -> requests.Response:
        """The same, with the password typed in, and everything allowed; a login page there must be."""
        return self.fill_in(browser, self.go(browser, address), email)

    def fill_in(self, browser: Client, page: requests.Response, email: str = BOB) -> requests.Response:
        form = Page(page.url, page.text).form_with("login", "password")
        response = self._follow(browser, browser.submit(form, login=email, password=password_of(email)))
        if 'name="decision"' in response.text:
            form = Page(response.url, response.text).form_with("decision")
            response = self._follow(browser, browser.submit(form, decision="allow"))
        return response

    def _follow(self, browser: Client, response: requests.Response) -> requests.Response:
        return browser.follow(response, until=lambda target: target.startswith(self.account.redirect_uri))

    def answer(self, response: requests.Response) -> dict[str, str]:
        """What the provider told this client, which must come in the way that was asked for and with our state."""
        if self.mode == "form_post":
            assert response.status_code == 200 and "location" not in response.headers, response.text[:300]
            form = Page(response.url, response.text).form_with("state")
            assert (form.method, form.action) == ("POST", self.account.redirect_uri)
            told = form.fields
        else:
            assert response.headers.get("location", "").startswith(self.account.redirect_uri + "?"), response.text[:300]
            told = {name: values[0] for name, values in parameters(response.headers["location"]).items()}
        LEDGER.add(told.get("code"), "code")
        assert told["state"] == self.state and told["iss"] == self.provider.issuer
        return told

    # Tokens.

    def tokens(self, response: requests.Response, **options) -> dict:
        """Exchanges the code of an answer; the reply has what RFC 6749, section 5.1, wants of it."""
        answer = self.answer(response)
        tokens = self.session.fetch_token(
            self.about["token_endpoint"], state=self.state,
            authorization_response=f"{self.account.redirect_uri}?{urllib.parse.urlencode(answer)}", **options)
        self.look_at_reply(self.replies[-1])
        return tokens

    def look_at_reply(self, reply: requests.Response) -> None:
        assert reply.status_code == 200 and reply.headers["content-type"].startswith("application/json")
        assert "no-store" in reply.headers["cache-control"] and "no-cache" in reply.headers["pragma"]
        told = reply.json()
        assert told["token_type"].lower() == "bearer" and told["access_token"] and told["expires_in"] > 0

    def claims(self, tokens: dict, **wanted) -> CodeIDToken:
        """The ID token's claims, verified by Authlib with the published keys. `wanted`: what else it is held against."""
        token = jwt.decode(
            tokens["id_token"], jwk.KeySet.import_key_set(self.provider.keys()),
            algorithms=self.about["id_token_signing_alg_values_supported"])
        claims = CodeIDToken(token.claims, token.header, {"iss": {"value": self.provider.issuer}}, {
            "nonce": self.nonce, "client_id": self.account.id, "access_token": tokens["access_token"]} | wanted)
        claims.validate(now=self.provider.now)
        assert claims["sub"].isascii() and len(claims["sub"]) <= 255
        assert claims["aud"] in (self.account.id, [self.account.id])
        return claims

    def complete(self, browser: Client, **changes) -> tuple[dict, CodeIDToken]:
        """The whole flow with a sign-in: tokens, and the claims of the ID token."""
        tokens = self.tokens(self.sign_in(browser, self.request(**changes)))
        return tokens, self.claims(tokens)

    # Userinfo.

    def userinfo(self, claims: dict, method: str = "GET", **options) -> dict:
        """As idpyoidc reads it, about whom the ID token is about."""
        reply = self.session.request(method, self.about["userinfo_endpoint"], **options)
        assert reply.status_code == 200 and reply.headers["content-type"].startswith("application/json"), reply.text
        told = OpenIDSchema(**reply.json())
        assert told.verify() and told["sub"] == claims["sub"]
        return told.to_dict()
