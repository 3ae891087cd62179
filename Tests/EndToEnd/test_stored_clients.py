"""Clients in the storage: made, changed and removed by API and commands, and what they get at the provider."""
import json
import secrets
import subprocess
import time

import pytest
import requests

from support import jws, paths
from support.client import Client, parameters
from support.code_flow import SCOPE, code_for, exchange, refresh, userinfo
from support.key_server import KeyServer
from support.ledger import LEDGER
from support.ports import free_ports
from support.provider_clients import audit_lines
from support.stack import ClientAccount

CALLBACK = "http://127.0.0.1:5558/callback"
KEY = jws.Key("stored-key", "ES256")
CHALLENGED_SECRET = LEDGER.add(secrets.token_urlsafe(24), "client secret")


def change(configuration):
    configuration["provider"]["storedClients"] = True
    configuration["provider"]["clients"].append(
        {"id": "challenged", "secret": CHALLENGED_SECRET, "requirePKCE": True, "redirectURIs": [CALLBACK]})


@pytest.fixture(scope="module")
def own(make_stack):
    stack = make_stack("stored-clients", change)
    yield stack
    stack.stop()


def api(stack, method: str, path: str = "", body=None) -> requests.Response:
    response = requests.request(method, f"http://127.0.0.1:{stack.ports.admin}/api/clients{path}", json=body, timeout=20)
    if "secret" in response.json():
        LEDGER.add(response.json()["secret"], "client secret")
    return response


def make(stack, identifier: str, **more) -> ClientAccount:
    made = api(stack, "POST", "", {"id": identifier, "redirect_uris": [CALLBACK], "skip_consent": True} | more)
    assert made.status_code == 201, made.text
    return ClientAccount(identifier, made.json().get("secret"), CALLBACK)


def tokens(stack, account: ClientAccount) -> dict:
    reply = exchange(stack, account, code_for(stack, account, browser=Client()))
    assert reply.status_code == 200, reply.text
    return reply.json()


def credentials(stack, account: ClientAccount, secret: str) -> requests.Response:
    return Client().post(f"{stack.issuer}/token", data={"grant_type": "refresh_token", "refresh_token": "x"}, auth=(account.id, secret))


def codes_without_a_challenge(stack, account: ClientAccount) -> str:
    """How the provider answers an authorization request without PKCE: an error, or nothing while it asks for a login."""
    response = Client().get(f"{stack.issuer}/auth", params={
        "client_id": account.id, "redirect_uri": account.redirect_uri, "response_type": "code", "scope": "openid", "state": "s"})
    return parameters(response.headers.get("location", "")).get("error", [""])[0]


def test_a_confidential_client_may_have_to_use_pkce(own):
    """RFC 9700 section 2.1.1: of the configuration, and of the storage; also where it pushes its request."""
    strict = ClientAccount("challenged", CHALLENGED_SECRET, CALLBACK)
    assert codes_without_a_challenge(own, strict) == "invalid_request" and tokens(own, strict)["id_token"]
    pushed = Client().post(f"{own.issuer}/par", auth=(strict.id, strict.secret), data={
        "redirect_uri": CALLBACK, "response_type": "code", "scope": "openid"})
    assert pushed.status_code == 400 and pushed.json()["error"] == "invalid_request"
    stored = make(own, "proves", require_pkce=True)
    assert api(own, "GET", "/proves").json()["client"]["require_pkce"] is True
    assert codes_without_a_challenge(own, stored) == "invalid_request" and tokens(own, stored)["id_token"]
    assert api(own, "PATCH", "/proves", {"require_pkce": False}).status_code == 200
    assert codes_without_a_challenge(own, stored) == ""


def test_a_client_from_beginning_to_end(own):
    account = make(own, "whole", name="The whole", groups=["team-b"])
    listed = {client["id"]: client for client in api(own, "GET").json()["clients"]}
    assert listed["whole"]["source"] == "storage" and listed["whole"]["secrets"] == 1 and listed["app"]["source"] == "configuration"
    assert account.secret not in json.dumps(listed)
    got = tokens(own, account)
    assert jws.claims_of(got["id_token"])["aud"] == "whole"
    assert refresh(own, account, got["refresh_token"]).status_code == 200
    assert audit_lines(own, event="client_changed", client="whole", reason="made")
    # From the next request on.
    assert api(own, "PATCH", "/whole", {"groups": ["admins"], "name": "Renamed"}).json()["client"]["name"] == "Renamed"
    assert refresh(own, account, got["refresh_token"]).status_code == 400
    assert api(own, "PATCH", "/whole", {"groups": None}).json()["client"].get("groups") is None
    assert tokens(own, account)
    assert api(own, "DELETE", "/whole").status_code == 200 and api(own, "GET", "/whole").status_code == 404
    assert credentials(own, account, account.secret).json()["error"] == "invalid_client"


def test_nothing_of_a_secret_is_stored_but_its_hash(own):
    account = make(own, "hashed-in-store")
    stored = b"".join(file.read_bytes() for file in own.folder.glob("gatehouse.db*"))
    assert b"hashed-in-store" in stored and account.secret.encode() not in stored


def test_several_secrets_at_once(own):
    account = make(own, "several")
    second = api(own, "POST", "/several/secrets")
    assert second.status_code == 201 and second.json()["client"]["secrets"] == 2
    for secret in (account.secret, second.json()["secret"]):
        assert credentials(own, account, secret).json()["error"] == "invalid_grant", "the secret is right"
    assert credentials(own, account, account.secret + "x").json()["error"] == "invalid_client"
    first = second.json()["client"]["secret_ids"][0]["id"]
    assert api(own, "DELETE", f"/several/secrets/{first}").json()["client"]["secrets"] == 1
    assert credentials(own, account, account.secret).json()["error"] == "invalid_client"
    assert credentials(own, account, second.json()["secret"]).json()["error"] == "invalid_grant"
    assert api(own, "DELETE", f"/several/secrets/{first}").status_code == 404
    for _ in range(4):
        assert api(own, "POST", "/several/secrets").status_code == 201
    assert api(own, "POST", "/several/secrets").status_code == 400


def test_a_disabled_client_has_no_tokens(own):
    account = make(own, "disabled", access_token_format="opaque")
    got = tokens(own, account)
    assert userinfo(own, got["access_token"]).status_code == 200
    assert api(own, "PATCH", "/disabled", {"disabled": True}).json()["client"]["disabled"] is True
    assert audit_lines(own, event="client_changed", client="disabled", reason="disabled")
    assert userinfo(own, got["access_token"]).status_code == 401
    assert refresh(own, account, got["refresh_token"]).json()["error"] == "invalid_client"
    page = Client().get(f"{own.issuer}/auth", params={"client_id": "disabled", "redirect_uri": CALLBACK, "response_type": "code", "scope": SCOPE})
    assert page.status_code == 400 and "location" not in page.headers
    assert api(own, "PATCH", "/disabled", {"disabled": False}).status_code == 200
    assert refresh(own, account, got["refresh_token"]).json()["error"] == "invalid_grant", "what ended stays ended"
    assert tokens(own, account)


def test_a_public_client(own):
    account = make(own, "public", public=True)
    assert account.secret is None
    assert api(own, "POST", "/public/secrets").status_code == 400
    assert api(own, "GET", "/public").json()["client"]["secrets"] == 0


def test_a_client_that_signs(own):
    made = api(own, "POST", "", {"id": "signing", "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [KEY.jwk()]},
                                 "grant_types": ["client_credentials"], "scopes": ["api:read"]})
    assert made.status_code == 201 and "secret" not in made.json()
    now = int(time.time())
    assertion = LEDGER.add(KEY.sign({"iss": "signing", "sub": "signing", "aud": own.issuer, "jti": "once", "iat": now, "exp": now + 60}), "assertion")
    reply = Client().post(f"{own.issuer}/token", data={
        "grant_type": "client_credentials", "scope": "api:read", "client_assertion": assertion,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"})
    assert reply.status_code == 200, reply.text
    LEDGER.add(reply.json()["access_token"], "access token")


def signed(stack, identifier: str, key=KEY) -> requests.Response:
    """A request for tokens by which the client proves itself with its key."""
    now = int(time.time())
    assertion = LEDGER.add(
        key.sign({"iss": identifier, "sub": identifier, "aud": stack.issuer, "jti": secrets.token_hex(8), "iat": now, "exp": now + 60}),
        "assertion")
    reply = Client().post(f"{stack.issuer}/token", data={
        "grant_type": "client_credentials", "scope": "api:read", "client_assertion": assertion,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"})
    LEDGER.add(reply.json().get("access_token"), "access token")
    return reply


def test_a_client_that_publishes_its_keys(own):
    other = jws.Key("other-key", "ES256")
    server = KeyServer(free_ports(1)[0], [KEY.jwk()])
    try:
        made = api(own, "POST", "", {
            "id": "publishing", "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": server.url,
            "grant_types": ["client_credentials"], "scopes": ["api:read"]})
        assert made.status_code == 201 and made.json()["client"]["jwks_uri"] == server.url and "secret" not in made.json()
        assert [signed(own, "publishing").status_code for _ in range(5)] == [200] * 5
        assert server.asked == 1, "the keys are kept"
        assert signed(own, "publishing", other).json()["error"] == "invalid_client"
        server.keys = [other.jwk()]
        assert [signed(own, "publishing", other).status_code for _ in range(5)] == [401] * 5
        assert server.asked == 2, "an unknown key has them fetched again once a minute at most"
        assert signed(own, "publishing").status_code == 200
        # Another address counts from the next request on.
        moved = KeyServer(free_ports(1)[0], [other.jwk()])
        try:
            assert api(own, "PATCH", "/publishing", {"jwks_uri": moved.url}).status_code == 200
            assert signed(own, "publishing", other).status_code == 200 and signed(own, "publishing").status_code == 401
        finally:
            moved.stop()
        assert api(own, "PATCH", "/publishing", {"jwks_uri": None}).status_code == 400
        assert api(own, "PATCH", "/publishing", {"jwks_uri": None, "jwks": {"keys": [KEY.jwk()]}}).status_code == 200
        assert signed(own, "publishing").status_code == 200
    finally:
        server.stop()


def test_keys_that_cannot_be_had_let_nobody_in(own):
    port = free_ports(1)[0]
    api(own, "POST", "", {
        "id": "away", "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": f"http://127.0.0.1:{port}/jwks",
        "grant_types": ["client_credentials"], "scopes": ["api:read"]})
    assert signed(own, "away").json()["error"] == "invalid_client"


def test_lifetimes_of_its_own(own):
    account = make(own, "brief", id_token_lifetime=120, access_token_lifetime=90, refresh_token_idle=3600)
    got = tokens(own, account)
    claims = jws.claims_of(got["id_token"])
    assert claims["exp"] - claims["iat"] == 120 and got["expires_in"] == 90
    access = jws.claims_of(got["access_token"])
    assert access["exp"] - access["iat"] == 90
    changed = api(own, "PATCH", "/brief", {"id_token_lifetime": None, "access_token_lifetime": 300}).json()["client"]
    assert "id_token_lifetime" not in changed and changed["access_token_lifetime"] == 300 and changed["refresh_token_idle"] == 3600
    assert refresh(own, account, got["refresh_token"]).json()["expires_in"] == 300


@pytest.mark.parametrize("method, path, body, status, says", [
    ("PATCH", "/app", {"name": "x"}, 409, "configuration"), ("DELETE", "/app", None, 409, "configuration"),
    ("POST", "/app/secrets", None, 409, "configuration"), ("DELETE", "/app/secrets/x", None, 409, "configuration"),
    ("POST", "", {"id": "app", "redirect_uris": [CALLBACK]}, 409, "configuration"),
    ("POST", "", {"id": "taken", "redirect_uris": [CALLBACK]}, 409, "with this id"),
    ("POST", "", {"id": "gh_dc_x", "redirect_uris": [CALLBACK]}, 400, "gh_dc_"), ("POST", "", {"id": "a b"}, 400, "visible"),
    ("POST", "", {}, 400, "redirect_uris"), ("POST", "", {"redirect_uris": ["http://app.example.com/cb"]}, 400, "http on loopback"),
    ("POST", "", {"redirect_uris": ["https://*.example.com/cb"]}, 400, "redirect_uris"),
    ("POST", "", {"redirect_uris": ["javascript:alert(1)"]}, 400, "redirect_uris"),
    ("POST", "", {"redirect_uris": [CALLBACK], "grant_types": ["implicit"]}, 400, "grant_types"),
    ("POST", "", {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt"}, 400, "jwks"),
    ("POST", "", {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_jwt"}, 400, "token_endpoint_auth_method"),
    ("POST", "", {"redirect_uris": [CALLBACK], "jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}, 400, "jwks"),
    ("POST", "", {"redirect_uris": [CALLBACK], "public": True, "grant_types": ["client_credentials"]}, 400, "public"),
    ("POST", "", {"redirect_uris": [CALLBACK], "jwks_uri": "http://169.254.169.254/jwks"}, 400, "jwks_uri"),
    ("POST", "", {"redirect_uris": [CALLBACK], "jwks_uri": "file:///etc/passwd"}, 400, "jwks_uri"),
    ("POST", "", {"redirect_uris": [CALLBACK], "jwks_uri": "https://a.example/jwks", "jwks": {"keys": [KEY.jwk()]}}, 400, "keep one"),
    ("POST", "", {"redirect_uris": [CALLBACK], "access_token_lifetime": 59}, 400, "access_token_lifetime"),
    ("POST", "", {"redirect_uris": [CALLBACK], "secret": "mine"}, 400, "`secret` is not known"),
    ("POST", "", {"redirect_uris": [CALLBACK], "name": None}, 400, "name"), ("POST", "", {"redirect_uris": [CALLBACK], "name": "a\nb"}, 400, "name"),
    ("PATCH", "/taken", {"redirect_uris": []}, 400, "redirect_uris"), ("PATCH", "/taken", {"id": "other"}, 400, "`id` is not known"),
    ("PATCH", "/nobody", {"name": "x"}, 404, "no such client"), ("DELETE", "/nobody", None, 404, "no such client"),
    ("PUT", "/taken", None, 405, "GET, PATCH, DELETE"), ("GET", "/taken/secrets", None, 405, "POST"), ("GET", "/taken/x", None, 404, "no such thing"),
])
def test_what_is_refused_is_said(own, method, path, body, status, says):
    if not any(client["id"] == "taken" for client in api(own, "GET").json()["clients"]):
        make(own, "taken")
    before = api(own, "GET").json()
    answer = api(own, method, path, body)
    assert answer.status_code == status and says in answer.json()["error"], answer.text
    assert api(own, "GET").json() == before


def test_clients_outlive_a_restart(own):
    account = make(own, "lasting")
    own.gatehouse.stop()
    own.start_gatehouse()
    assert tokens(own, account)


def gatehouse(stack, *arguments) -> str:
    done = subprocess.run([paths.GATEHOUSE, "clients", *arguments, "--config", stack.file], capture_output=True, text=True, timeout=20,
                          env=stack.gatehouse.environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands(own):
    secret = LEDGER.add(gatehouse(own, "add", "typed", "--name", "Typed", "--redirect-uri", CALLBACK).splitlines()[-1], "client secret")
    account = ClientAccount("typed", secret, CALLBACK)
    assert credentials(own, account, secret).json()["error"] == "invalid_grant"
    assert "typed\tTyped\tstorage\t1\tactive" in gatehouse(own, "list")
    other = LEDGER.add(gatehouse(own, "add-secret", "typed").splitlines()[-1], "client secret")
    assert gatehouse(own, "change", "typed", "--group", "team-b", "--group", "admins") == "changed\n"
    shown = gatehouse(own, "show", "typed")
    assert "groups\tteam-b,admins" in shown and secret not in shown and other not in shown
    first = json.loads(gatehouse(own, "show", "typed", "--json"))["client"]["secret_ids"][0]["id"]
    assert gatehouse(own, "delete-secret", "typed", first) == "deleted\n"
    assert credentials(own, account, secret).json()["error"] == "invalid_client"
    assert gatehouse(own, "disable", "typed") == "disabled\n" and gatehouse(own, "enable", "typed") == "enabled\n"
    assert credentials(own, account, other).json()["error"] == "invalid_grant"
    assert gatehouse(own, "delete", "typed") == "deleted\n"
    gatehouse(own, "add", "typed-key", "--redirect-uri", CALLBACK, "--token-endpoint-auth", "private_key_jwt", "--jwks-uri",
              "https://app.example.com/jwks", "--access-token-lifetime", "300")
    shown = gatehouse(own, "show", "typed-key")
    assert "jwks_uri\thttps://app.example.com/jwks" in shown and "access_token_lifetime\t300" in shown


def test_an_id_that_begins_with_a_dash(own):
    """Such an id is written after `--`, and as the value of an option after `=`."""
    make(own, "-hyphen")

    def run(*arguments) -> str:
        done = subprocess.run([paths.GATEHOUSE, *arguments[:2], "--config", own.file, *arguments[2:]], capture_output=True, text=True,
                              timeout=20, env=own.gatehouse.environment, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert json.loads(run("clients", "show", "--json", "--", "-hyphen"))["client"]["id"] == "-hyphen"
    assert json.loads(run("grants", "list", "--json", "--client=-hyphen"))["grants"] == []
    assert run("clients", "delete", "--", "-hyphen") == "deleted\n"
    assert api(own, "GET", "/-hyphen").status_code == 404


def test_without_stored_clients_there_are_none(stack):
    answer = requests.post(f"http://127.0.0.1:{stack.ports.admin}/api/clients", json={"redirect_uris": [CALLBACK]}, timeout=20)
    assert answer.status_code == 409 and "storedClients" in answer.json()["error"]
