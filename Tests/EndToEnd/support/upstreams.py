"""A Gatehouse whose users sign in elsewhere. No gateway: browsers come by the web listener."""
import contextlib
import json
import urllib.parse

import requests

from support import jws
from support.client import Client, parameters
from support.code_flow import CHALLENGE, SCOPE, VERIFIER
from support.html import Page
from support.stack import Stack


class UpstreamStack(Stack):
    """`connectors` are entries of `provider.connectors`."""

    def __init__(self, folder, connectors: list[dict], **provider):
        super().__init__(folder)
        self.configuration["provider"] |= {"issuer": self.web, "connectors": json.loads(json.dumps(connectors))} | provider

    @property
    def web(self) -> str:
        return f"http://localhost:{self.ports.web}/dex"

    def start(self) -> None:
        self.write()
        self.start_gatehouse()

    # A client of the provider, and its browser.

    def authorization_url(self, connector: str | None = None, scope: str = SCOPE, **more) -> str:
        query = {
            "client_id": self.apps_account.id, "redirect_uri": self.apps_account.redirect_uri, "response_type": "code",
            "scope": scope, "state": "state-of-the-client", "nonce": "nonce-of-the-client", "code_challenge": CHALLENGE,
            "code_challenge_method": "S256"} | more
        return f"{self.web}/auth{f'/{connector}' if connector else ''}?{urllib.parse.urlencode(query)}"

    def authorize(self, browser: Client, connector: str | None = None, scope: str = SCOPE, **more) -> requests.Response:
        """The first redirect away from us, or the page that is shown instead."""
        url = self.authorization_url(connector, scope=scope, **more)
        return browser.follow(browser.get(url), until=lambda target: not target.startswith(self.web))

    def asked(self, browser: Client, connector: str, **more) -> dict[str, str]:
        """What the upstream is asked with."""
        response = self.authorize(browser, connector, **more)
        assert response.status_code == 303, f"{response.status_code}: {response.text[:500]}"
        return {name: values[0] for name, values in parameters(response.headers["location"]).items()}

    def back(self, browser: Client, url: str) -> requests.Response:
        """From the upstream's redirect to the client's, which is not followed, or to a page of ours."""
        return browser.follow(browser.get(url), until=lambda target: target.startswith(self.apps_account.redirect_uri))

    def sign_in(self, connector: str, browser: Client | None = None, **more) -> requests.Response:
        """All the way, at an upstream that asks nothing."""
        browser = browser or Client()
        response = self.authorize(browser, connector, **more)
        ours = (self.web, self.apps_account.redirect_uri)
        response = browser.follow(response, until=lambda target: target.startswith(ours[0] + "/callback") or target.startswith(ours[1]))
        return browser.follow(response, until=lambda target: target.startswith(ours[1]))

    def tokens(self, response: requests.Response) -> dict:
        assert "location" in response.headers, f"{response.status_code}: {Page(response.url, response.text).text}"
        return self.tokens_at(response.headers["location"])

    def tokens_at(self, url: str) -> dict:
        """For the code of a redirect's target."""
        answer = {name: values[0] for name, values in parameters(url).items()}
        assert "code" in answer, answer
        reply = self.token({"grant_type": "authorization_code", "code": answer["code"], "code_verifier": VERIFIER,
                            "redirect_uri": self.apps_account.redirect_uri})
        assert reply.status_code == 200, reply.text
        return reply.json()

    def claims(self, response: requests.Response) -> dict:
        return self.claims_of(self.tokens(response))

    @staticmethod
    def claims_of(tokens: dict) -> dict:
        return jws.claims_of(tokens["id_token"])

    def token(self, form: dict) -> requests.Response:
        return Client().post(f"{self.web}/token", data=form, auth=(self.apps_account.id, self.apps_account.secret))

    def refresh(self, tokens: dict) -> requests.Response:
        return self.token({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})

    # The log.

    def audit(self, reference: str | None = None) -> list[dict]:
        lines = []
        for line in self.gatehouse.log.read_text().splitlines():
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
                if entry.get("message") == "audit" and reference in (None, entry.get("reference")):
                    lines.append(entry)
        return lines

    def refused(self, response: requests.Response, status: int, reason: str, heading: str | None = None) -> None:
        """A page with a reference, and its one audit line; no session comes of it."""
        page = Page(response.url, response.text)
        assert response.status_code == status, f"{response.status_code}: {page.text}"
        reference = response.text.split("<code>")[1].split("</code>")[0]
        lines = self.audit(reference)
        assert len(lines) == 1 and reason in lines[0]["reason"], (lines, reason)
        assert heading is None or heading in page.text, page.text
        assert "gatehouse_sso=" not in response.headers.get("set-cookie", "")

