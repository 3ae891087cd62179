"""Health: of the process, of what it needs, and as gRPC asks for it."""
import contextlib
import sqlite3
import urllib.error
import urllib.request

import pytest

from support import extauthz


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


def test_a_store_that_is_gone_is_not_ready_and_closes_the_gate(make_stack):
    stack = make_stack("store-gone")
    client = stack.signed_in("bob@example.com")
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db")) as database:
        database.execute("drop table sessions")
        database.commit()
    stack.gatehouse.wait_until(lambda: stack.health("readyz") == 503, "the readiness is withdrawn", timeout=15)
    assert stack.health("livez") == 200
    with stack.nothing_reaches_an_application():
        fresh = client.get(f"{stack.grpc_url}/echo/", headers={"accept": "application/json", "cookie": "gatehouse=" + "A" * 43})
        assert fresh.status_code in (401, 503)
    assert stack.gatehouse.running
    stack.stop()
