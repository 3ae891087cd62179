"""The programs that most tests share: one Gatehouse, one Envoy with both kinds of check, two applications."""
import pathlib
import secrets
import shutil
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from support import paths
from support.client import Client
from support.ledger import LEDGER
from support.ports import free_ports
from support.scripted_provider import ScriptedProvider
from support.stack import Stack

# The fixtures of the certification plans, which several modules share.
pytest_plugins = ["support.conformance"]


@pytest.fixture(scope="session", autouse=True)
def artifacts() -> pathlib.Path:
    """An empty folder for logs and screenshots."""
    folder = paths.ARTIFACTS
    for part in ("logs", "screenshots"):
        shutil.rmtree(folder / part, ignore_errors=True)
        (folder / part).mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def make_stack(artifacts):
    """Makes stacks that end with the session. `change` gets the configuration (a dict) before the start; `kind` is the class."""
    stacks: list[Stack] = []

    def make(name: str, change=None, start: bool = True, kind=Stack) -> Stack:
        stack = kind(artifacts / "logs" / name)
        stacks.append(stack)
        if change:
            change(stack.configuration)
        if start:
            stack.start()
        return stack

    yield make
    for stack in stacks:
        stack.kill()


@pytest.fixture(scope="session")
def stack(make_stack) -> Stack:
    """The one that most tests share; no test may stop it."""
    return make_stack("shared")


@pytest.fixture(params=["grpc", "http"])
def gateway(request, stack) -> str:
    """The address of the gateway, once for each way in which it asks."""
    return stack.grpc_url if request.param == "grpc" else stack.http_url


@pytest.fixture(scope="module")
def provider():
    """An outside provider that does what it is told."""
    provider = ScriptedProvider(free_ports(1)[0], "outside-client", secrets.token_urlsafe(24))
    yield provider
    provider.stop()


@pytest.fixture(scope="session")
def admin(stack) -> Client:
    """Signed in as admin@example.com; tests only read with it."""
    return stack.signed_in("admin@example.com")


@pytest.fixture(scope="session")
def bob(stack) -> Client:
    """Signed in as bob@example.com; tests only read with it."""
    return stack.signed_in("bob@example.com")


@pytest.fixture
def client() -> Client:
    """A new browser profile."""
    return Client()


@pytest.fixture(autouse=True)
def same_process(request):
    """Whatever a test sends, the shared Gatehouse goes on as the same process."""
    shared = request.getfixturevalue("stack") if "stack" in request.fixturenames else None
    before = shared.gatehouse.pid if shared else None
    yield
    if shared:
        assert shared.gatehouse.running and shared.gatehouse.pid == before, shared.gatehouse.tail()


@pytest.fixture
def nothing_new(request):
    """For what is refused: when all else that the test needs is there, nothing reaches an application, and the store gets nothing."""
    others = [request.getfixturevalue(name) for name in request.fixturenames if name not in ("nothing_new", "request")]
    with next(other for other in others if isinstance(other, Stack)).nothing_comes_of_it():
        yield


def pytest_sessionfinish():
    """Leaves what one of several processes has used to the one that looks at all logs."""
    if paths.WORKER and paths.ARTIFACTS.exists():
        LEDGER.write(paths.ARTIFACTS / "secrets.json")


# Files whose tests take minutes: begun first, they are not what everything else has to wait for in the end.
LONG = (
    "test_anonymous.py", "test_cookie_refresh.py", "test_store_outage.py", "test_loops.py", "test_remember.py", "test_gateways.py",
    "test_faults_postgres.py", "test_faults_redis.py", "test_faults_sqlite.py", "test_istio.py")


def pytest_collection_modifyitems(items):
    """What looks at all that the others left behind comes last."""
    items.sort(key=lambda item: (item.path.name == "test_zz_logs.py", item.path.name not in LONG))
