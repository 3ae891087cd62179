"""Our relying party signs people in through a provider that we did not write."""
import secrets
import time

import pytest

from support.client import Client
from support.foreign_provider import ForeignProvider
from support.ledger import LEDGER
from support.ports import free_ports


@pytest.fixture(scope="module")
def foreign(make_stack):
    """A Gatehouse without a provider of its own, and idpyoidc's provider beside it."""
    port = free_ports(1)[0]
    secret = LEDGER.add(secrets.token_urlsafe(24), "client secret at the foreign provider")

    def change(configuration):
        configuration["authService"]["providers"] = [{
            "id": "foreign", "issuer": f"http://127.0.0.1:{port}", "clientID": "rp", "clientSecret": {"file": "rp.secret"},
            "scopes": ["openid", "email", "profile"],
        }]
        del configuration["provider"]

    stack = make_stack("foreign-provider", change, start=False)
    (stack.folder / "rp.secret").write_text(secret)
    (stack.folder / "rp.secret").chmod(0o600)
    # Started before the provider is there: neither the start nor the first refusals may spoil anything.
    stack.start()
    early = Client().get(f"{stack.grpc_url}/echo/")
    provider = ForeignProvider(
        port, stack.folder, "rp", secret, [f"{url}/_gatehouse/callback" for url in stack.gateways])
    deadline = time.monotonic() + 15
    while Client().get(f"{stack.grpc_url}/echo/").status_code != 302:
        assert time.monotonic() < deadline, "the sign-in did not recover by itself"
        time.sleep(0.2)
    yield stack, provider, early
    provider.stop()
    stack.stop()


def test_before_the_provider_is_there_nobody_gets_in(foreign):
    _, _, early = foreign
    assert early.status_code in (302, 502, 503)


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
def test_signing_in(foreign, gateway):
    stack, provider, _ = foreign
    client = Client()
    response = client.follow(client.get(f"{getattr(stack, gateway)}/echo/where?x=1"))
    assert response.status_code == 200, (response.text[:300], provider.problems)
    assert response.json()["path"] == "/echo/where?x=1"
    headers = response.json()["headers"]
    assert headers["kubeflow-userid"] == ["diana@example.org"]
    LEDGER.add(headers["x-gatehouse-assertion"][0], "assertion")
    assert {"GET /.well-known/openid-configuration", "GET /authorization", "POST /token", "GET /keys"} <= set(provider.requests)
    assert provider.problems == []


def test_discovery_and_keys_are_fetched_once_for_many_sign_ins(foreign):
    stack, provider, _ = foreign
    client = Client()
    client.follow(client.get(f"{stack.grpc_url}/echo/"))
    before = list(provider.requests)
    for _ in range(3):
        client = Client()
        assert client.follow(client.get(f"{stack.grpc_url}/echo/")).status_code == 200
    new = provider.requests[len(before):]
    assert new.count("POST /token") == 3
    assert "GET /.well-known/openid-configuration" not in new and "GET /keys" not in new
