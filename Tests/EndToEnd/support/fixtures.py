"""Fixtures that most modules need in the same form: `guarded = stack_fixture("name", {…})`, `url = both_gateways("guarded")`."""
import pytest

from support.outside import outside_stack
from support.ports import free_ports
from support.provider_clients import add_clients
from support.scripted_provider import ScriptedProvider


def stack_fixture(name: str, service: dict | None = None):
    """A stack of the module's own; `service` is what differs in `authService`."""

    @pytest.fixture(scope="module")
    def own_stack(make_stack):
        stack = make_stack(name, lambda configuration: configuration["authService"].update(service or {}))
        yield stack
        stack.stop()

    return own_stack


def outside_fixture(name: str, service: dict | None = None, **options):
    """The same with the module's `provider` outside; the rest as `outside_stack` takes it."""

    @pytest.fixture(scope="module")
    def own_outside_stack(make_stack, provider):
        stack = outside_stack(make_stack, name, provider, service, **options)
        yield stack
        stack.stop()

    return own_outside_stack


def provider_fixture(name: str):
    """A stack of the module's own whose provider knows the clients of `provider_clients`; a module names it `provider`."""

    @pytest.fixture(scope="module")
    def own_provider(make_stack):
        stack = make_stack(name, start=False)
        add_clients(stack.configuration, stack.folder)
        stack.start()
        yield stack
        stack.stop()

    return own_provider


def upstream_fixture(secret: str):
    """A scripted provider of the module's own, at which ours is the client `gatehouse-client`; a module names it `upstream`."""

    @pytest.fixture(scope="module")
    def own_upstream():
        upstream = ScriptedProvider(free_ports(1)[0], "gatehouse-client", secret)
        yield upstream
        upstream.stop()

    return own_upstream


def both_gateways(stack: str):
    """The address of each of the two gateways of a stack, which is named by its fixture."""

    @pytest.fixture(params=["grpc_url", "http_url"])
    def gateway_of_stack(request) -> str:
        return getattr(request.getfixturevalue(stack), request.param)

    return gateway_of_stack
