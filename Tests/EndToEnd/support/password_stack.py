"""A Gatehouse whose users type their passwords at its provider. No gateway: browsers come by the web listener."""
import urllib.parse

from support import jws
from support.client import Client, parameters
from support.code_flow import CHALLENGE, SCOPE, VERIFIER
from support.directory import password_of
from support.html import Page
from support.stack import Stack


class PasswordStack(Stack):
    @property
    def issuer(self) -> str:
        return f"{self.web}/dex"

    @property
    def web(self) -> str:
        return f"http://localhost:{self.ports.web}"

    def start(self) -> None:
        self.write()
        self.start_gatehouse()

    def authorize(self, connector: str | None, browser: Client | None = None):
        query = urllib.parse.urlencode({
            "client_id": self.apps_account.id, "redirect_uri": self.apps_account.redirect_uri, "response_type": "code",
            "scope": SCOPE, "code_challenge": CHALLENGE, "code_challenge_method": "S256"})
        browser = browser or Client()
        path = f"/dex/auth/{connector}" if connector else "/dex/auth"
        return browser, browser.follow(browser.get(f"{self.web}{path}?{query}"))

    def try_password(self, connector: str, login: str, password: str):
        browser, page = self.authorize(connector)
        form = Page(page.url, page.text).form_with("login", "password")
        return browser.submit(form, login=login, password=password)

    def tokens(self, connector: str, login: str) -> dict:
        answer = self.try_password(connector, login, password_of(login.split("@")[0].split(".")[0]))
        assert answer.status_code == 303, f"{answer.status_code}: {Page(answer.url, answer.text).text}"
        code = parameters(answer.headers["location"])["code"][0]
        return self.token({"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER,
                           "redirect_uri": self.apps_account.redirect_uri}).json()

    def token(self, form: dict):
        return Client().post(f"{self.web}/dex/token", data=form, auth=(self.apps_account.id, self.apps_account.secret))

    def claims(self, connector: str, login: str) -> dict:
        return jws.claims_of(self.tokens(connector, login)["id_token"])
