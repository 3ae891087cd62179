"""Clients of our provider beyond the code flow, as the tests of its endpoints need them."""
import hashlib
import json
import secrets

import requests

from support import jws
from support.client import Client
from support.ledger import LEDGER
from support.stack import Stack

KEY = jws.Key("client-key", "ES256")
RSA_KEY = jws.Key("client-rsa-key", "RS256")
FOREIGN_KEY = jws.Key("client-key", "ES256")
CLUSTER_KEY = jws.Key("cluster-key", "ES256")
CLUSTER = "https://cluster.example.com"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECRETS = {
    name: LEDGER.add(secrets.token_urlsafe(24), f"secret of client {name}")
    for name in ("machine", "sealed", "opaque", "peer", "few", "old", "hashed-1", "hashed-2", "pusher", "posted")
}
REGISTRATION_TOKEN = LEDGER.add(secrets.token_urlsafe(24), "registration token")
CALLBACK = "http://127.0.0.1:5557/callback"


def secret(name: str) -> dict:
    return {"secret": SECRETS[name]}


def add_clients(configuration: dict, folder) -> None:
    """Takes them into a configuration; key sets become files beside it."""
    (folder / "client.jwks").write_text(json.dumps({"keys": [KEY.jwk(), RSA_KEY.jwk()]}))
    (folder / "cluster.jwks").write_text(json.dumps({"keys": [CLUSTER_KEY.jwk()]}))
    hashes = [
        "sha256:" + hashlib.sha256(SECRETS[name].encode()).hexdigest() for name in ("hashed-1", "hashed-2")]
    provider = configuration["provider"]
    provider["signingAlgorithms"] = ["RS256", "ES256", "EdDSA"]
    provider["passwordConnector"] = "local"
    provider["assertionIssuers"] = [{"id": "cluster", "issuer": CLUSTER, "jwksFile": "cluster.jwks"}]
    (folder / "registration.token").write_text(REGISTRATION_TOKEN)
    (folder / "registration.token").chmod(0o600)
    provider["registration"] = {"token": {"file": "registration.token"}}
    provider["clients"] += [
        {"id": "signer", "jwksFile": "client.jwks"} | {"redirectURIs": [CALLBACK]},
        {"id": "sealed", "tokenEndpointAuth": "client_secret_jwt"} | secret("sealed") | {"redirectURIs": [CALLBACK]},
        {"id": "hashed", "secretHashes": hashes} | {"redirectURIs": [CALLBACK]},
        {"id": "posted", "tokenEndpointAuth": "client_secret_post"} | secret("posted") | {"redirectURIs": [CALLBACK]},
        {"id": "pusher", "requirePushedRequests": True, "idTokenAlgorithm": "EdDSA"} | secret("pusher") | {"redirectURIs": [CALLBACK]},
        {"id": "strict", "jwksFile": "client.jwks", "requireSignedRequests": True} | {"redirectURIs": [CALLBACK]},
        {"id": "machine", "grantTypes": ["client_credentials", "token_exchange", "jwt_bearer"],
         "scopes": ["openid", "email", "api:read", "api:write"], "exchangeAudiences": ["https://archive.example.com"]}
        | secret("machine"),
        {"id": "opaque", "accessTokenFormat": "opaque", "accessTokenLifetime": "5m",
         "audience": ["https://api.example.com", "machine"]} | secret("opaque") | {"redirectURIs": [CALLBACK]},
        {"id": "peer", "trustedPeers": ["app", "machine"]} | secret("peer") | {"redirectURIs": [CALLBACK]},
        {"id": "few", "groups": ["admins"], "name": "For few"} | secret("few") | {"redirectURIs": [CALLBACK]},
        {"id": "old", "grantTypes": ["password", "refresh_token"]} | secret("old"),
        {"id": "tv", "public": True, "name": "Television <&>"},
    ]


def post(stack: Stack, path: str, form: dict, auth: tuple | None = None, **options) -> requests.Response:
    form = {name: value for name, value in form.items() if value is not None}
    return Client().post(
        f"{stack.issuer}{path}", data=form, auth=auth, headers={"accept": "application/json"} | options.pop("headers", {}),
        **options)


def as_client(name: str) -> tuple[str, str]:
    return name, SECRETS[name]


def assert_refused(response: requests.Response, error: str, status: int = 400) -> None:
    """RFC 6749, section 5.2, and a word that stands in the audit log, too."""
    assert (response.status_code, response.json().get("error")) == (status, error), response.text
    assert response.headers["cache-control"] == "no-store"
    assert not {"access_token", "id_token", "refresh_token"} & response.json().keys()


def audit_lines(stack: Stack, **wanted: str) -> list[dict]:
    lines = [json.loads(line) for line in stack.gatehouse.text().splitlines() if '"audit"' in line or '"event"' in line]
    return [line for line in lines if all(wanted[name] in str(line.get(name, "")) for name in wanted)]
