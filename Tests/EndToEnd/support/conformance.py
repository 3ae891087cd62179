"""The provider that the certification plans are run against, over TLS, with the clients that they need; and what the tests share."""
import json
import secrets
import time

import pytest
import requests
from idpyoidc.message.oidc.session import EndSessionRequest

from support.certificates import Authority
from support.client import Client
from support.clock import Clock
from support.ledger import LEDGER
from support.logout_listener import LogoutListener
from support.ports import free_ports
from support.provider_clients import KEY
from support.relying_party import WANTS_A_PAGE, RelyingParty
from support.stack import ClientAccount, Stack

CALLBACK = "https://suite.example.com/callback"
LOGGED_OUT = "https://suite.example.com/logged-out"


class CertifiedProvider(Stack):
    """The provider alone, without a gateway. Its clock can be moved, forward only."""

    def __init__(self, folder):
        super().__init__(folder)
        self.authority = Authority(folder)
        self.authority.issue("web", "localhost", "127.0.0.1")
        self.registration_token = self.write_secret("registration.token", secrets.token_urlsafe(24))
        self.listener = LogoutListener(free_ports(1)[0])
        self.accounts: dict[str, ClientAccount] = {}
        self.ahead = 0
        self._clock = Clock(self)
        web = {"address": self.configuration["listen"]["web"], "tls": {
            "certificate": {"file": "web.crt"}, "key": {"file": "web.key"}}}
        self.configuration = {
            "listen": {"web": web, "admin": self.configuration["listen"]["admin"]},
            "storage": self.configuration["storage"], "log": self.configuration["log"],
            "provider": {
                "issuer": self.issuer, "registration": {"token": {"file": "registration.token"}},
                "users": self.configuration["provider"]["users"], "clients": self._clients(),
            },
        }

    @property
    def issuer(self) -> str:
        return f"https://localhost:{self.ports.web}/dex"

    def _clients(self) -> list[dict]:
        def at_listener() -> dict:
            return {"redirectURIs": [f"{self.listener.url}/callback"], "postLogoutRedirectURIs": [f"{self.listener.url}/bye"]}

        (self.folder / "keys.jwks").write_text(json.dumps({"keys": [KEY.jwk()]}))
        return [
            self._client("suite", postLogoutRedirectURIs=[LOGGED_OUT]), self._client("suite-2"),
            self._client("suite-post", tokenEndpointAuth="client_secret_post"), self._client("suite-signed", jwksFile="keys.jwks"),
            self._client("suite-back", **at_listener(), backChannelLogoutURI=f"{self.listener.url}/logout"),
            self._client("suite-front", **at_listener(), frontChannelLogoutURI=f"{self.listener.url}/frame"),
        ]

    def _client(self, name: str, **settings) -> dict:
        settings = {"redirectURIs": [CALLBACK]} | settings
        account = ClientAccount(name, secrets.token_urlsafe(24), settings["redirectURIs"][0])
        self.accounts[name] = account
        self.write_secret(f"{name}.secret", account.secret)
        proof = {} if "jwksFile" in settings else {"secret": {"file": f"{name}.secret"}}
        return {"id": name} | proof | settings

    def begin(self) -> None:
        self.write()
        self.start_gatehouse()

    def kill(self) -> None:
        super().kill()
        self.listener.stop()

    # Time.

    def wait(self, seconds: int) -> None:
        """For the provider so much time passes at once."""
        self.ahead += seconds
        self._clock.move(self.ahead)

    @property
    def now(self) -> int:
        return int(time.time()) + self.ahead

    # What everybody may know of it.

    def read(self, url: str) -> requests.Response:
        return requests.get(url, timeout=10, verify=self.authority.file)

    def discovery(self) -> dict:
        return self.read(f"{self.issuer}/.well-known/openid-configuration").json()

    def keys(self) -> dict:
        return self.read(self.discovery()["jwks_uri"]).json()

    def register(self, **metadata) -> requests.Response:
        """Asks for a client to be registered (RFC 7591)."""
        response = requests.post(
            f"{self.issuer}/register", json={"redirect_uris": [CALLBACK]} | metadata, timeout=10, verify=self.authority.file,
            headers={"authorization": f"Bearer {self.registration_token}"})
        if response.status_code == 201:
            LEDGER.add(response.json().get("client_secret"), "secret of a registered client")
        return response


def end_session(party: RelyingParty, **parameters: str) -> str:
    """The address that signs out, as idpyoidc makes it."""
    return EndSessionRequest(**parameters).request(party.about["end_session_endpoint"])


def is_signed_out(party: RelyingParty, browser: Client) -> bool:
    """What the provider says of `prompt=none`."""
    told = party.answer(party.go(browser, party.request(prompt="none")))
    assert ("code" in told) != ("error" in told) and told.get("error") in {None, *WANTS_A_PAGE}
    return "error" in told


@pytest.fixture(scope="session")
def certified(artifacts):
    provider = CertifiedProvider(artifacts / "logs" / "conformance")
    try:
        provider.begin()
        yield provider
    finally:
        provider.kill()


@pytest.fixture
def visitor(certified) -> Client:
    """A new browser that trusts the provider's certificate."""
    client = Client()
    client.session.verify = str(certified.authority.file)
    return client


@pytest.fixture(params=["default", "form_post"])
def mode(request) -> str:
    """How answers come: as in the Basic plan, and as in the Form Post plan."""
    return request.param


@pytest.fixture
def party(certified, mode) -> RelyingParty:
    """The client of most modules."""
    return RelyingParty(certified, certified.accounts["suite"], mode)
