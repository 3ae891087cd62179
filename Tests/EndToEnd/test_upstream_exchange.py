"""Exchanging access tokens of upstreams for tokens of ours (RFC 8693): only those that were issued to our client there."""
import base64
import json
import secrets
import time

import pytest

from support.client import Client
from support.jws import Key
from support.ledger import LEDGER
from support.ports import free_ports
from support.scripted_provider import ScriptedProvider
from support.social import CLIENT, SECRET, Answer, GitHub, GitLab, Google, Microsoft
from support.upstreams import UpstreamStack

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN, ID_TOKEN = (f"urn:ietf:params:oauth:token-type:{kind}_token" for kind in ("access", "id"))
EXCHANGER = LEDGER.add(secrets.token_urlsafe(24), "secret of a client that exchanges")
TENANT, OTHER_TENANT = "8f1c2a5e-9d3b-4c6a-8e7f-0a1b2c3d4e5f", "11111111-2222-4333-8444-555555555555"


class TokenProvider(ScriptedProvider):
    """Its userinfo endpoint takes the tokens in `live`, and its introspection endpoint tells of those in `told`."""

    def reset(self) -> None:
        super().reset()
        self.live: dict[str, str] = {}
        self.told: dict[str, dict] = {}
        self.fault = 0

    def shown(self, sub: str = "subject-1", key: Key | None = None, typ: str = "at+jwt", **changes) -> str:
        """A JWT (RFC 9068) with some claims changed; None takes one away."""
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": sub, "aud": "https://api.example.org", "client_id": self.client_id, "iat": now,
                  "exp": now + 300, "jti": secrets.token_urlsafe(8)} | changes
        token = (key or self.key).sign({name: value for name, value in claims.items() if value is not None}, typ=typ)
        return self.opaque(token)

    def opaque(self, token: str = "", **told) -> str:
        token = LEDGER.add(token or secrets.token_urlsafe(24), "access token of an upstream")
        self.live[token] = self.subject
        if told:
            self.told[token] = {"active": True} | told
        return token

    def answer(self, handler, body: bytes) -> None:
        path = handler.path.split("?")[0]
        if path not in ("/userinfo", "/introspect"):
            return super().answer(handler, body)
        self.requests.append(f"{handler.command} {path}")
        if self.fault:
            return self._send(handler, self.fault, b"", {})
        kind, _, given = handler.headers.get("authorization", "").partition(" ")
        if path == "/introspect":
            assert (kind, base64.b64decode(given).decode()) == ("Basic", f"{self.client_id}:{self.client_secret}")
            token = body.decode().split("token=")[1].split("&")[0]
            return self._json(handler, self.told.get(token, {"active": False}))
        if kind != "Bearer" or given not in self.live:
            return self._json(handler, {"error": "invalid_token"}, 401)
        self._json(handler, {"sub": self.live[given], "email": "eve@example.org", "email_verified": True, "name": "Eve Example"})


@pytest.fixture(scope="module")
def signing():
    provider = TokenProvider(free_ports(1)[0], "gatehouse-client", SECRET)
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def introspecting():
    provider = TokenProvider(free_ports(1)[0], "gatehouse-client", SECRET)
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def services(artifacts):
    folder = artifacts / "logs" / "upstream-exchange"
    services = {kind.__name__.lower(): kind(folder) for kind in (GitHub, GitLab, Microsoft, Google)}
    yield services
    for service in services.values():
        service.stop()


@pytest.fixture(scope="module")
def place(artifacts, signing, introspecting, services):
    def oidc(provider, **more):
        return {"issuer": provider.issuer, "clientID": provider.client_id, "clientSecret": {"env": "UPSTREAM_SECRET"}} | more

    oauth = {"clientID": "gatehouse-client", "clientSecret": {"env": "UPSTREAM_SECRET"}, "userIDKey": "sub",
             "authorizationURL": f"{signing.issuer}/authorize", "tokenURL": f"{signing.issuer}/token",
             "userInfoURL": f"{signing.issuer}/userinfo", "claimMapping": {"userNameKey": "name"},
             "insecureSkipTokenAudience": True}
    options = [
        ("signing", "oidc", oidc(signing)), ("introspecting", "oidc", oidc(introspecting)),
        ("trusting", "oidc", oidc(signing, insecureSkipTokenAudience=True)), ("oauth", "oauth", oauth),
        ("github", "github", services["github"].connection()), ("gitlab", "gitlab", services["gitlab"].connection()),
        ("github-org", "github", services["github"].connection() | {"orgs": [{"name": "unknown"}]}),
        ("microsoft", "microsoft", services["microsoft"].connection() | {"tenant": TENANT}),
        ("microsoft-any", "microsoft", services["microsoft"].connection() | {"tenant": "common"}),
        ("microsoft-trusting", "microsoft",
         services["microsoft"].connection() | {"tenant": TENANT, "insecureSkipTokenAudience": True}),
        ("google", "google", services["google"].connection()),
        ("google-domain", "google", services["google"].connection() | {"hostedDomains": ["example.com"]}),
    ]
    stack = UpstreamStack(artifacts / "logs" / "upstream-exchange", [
        {"id": name, "type": kind, "name": name, kind: value} for name, kind, value in options])
    stack.further_environment = {"UPSTREAM_SECRET": SECRET}
    stack.configuration["provider"]["clients"] += [
        {"id": name, "secret": EXCHANGER, "grantTypes": ["token_exchange"],
         "exchangeConnectors": [name for name, *_ in options]} | more
        for name, more in (("builds", {}), ("builds-mfa", {"mfa": "required"}))]
    introspecting.discovery = lambda document: document | {"introspection_endpoint": f"{introspecting.issuer}/introspect"}
    stack.start()
    yield stack
    stack.kill()


@pytest.fixture(autouse=True)
def good(signing, introspecting, services, place):
    for service in [signing, introspecting, *services.values()]:
        service.reset()
    introspecting.discovery = lambda document: document | {"introspection_endpoint": f"{introspecting.issuer}/introspect"}
    before = place.gatehouse.pid
    yield
    assert place.gatehouse.running and place.gatehouse.pid == before, place.gatehouse.tail()


def exchange(place, connector: str, token: str, client: str = "builds", kind: str = ACCESS_TOKEN):
    return Client().post(f"{place.web}/token", auth=(client, EXCHANGER), data={
        "grant_type": GRANT, "connector_id": connector, "subject_token": token, "subject_token_type": kind,
        "requested_token_type": ID_TOKEN, "scope": "openid email profile groups offline_access"})


def told(place, connector: str, token: str) -> dict:
    """The claims of our ID token."""
    answer = exchange(place, connector, token)
    assert answer.status_code == 200, answer.text
    reply = answer.json()
    assert reply["issued_token_type"] == ID_TOKEN and "refresh_token" not in reply
    return place.claims_of({"id_token": LEDGER.add(reply["access_token"], "ID token")})


def refused(place, connector: str, token: str, reason: str, **more) -> None:
    answer = exchange(place, connector, token, **more)
    assert answer.status_code == 400, answer.text
    [line] = place.audit(answer.json()["reference"])
    assert reason in line["reason"], line


# OpenID providers.

def test_a_token_of_our_client(place, signing):
    claims = told(place, "signing", signing.shown())
    assert claims["email"] == "eve@example.org" and claims["name"] == "Eve Example" and claims["aud"] == "builds"
    assert "GET /userinfo" in signing.requests
    signed_in = place.claims(place.sign_in("signing"))
    assert claims["sub"] == signed_in["sub"], "who signs in by a browser is the same"


def test_a_token_that_was_made_for_us_by_another_client(place, signing):
    assert told(place, "signing", signing.shown(client_id="frontend", aud=["api", signing.client_id]))["email"]
    assert told(place, "signing", signing.shown(client_id=None, azp=signing.client_id, typ="JWT"))["email"]


@pytest.mark.parametrize(("changes", "reason"), [
    ({"client_id": "another-application"}, "client: issued neither to our client nor for it"),
    ({"client_id": "gatehouse-client-2", "aud": ["gatehouse"]}, "client: issued neither"),
    ({"client_id": ["gatehouse-client"], "aud": None}, "client: issued neither"),
    ({"iss": "https://elsewhere.example.org"}, "iss: missing or not"), ({"iss": None}, "iss: missing or not"),
    ({"exp": 1700000000}, "exp: in the past"), ({"exp": None}, "exp: missing"), ({"nbf": 4000000000}, "nbf: in the future"),
    ({"cnf": {"jkt": "thumbprint"}}, "cnf: bound to a key"), ({"typ": "logout+jwt"}, "typ: another kind of token"),
    ({"sub": None}, "sub: missing"), ({"sub": "somebody-else"}, "userinfo: sub is missing or not the token's"),
])
def test_a_token_of_ours_alone_signs_in(place, signing, changes, reason):
    token = signing.shown(**changes)
    asked = len(signing.requests)
    refused(place, "signing", token, reason)
    assert "userinfo" in reason or "GET /userinfo" not in signing.requests[asked:], "the upstream is not even asked"


def test_what_cannot_be_verified(place, signing):
    asked = len(signing.requests)
    for token in (signing.opaque(), signing.shown(key=signing.other_key), signing.shown() + "x"):
        refused(place, "signing", token, "client: neither the token nor the provider says for whom it was issued")
    assert "GET /userinfo" not in signing.requests[asked:]


def test_a_token_that_was_revoked(place, signing):
    token = signing.shown()
    signing.live.clear()
    refused(place, "signing", token, "userinfo: the access token is not accepted")


@pytest.mark.parametrize(("answer", "reason"), [
    ({"client_id": "gatehouse-client", "sub": "subject-1"}, None), ({"client_id": "other", "aud": "gatehouse-client"}, None),
    ({"client_id": "other", "sub": "subject-1"}, "client: issued neither"), ({"sub": "subject-1"}, "client: issued neither"),
    ({"client_id": "gatehouse-client", "active": False}, "active: the provider says that it is not valid"),
    ({"client_id": "gatehouse-client", "sub": "somebody-else"}, "userinfo: sub is missing"),
    ({"client_id": "gatehouse-client", "exp": 1700000000}, "exp: in the past"),
    ({"client_id": "gatehouse-client", "iss": "https://elsewhere.example.org"}, "iss: missing or not"),
])
def test_an_opaque_token_is_asked_about(place, introspecting, answer, reason):
    token = introspecting.opaque(**answer)
    if reason:
        return refused(place, "introspecting", token, reason)
    assert told(place, "introspecting", token)["email"] == "eve@example.org"
    assert introspecting.requests[-2:] == ["POST /introspect", "GET /userinfo"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_an_upstream_that_is_away_is_no_refusal(place, introspecting, status):
    token = introspecting.opaque(client_id="gatehouse-client")
    introspecting.fault = status
    answer = exchange(place, "introspecting", token)
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    introspecting.fault = 0
    assert told(place, "introspecting", token)["email"]


def test_the_operator_may_trust_every_client(place, signing):
    other = signing.shown(client_id="another-application")
    assert told(place, "trusting", other)["email"] == "eve@example.org"
    assert told(place, "oauth", signing.opaque())["email"] == "eve@example.org"
    signing.live.clear()
    refused(place, "trusting", other, "userinfo: the access token is not accepted")
    refused(place, "oauth", other, "the API does not accept the access token")


def test_a_second_factor_is_not_gone_round(place, signing):
    answer = exchange(place, "signing", signing.shown(), client="builds-mfa")
    assert answer.json()["error"] == "invalid_grant" and "second factor" in answer.json()["error_description"]


def test_types_of_tokens(place, signing, services):
    for kind in ("urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:refresh_token", ACCESS_TOKEN + "x"):
        answer = exchange(place, "signing", signing.shown(), kind=kind)
        assert answer.status_code == 400 and "subject_token_type" in answer.json()["error_description"], answer.text
    refused(place, "github", services["github"].shown("user:email"), "the upstream has no ID tokens", kind=ID_TOKEN)


# Services.

def microsoft_token(services, client: str = CLIENT, tenant: str = TENANT, claim: str = "appid") -> str:
    service = services["microsoft"]
    token = Key("graph", "ES256").sign({
        "aud": "https://graph.microsoft.com", "iss": f"https://sts.windows.net/{tenant}/", claim: client, "tid": tenant,
        "exp": int(time.time()) + 3600}, nonce="only Graph can check the signature")
    return service.shown("user.read directory.read.all", client, token)


SCOPES = {"github": "user:email", "gitlab": "read_user openid", "google": "openid email"}


@pytest.mark.parametrize("connector", ["github", "gitlab", "google", "microsoft"])
def test_a_services_token(place, services, connector):
    service = services[connector]
    mine = microsoft_token(services) if connector == "microsoft" else service.shown(SCOPES[connector])
    foreign = (microsoft_token(services, "another-application") if connector == "microsoft"
               else service.shown(SCOPES[connector], "another-application"))
    claims = told(place, connector, mine)
    assert claims["email"].lower().endswith("@example.org") and claims["email_verified"] is True
    asked = len(service.requests)
    reason = {"github": "client: the upstream does not know the token as ours (404)", "google": "client: issued neither"}
    refused(place, connector, foreign, reason.get(connector, "client: the access token was issued to another client"))
    profile = {"github": "/user", "gitlab": "/api/v4/user", "google": "/v1/userinfo", "microsoft": "/v1.0/me"}[connector]
    assert f"GET {profile}" not in service.requests[asked:], "nothing is asked with a token that is not ours"
    service.revoke()
    assert exchange(place, connector, mine).status_code == 400


def test_the_connectors_own_rules_hold(place, services):
    refused(place, "github-org", services["github"].shown("user:email read:org"), "in none of the organisations and teams")
    refused(place, "google-domain", services["google"].shown("openid email"), "not of one of the hosted domains")
    services["gitlab"].user["state"] = "blocked"
    refused(place, "gitlab", services["gitlab"].shown(SCOPES["gitlab"]), "the account is not active")


def test_a_persons_own_token_of_gitlab(place, services):
    refused(place, "gitlab", services["gitlab"].shown(SCOPES["gitlab"], client=""), "client: the access token was issued to another")


def test_microsofts_tenants(place, services):
    refused(place, "microsoft", microsoft_token(services, tenant=OTHER_TENANT), "tid: not the id of the tenant")
    refused(place, "microsoft-trusting", microsoft_token(services, tenant=OTHER_TENANT), "tid: not the id of the tenant")
    assert told(place, "microsoft-trusting", microsoft_token(services, client="another-application"))["email"]
    assert told(place, "microsoft-any", microsoft_token(services, tenant=OTHER_TENANT, claim="azp"))["email"]
    opaque = services["microsoft"].shown("user.read")
    refused(place, "microsoft", opaque, "tid: the token does not say")
    refused(place, "microsoft-any", opaque, "client: the upstream does not say to whom")


@pytest.mark.parametrize(("connector", "path"), [
    ("github", "/applications/"), ("github", "/user"), ("gitlab", "/oauth/token/info"), ("microsoft", "/v1.0/me"), ("google", "/v1/userinfo")])
def test_a_service_that_is_away(place, services, connector, path):
    service = services[connector]
    token = microsoft_token(services) if connector == "microsoft" else service.shown(SCOPES[connector])
    service.faults[path] = Answer(503, {}, {"retry-after": "17"})
    answer = exchange(place, connector, token)
    assert answer.status_code == 503 and answer.headers["retry-after"] in ("17", "30"), answer.text
    service.faults.clear()
    assert exchange(place, connector, token).status_code == 200


def test_no_token_is_in_the_log(place, signing):
    token = signing.shown(client_id="another-application")
    refused(place, "signing", token, "client:")
    assert token not in place.gatehouse.log.read_text() and json.dumps(token) not in place.gatehouse.log.read_text()
