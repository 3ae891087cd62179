"""The checks of nginx, Traefik, Caddy and HAProxy asked directly: what a gateway could get wrong is refused."""
import pytest

from support import raw
from support.gateways import HAProxy
from support.ports import answers
from support.stack import IDENTITY_HEADERS, OWNED_HEADERS

FORGED = "forged@example.net"
PATHS = ["/nginx", "/traefik", "/caddy", "/haproxy"]


def lines_of(path: str, target: str = "/public/x") -> list[tuple[str, str]]:
    """What the gateway says of a request for an open path."""
    first = "x-original-" if path == "/nginx" else "x-forwarded-"
    return [
        (first + "method", "GET"), (first + "uri", target), ("x-forwarded-host", "localhost"), ("x-forwarded-proto", "http"),
    ]


@pytest.fixture(params=PATHS)
def path(request) -> str:
    return request.param


@pytest.fixture(scope="session")
def distrustful(make_stack):
    """A Gatehouse whose gateways are all elsewhere."""
    def distrust(configuration):
        configuration["listen"]["trustedProxies"] = ["192.0.2.0/24"]

    stack = make_stack("distrustful", distrust, start=False)
    stack.write()
    stack.start_gatehouse()
    return stack


def test_an_open_path_passes(stack, path):
    assert raw.request(stack.ports.check_http, path, lines_of(path)).status == 200


def test_an_untrusted_peer_is_refused(distrustful, path):
    """Nobody else can have a request checked that they have made up."""
    assert raw.request(distrustful.ports.check_http, path, lines_of(path)).status == 403


@pytest.mark.parametrize("missing", ["method", "uri", "host", "proto"])
def test_a_check_that_says_too_little_is_refused(stack, path, missing):
    kept = [line for line in lines_of(path) if not line[0].endswith(missing)]
    assert raw.request(stack.ports.check_http, path, kept).status in (400, 403)


@pytest.mark.parametrize("name, value", [
    ("method", "POST"), ("uri", "/echo/x"), ("host", "open.example.com"), ("proto", "https"), ("proto", "http"),
])
def test_a_check_that_says_two_things_is_refused(stack, path, name, value):
    lines = lines_of(path)
    again = next(line for line in lines if line[0].endswith(name))
    assert raw.request(stack.ports.check_http, path, [*lines, (again[0], value)]).status in (400, 403)


@pytest.mark.parametrize("target", ["public/x", "", "*", "http://localhost/public/x", "/public/ x"])
def test_a_target_that_is_no_path_is_refused(stack, path, target):
    assert raw.request(stack.ports.check_http, path, lines_of(path, target)).status in (400, 403)


@pytest.mark.parametrize("end", ["x", "/public/x", "/", "%2f"])
def test_the_checks_live_at_one_path_each(stack, path, end):
    assert raw.request(stack.ports.check_http, path + end, lines_of(path)).status == 404


def test_every_answer_names_every_identity_header(stack, path):
    response = raw.request(stack.ports.check_http, path, lines_of(path))
    assert [response.all(name) for name in IDENTITY_HEADERS] == [[""]] * len(IDENTITY_HEADERS)


@pytest.mark.parametrize("name", [*OWNED_HEADERS, "Kubeflow_Userid", "kubeflow.userid", "x-auth-request-other"])
def test_a_gateway_that_has_not_stripped_a_header_is_refused(stack, path, name):
    assert raw.request(stack.ports.check_http, path, [*lines_of(path), (name, FORGED)]).status == 403


def test_nginx_gets_the_redirect_in_a_header(stack):
    lines = [*lines_of("/nginx", "/echo/x"), ("accept", "text/html")]
    response = raw.request(stack.ports.check_http, "/nginx", lines)
    assert response.status == 401
    assert response.first("x-gatehouse-redirect").startswith("http://localhost")
    assert response.first("www-authenticate") is None


@pytest.mark.parametrize("target, status", [("/closed/x", None), ("/a%2fb", "400")])
def test_nginx_gets_401_and_403_only(stack, target, status):
    response = raw.request(stack.ports.check_http, "/nginx", lines_of("/nginx", target))
    assert response.status == 403 and response.first("x-gatehouse-status") == status


def test_an_error_in_haproxys_script_closes_the_gate(artifacts):
    """HAProxy goes on after a script that has failed: without its word, nobody passes."""
    place = HAProxy(artifacts / "logs" / "haproxy-broken")
    place.write()
    place.write_manifest()
    script = place.folder / "gatehouse.lua"
    broken = script.read_text().replace("local client = core.httpclient()", 'error("broken")')
    assert 'error("broken")' in broken
    script.write_text(broken)
    place.envoy.start()
    try:
        place.envoy.wait_until(lambda: answers(place.port), "listening")
        assert raw.request(place.port, "/public/x").status == 503
    finally:
        place.envoy.stop()
    assert "broken" in place.envoy.text()
