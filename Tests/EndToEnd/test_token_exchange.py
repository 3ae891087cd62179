"""Applications that are given tokens of their own, for the session's access token (RFC 8693)."""
import base64
import concurrent.futures
import contextlib
import json
import secrets
import sqlite3
import ssl
import time

import pytest

from support import raw
from support.certificates import Authority
from support.client import Client
from support.exchanging_provider import ACCESS_TOKEN, GRANT, ExchangingProvider
from support.ledger import LEDGER
from support.ports import free_ports
from support.stack import COOKIE
from support.strict_provider import StrictProvider, client_key

PROGRAM = {"accept": "application/json"}
# Seconds for which a provider that was away is left alone.
OUTAGE = 5


class BoundProvider(StrictProvider, ExchangingProvider):
    """Exchanges tokens for clients that prove their key and themselves."""


@pytest.fixture(scope="module")
def provider():
    provider = ExchangingProvider(free_ports(1)[0], "outside-client", LEDGER.add(secrets.token_urlsafe(24), "client secret"))
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def exchanging(make_stack, provider):
    def change(configuration):
        service = configuration["authService"]
        service["providers"] = [{
            "id": "corp", "issuer": provider.issuer, "clientID": provider.client_id, "clientSecret": {"file": "corp.secret"},
            "scopes": ["openid", "email", "offline_access"],
        }]
        service["identity"]["accessTokenHeader"] = "x-session-token"
        service["bearer"] = [{"issuer": provider.issuer, "audiences": ["robots"]}]
        service["rules"] = [
            {"paths": ["/public/*"], "allow": "anyone"},
            {"paths": ["/echo/orders/*"], "allow": "signedIn", "tokenExchange": {"audience": "orders-api"}},
            {"paths": ["/echo/also-orders/*"], "allow": "signedIn", "tokenExchange": {"audience": "orders-api"}},
            {"paths": ["/echo/billing/*"], "allow": "signedIn", "tokenExchange": {
                "audience": ["billing", "ledger"], "resources": ["https://billing.example"],
                "scopes": ["invoices.read", "invoices.write"], "tokenType": "jwt", "header": "X-Billing-Token"}},
            {"paths": ["/echo/in-place/*"], "allow": "signedIn", "tokenExchange": {
                "audience": "in-place", "header": "x-session-token"}},
        ]
        del configuration["provider"]

    stack = make_stack("token-exchange", change, start=False)
    (stack.folder / "corp.secret").write_text(provider.client_secret)
    (stack.folder / "corp.secret").chmod(0o600)
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()


@pytest.fixture(params=["grpc", "http"])
def url(request, exchanging) -> str:
    return exchanging.grpc_url if request.param == "grpc" else exchanging.http_url


def signed_in(url: str) -> Client:
    client = Client()
    assert client.follow(client.get(f"{url}/echo/")).status_code == 200
    return client


def seen(response) -> dict:
    """What the application saw."""
    assert response.status_code == 200, f"{response.status_code}: {response.text[:300]}"
    return {name: [value for value in values if value] for name, values in response.json()["headers"].items()}


def token_of(client: Client, url: str, path: str = "/echo/orders/") -> str:
    scheme, _, token = seen(client.get(f"{url}{path}", headers=PROGRAM))["authorization"][0].partition(" ")
    assert scheme == "Bearer"
    return token


def audit_lines(stack, event: str) -> list[dict]:
    lines = [json.loads(line) for line in stack.gatehouse.text().splitlines() if '"audit"' in line]
    return [line for line in lines if line.get("event") == event]


def test_the_application_gets_its_own_token(url, provider):
    client = signed_in(url)
    token = token_of(client, url)
    assert token.startswith("orders-api.") and token != provider.access_token
    assert provider.exchanges == [{
        "grant_type": [GRANT], "subject_token": [provider.access_token], "subject_token_type": [ACCESS_TOKEN],
        "audience": ["orders-api"], "requested_token_type": [ACCESS_TOKEN],
    }]
    basic = base64.b64encode(f"{provider.client_id}:{provider.client_secret}".encode()).decode()
    assert provider.exchange_headers[0]["authorization"] == f"Basic {basic}"
    assert seen(client.get(f"{url}/echo/orders/"))["x-session-token"] == [provider.access_token]


def test_everything_that_can_be_asked_is(url, provider):
    provider.exchange_reply = lambda reply: reply | {"token_type": "N_A", "scope": "invoices.read invoices.write openid"}
    got = seen(signed_in(url).get(f"{url}/echo/billing/", headers=PROGRAM))
    assert got["x-billing-token"][0].startswith("billing-ledger.") and not got.get("authorization")
    form = provider.exchanges[0]
    assert form["audience"] == ["billing", "ledger"] and form["resource"] == ["https://billing.example"]
    assert form["scope"] == ["invoices.read invoices.write"]
    assert form["requested_token_type"] == ["urn:ietf:params:oauth:token-type:jwt"]


def test_it_stands_in_place_of_the_sessions_token(url, provider):
    client = signed_in(url)
    got = seen(client.get(f"{url}/echo/in-place/", headers=PROGRAM))["x-session-token"]
    assert len(got) == 1 and got[0].startswith("in-place.")
    assert seen(client.get(f"{url}/echo/", headers=PROGRAM))["x-session-token"] == [provider.access_token]


def test_it_is_got_once_for_a_session(exchanging, provider):
    client, other = signed_in(exchanging.grpc_url), signed_in(exchanging.http_url)
    paths = ["/echo/orders/a", "/echo/orders/b", "/echo/also-orders/"]
    tokens = {token_of(client, url, path) for _ in range(3) for url in exchanging.gateways for path in paths}
    assert len(tokens) == 1 and len(provider.exchanges) == 1
    assert token_of(other, exchanging.grpc_url) not in tokens and len(provider.exchanges) == 2


def test_fifty_requests_at_once_exchange_once(exchanging, provider):
    value = signed_in(exchanging.grpc_url).cookie(COOKIE)
    provider.exchange_delay = 0.5

    def one(number: int) -> list[str]:
        port = exchanging.ports.grpc_gateway if number % 2 else exchanging.ports.http_gateway
        response = raw.request(port, "/echo/orders/", [("accept", "application/json"), ("cookie", f"{COOKIE}={value}")])
        assert response.status == 200
        return response.json()["headers"]["authorization"]

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(one, range(50)))
    assert len({answer[0] for answer in answers}) == 1 and all(len(answer) == 1 for answer in answers)
    assert len(provider.exchanges) == 1


def test_a_new_one_is_got_when_it_ends(url, provider):
    provider.exchange_reply = lambda reply: reply | {"expires_in": 4}
    client = signed_in(url)
    began = time.monotonic()
    first = token_of(client, url)
    while time.monotonic() - began < 2:
        assert token_of(client, url) == first
    time.sleep(2.5)
    assert token_of(client, url) != first and len(provider.exchanges) == 2


def test_a_refusal_is_a_page_with_a_reference(exchanging, provider, url):
    client = signed_in(url)
    provider.exchange_error = "invalid_target"
    with exchanging.nothing_reaches_an_application():
        page = client.get(f"{url}/echo/orders/")
        answer = client.get(f"{url}/echo/orders/", headers=PROGRAM)
    assert page.status_code == answer.status_code == 403 and "did not issue one" in page.text
    assert answer.json()["error"] == "access_denied"
    lines = {line["reference"]: line for line in audit_lines(exchanging, "refusal")}
    line = lines[answer.json()["reference"]]
    assert line["rule"] == "rules[1]" and line["reason"] == "token exchange: the provider says invalid_target"
    assert any(reference in page.text for reference in lines)
    assert len(provider.exchanges) == 1, "a refusal stands for a while"
    assert client.get(f"{url}/echo/", headers=PROGRAM).status_code == 200
    provider.exchange_error = None
    assert token_of(signed_in(url), url), "a new session is asked about at once"


@pytest.mark.parametrize(("change", "check"), [
    ({"token_type": "DPoP"}, "token_type"), ({"token_type": "N_A"}, "token_type"), ({"token_type": None}, "token_type"),
    ({"issued_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}, "issued_token_type"),
    ({"issued_token_type": None}, "issued_token_type"), ({"access_token": "t" * 8193}, "size"),
    ({"access_token": "a\r\nx-admin: 1"}, "access_token"), ({"access_token": ""}, "access_token"),
    ({"expires_in": 0}, "expires_in"), ({"expires_in": 1e300}, "expires_in"), ({"expires_in": "300"}, "expires_in"),
])
def test_a_reply_that_does_not_pass_is_refused(exchanging, provider, url, change, check):
    client = signed_in(url)
    provider.exchange_reply = lambda reply: {
        name: value for name, value in (reply | change).items() if value is not None}
    with exchanging.nothing_reaches_an_application():
        answer = client.get(f"{url}/echo/orders/", headers=PROGRAM)
    assert answer.status_code == 403
    lines = {line["reference"]: line for line in audit_lines(exchanging, "refusal")}
    assert lines[answer.json()["reference"]]["reason"].startswith(f"token exchange: {check}: ")


@pytest.mark.parametrize("status", [500, 503, 429, 404])
def test_a_provider_that_is_away_lets_nobody_pass(exchanging, provider, url, status):
    client = signed_in(url)
    provider.exchange_status = status
    with exchanging.nothing_reaches_an_application():
        for headers in (PROGRAM, None):
            answer = client.get(f"{url}/echo/orders/", headers=headers) if headers else client.get(f"{url}/echo/orders/")
            assert answer.status_code == 503
            # Over HTTP Envoy puts an answer of its own in place of any 5xx of the authorization service.
            assert url != exchanging.grpc_url or int(answer.headers["retry-after"]) > 0
    assert len(provider.exchanges) == 1
    assert client.get(f"{url}/echo/", headers=PROGRAM).status_code == 200


def test_it_goes_on_when_the_provider_is_back(exchanging, provider):
    client = signed_in(exchanging.grpc_url)
    provider.exchange_status = 503
    assert client.get(f"{exchanging.grpc_url}/echo/orders/", headers=PROGRAM).status_code == 503
    provider.exchange_status = None
    time.sleep(OUTAGE + 0.5)
    assert token_of(client, exchanging.grpc_url) == token_of(client, exchanging.http_url)


@pytest.mark.parametrize("name", ["authorization", "Authorization", "x-billing-token", "X_Billing_Token", "X-Session_Token"])
@pytest.mark.parametrize("path", ["/echo/orders/", "/echo/billing/", "/echo/", "/public/"])
def test_no_client_sends_one(exchanging, provider, url, name, path):
    if name.lower() == "authorization":
        # A bearer token that nobody has issued is refused; a scheme that is not ours to read must not go on either.
        value = "Digest forged"
    else:
        value = "forged"
    cookie = signed_in(url).cookie(COOKIE)
    port = exchanging.ports.grpc_gateway if url == exchanging.grpc_url else exchanging.ports.http_gateway
    response = raw.request(port, path, [("accept", "application/json"), ("cookie", f"{COOKIE}={cookie}"), (name, value)])
    assert response.status == 200 and b"forged" not in response.body


def test_a_bearer_token_is_not_exchanged(exchanging, provider, url):
    now = int(time.time())
    token = LEDGER.add(provider.key.sign({
        "iss": provider.issuer, "sub": "robot", "aud": "robots", "iat": now, "exp": now + 300,
    }, typ="at+jwt"), "bearer token")
    headers = PROGRAM | {"authorization": f"Bearer {token}"}
    with exchanging.nothing_reaches_an_application():
        refused = Client().get(f"{url}/echo/orders/", headers=headers)
    assert refused.status_code == 403 and provider.exchanges == []
    assert not seen(Client().get(f"{url}/echo/", headers=headers)).get("authorization"), "the header is ours everywhere"


def make_due(stack) -> None:
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db", timeout=10)) as database:
        database.execute("update sessions set refresh_due_at = ?", [int(time.time()) - 1])
        database.execute("insert into session_changes (key) select key from sessions")
        database.commit()
    time.sleep(1.2)


def test_the_sessions_token_is_renewed_first(exchanging, provider, url):
    provider.gives_refresh_tokens()
    client = signed_in(url)
    old = provider.access_token
    provider.access_token = LEDGER.add(secrets.token_urlsafe(24), "second access token")
    make_due(exchanging)
    got = seen(client.get(f"{url}/echo/orders/", headers=PROGRAM))
    assert provider.exchanges[-1]["subject_token"] == [provider.access_token] != [old]
    assert got["x-session-token"] == [provider.access_token], "and the application sees the new one as well"


def test_the_applications_see_the_renewed_token(exchanging, provider, url):
    provider.gives_refresh_tokens()
    client = signed_in(url)
    provider.access_token = LEDGER.add(secrets.token_urlsafe(24), "second access token")
    make_due(exchanging)
    deadline = time.monotonic() + 10
    while seen(client.get(f"{url}/echo/", headers=PROGRAM))["x-session-token"] != [provider.access_token]:
        assert time.monotonic() < deadline, "the renewed access token did not arrive"
        time.sleep(0.1)


def test_who_is_signed_out_gets_nothing(exchanging, provider, url):
    client = signed_in(url)
    assert token_of(client, url)
    with contextlib.closing(sqlite3.connect(exchanging.folder / "gatehouse.db", timeout=10)) as database:
        database.execute("insert into session_changes (key) select key from sessions")
        database.execute("delete from sessions")
        database.commit()
    time.sleep(1.2)
    with exchanging.nothing_reaches_an_application():
        assert client.get(f"{url}/echo/orders/", headers=PROGRAM).status_code == 401


# A provider that insists on certificates of its own, a signed assertion of the client, and proofs of a key.


class Bound:
    def __init__(self, make_stack):
        key, pem = client_key()
        self.stack = make_stack("token-exchange-bound", start=False)
        folder = self.stack.folder
        authority = Authority(folder)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(*authority.issue("server", "localhost"))
        self.authority = authority
        self.provider = BoundProvider(
            free_ports(1)[0], "outside-client", LEDGER.add(secrets.token_urlsafe(24), "client secret"), key, server)
        (folder / "client-key.pem").write_bytes(pem)
        (folder / "client-key.pem").chmod(0o600)
        service = self.stack.configuration["authService"]
        service["providers"] = [{
            "id": "corp", "issuer": self.provider.issuer, "clientID": self.provider.client_id, "dpop": True,
            "tokenEndpointAuth": "private_key_jwt", "clientKey": {"file": "client-key.pem"}, "clientKeyID": key.kid,
            "connection": {"caFile": "ca.crt"},
        }]
        service["rules"] = [
            {"paths": ["/echo/orders/*"], "allow": "signedIn", "tokenExchange": {"audience": "orders-api"}}]
        del self.stack.configuration["provider"]
        self.stack.start()

    def signed_in(self, url: str) -> Client:
        client = Client()
        client.session.verify = str(self.authority.file)
        response = client.follow(client.get(f"{url}/echo/"))
        assert response.status_code == 200, (response.text[:300], self.provider.problems)
        return client

    def stop(self) -> None:
        self.stack.stop()
        self.provider.stop()


@pytest.fixture(scope="module")
def bound(make_stack):
    bound = Bound(make_stack)
    yield bound
    bound.stop()


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
def test_the_client_proves_itself_as_everywhere(bound, gateway):
    url = getattr(bound.stack, gateway)
    bound.provider.problems.clear()
    client = bound.signed_in(url)
    before = (len(bound.provider.authenticated), len(bound.provider.proved))
    bound.provider.exchanges.clear()
    assert token_of(client, url).startswith("orders-api.")
    assert bound.provider.problems == [] and len(bound.provider.exchanges) == 1
    assert bound.provider.authenticated[before[0]:] == ["private_key_jwt"]
    assert bound.provider.proved[before[1]:] == ["/token"]


def test_a_token_that_is_bound_to_our_key_goes_to_nobody(bound):
    client = bound.signed_in(bound.stack.grpc_url)
    bound.provider.exchange_reply = lambda reply: reply | {"token_type": "DPoP"}
    with bound.stack.nothing_reaches_an_application():
        answer = client.get(f"{bound.stack.grpc_url}/echo/orders/", headers=PROGRAM)
    bound.provider.exchange_reply = lambda reply: reply
    assert answer.status_code == 403
