"""OpenID providers over SQLite, seen alike: ours, and one that we did not write."""
import base64
import dataclasses
import urllib.parse

from bench.gatehouse import Gatehouse
from bench.workshop import Workshop
from support.client import Client
from support.code_flow import CHALLENGE, VERIFIER
from support.glewlwyd import Glewlwyd
from support.ports import free_ports
from support.program import Program
from support.stack import password_of

USER = "bob@example.com"


@dataclasses.dataclass
class OpenIDServer:
    """One provider with one client. Paths are on `url`; `cookie` is that of a browser in which somebody is signed in."""

    name: str
    program: Program
    url: str
    host: str
    discovery: str
    keys: str
    authorize: str
    token: str
    userinfo: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scope: str
    cookie: str = ""
    batch: int = 400
    """So many codes are prepared for a run: what it exchanges in some two seconds."""
    more: dict[str, str] = dataclasses.field(default_factory=dict)
    """Further parameters of its authorization requests."""

    @property
    def port(self) -> int:
        return urllib.parse.urlsplit(self.url).port

    @property
    def authorization(self) -> str:
        """The client's secret in a header (RFC 6749, section 2.3.1)."""
        return "Basic " + base64.b64encode(f"{self.client_id}:{urllib.parse.quote(self.client_secret)}".encode()).decode()

    @property
    def authorization_request(self) -> str:
        """Path and query."""
        return f"{self.authorize}?" + urllib.parse.urlencode({
            "client_id": self.client_id, "redirect_uri": self.redirect_uri, "response_type": "code", "scope": self.scope,
            "state": "state", "nonce": "nonce", "code_challenge": CHALLENGE, "code_challenge_method": "S256"} | self.more)

    @property
    def exchange(self) -> str:
        """The form for a code, without the code."""
        return urllib.parse.urlencode({
            "grant_type": "authorization_code", "redirect_uri": self.redirect_uri, "code_verifier": VERIFIER})

    @property
    def token_headers(self) -> dict[str, str]:
        return {
            "host": self.host, "authorization": self.authorization, "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded"}


def ours(gatehouse: Gatehouse) -> OpenIDServer:
    account = gatehouse.apps_account
    server = OpenIDServer(
        "Gatehouse", gatehouse.gatehouse, gatehouse.web_url, gatehouse.authority, "/dex/.well-known/openid-configuration",
        "/dex/keys", "/dex/auth", "/dex/token", "/dex/userinfo", account.id, account.secret, account.redirect_uri,
        "openid email profile offline_access")
    browser = Client()
    browser.sign_in(
        f"{server.url}{server.authorization_request}", USER, password_of(USER),
        until=lambda target: target.startswith(account.redirect_uri))
    server.cookie = cookies(browser)
    return server


def glewlwyd(workshop: Workshop) -> OpenIDServer:
    """Debian's: https://github.com/babelouest/glewlwyd, in C."""
    redirect_uri, secret = "http://127.0.0.1:5555/callback", "a-secret-for-benchmarks-only-0123456789"
    provider = workshop.end_with(Glewlwyd(free_ports(1)[0], workshop.folder, "app", secret, [redirect_uri]))
    browser = Client()
    provider.enter(browser)
    return OpenIDServer(
        "Glewlwyd", provider.program, provider.direct, urllib.parse.urlsplit(provider.direct).netloc,
        "/api/oidc/.well-known/openid-configuration", "/api/oidc/jwks", "/api/oidc/auth", "/api/oidc/token", "/api/oidc/userinfo",
        "app", secret, redirect_uri, "openid email profile", cookies(browser), 20, {"g_continue": ""})


def cookies(browser: Client) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.session.cookies)
