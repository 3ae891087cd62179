"""Health: of the process, of what it needs, and as gRPC asks for it."""
import contextlib
import sqlite3
import urllib.error
import urllib.request

import pytest

from support import extauthz
from support.client import Client
from support.stack import COOKIE, password_of


@pytest.mark.parametrize("name", ["livez", "readyz"])
def test_it_is_well(stack, name):
    assert stack.health(name) == 200


@pytest.mark.parametrize("name", ["", "metricsx", "../readyz", "readyz/x"])
def test_there_is_nothing_else_there(stack, name):
    assert stack.health(name) == 404


@pytest.mark.parametrize("name", ["livez", "readyz"])
def test_health_is_not_on_the_gateways(gateway, stack, name):
    with stack.nothing_reaches_an_application(), pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{gateway}/{name}", timeout=5)
    assert refused.value.code == 401


@pytest.mark.parametrize("service", ["", "envoy.service.auth.v3.Authorization"])
def test_grpc_health(stack, service):
    assert extauthz.health(stack.ports.check_grpc, service) == 1


def test_the_provider_has_its_own(stack):
    with urllib.request.urlopen(f"{stack.issuer}/healthz", timeout=5) as response:
        assert response.status == 200


def test_a_store_that_fails_closes_the_gate(make_stack):
    stack = make_stack("store-gone")
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db")) as database:
        database.execute("drop table sessions")
        database.commit()
    for url in stack.gateways:
        with stack.nothing_reaches_an_application():
            client = Client()
            client.set_cookie(COOKIE, "A" * 43)
            answer = client.get(f"{url}/echo/", headers={"accept": "application/json"})
            assert answer.status_code == 503
            if url == stack.grpc_url:
                # Over HTTP Envoy reads a 5xx as an error of ours, and answers by itself.
                assert answer.headers["retry-after"]
            # Nor does anybody get in by signing in.
            client = Client()
            answer = client.sign_in(f"{url}/echo/", "bob@example.com", password_of("bob@example.com"))
            assert answer.status_code == 503 and client.cookie(COOKIE) is None
    assert stack.gatehouse.running and stack.health("livez") == 200
    stack.stop()
