"""The data path behind Envoy Gateway's objects, in a real Envoy: sign-in, who passes, forged headers, tricks with paths."""
import pytest

from support import raw
from support.envoy_gateway import EnvoyGateway, OverHTTP, WithTokens
from support.stack import COOKIE, OWNED_HEADERS
from test_headers import FORGED, forgeries, owned
from test_paths import TRICKS, opens_admin

PROGRAM = ("accept", "application/json")
KINDS = {"grpc": EnvoyGateway, "http": OverHTTP, "token": WithTokens}


@pytest.fixture(scope="module", params=KINDS)
def place(request, make_stack):
    stack = make_stack(f"envoy-gateway-{request.param}", kind=KINDS[request.param])
    yield stack
    assert stack.gatehouse.running and stack.envoy.running
    stack.stop()


@pytest.fixture(scope="module")
def bob(place):
    """The login page, the callback and the dashboard have come through the gateway."""
    client = place.signed_in("bob@example.com", place.url)
    return ("cookie", f"{COOKIE}={client.cookie(COOKIE)}")


def ask(place, target: str, *headers):
    return raw.request(place.port, target, [PROGRAM, *headers])


def test_strangers_do_not_pass(place):
    with place.nothing_reaches_an_application():
        assert ask(place, "/echo/x").status == 401
        assert ask(place, "/").status == 401
        assert ask(place, "/echo/x", ("authorization", "Bearer of-nothing")).status == 401


def test_a_user_passes_with_our_headers(place, bob):
    response = ask(place, "/echo/x", bob)
    assert response.status == 200
    seen = owned(response)
    assert seen["kubeflow-userid"] == seen["x-auth-request-email"] == ["bob@example.com"]
    [assertion] = seen["x-gatehouse-assertion"]
    assert assertion.count(".") == 2
    assert COOKIE not in str(response.json()["headers"].get("cookie", ""))


def test_rules_hold(place, bob):
    with place.nothing_reaches_an_application():
        assert ask(place, "/team-a/x", bob).status == 403
        assert ask(place, "/closed/x", bob).status == 403


FORGERIES = [lines for name in OWNED_HEADERS for _, lines in forgeries(name)] + [
    [(name, FORGED)] for name in ("x-auth-request-other", "X_Auth_Request_Other", "kubeflow.userid", "Kubeflow_userid")]


@pytest.mark.parametrize("path", ["/public/x", "/echo/x"])
def test_nobody_forges_an_identity(place, bob, path):
    passed = 0
    for lines in FORGERIES:
        response = ask(place, path, bob, *lines)
        assert response.status in (200, 400), lines  # a name or a value that HTTP does not have is refused
        assert FORGED.encode() not in response.body, lines
        passed += response.status == 200
    assert passed > len(FORGERIES) / 2


def test_an_open_page_has_no_identity(place):
    response = ask(place, "/public/x", ("kubeflow-userid", FORGED), ("x-gatehouse-assertion", FORGED))
    assert response.status == 200
    assert not [value for values in owned(response).values() for value in values if value]


def test_no_spelling_of_a_path_opens_another(place, bob):
    for target in TRICKS:
        before = place.hit_counts()
        ask(place, target, bob)
        for hit in place.new_hits(before):
            assert not opens_admin(hit.split(" ", 1)[1]), f"{target} reached an application as {hit}"


def test_nobody_passes_while_gatehouse_is_away(place, bob):
    place.gatehouse.stop()
    try:
        with place.nothing_reaches_an_application():
            assert ask(place, "/echo/x", bob).status == 503
            assert ask(place, "/public/x").status == 503
    finally:
        place.start_gatehouse()
    place.wait_until_open()
    assert ask(place, "/echo/x", bob).status == 200
