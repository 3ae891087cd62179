"""One table for every gateway: through each, with the configuration that we write for it, the same requests end the same."""
import subprocess
import urllib.parse

import pytest

from support import paths, raw, websocket
from support.gateways import GATEWAYS
from support.html import Page
from support.ledger import LEDGER
from support.stack import COOKIE, IDENTITY_HEADERS, OWNED_HEADERS
from test_headers import FORGED, forgeries, owned
from test_paths import TRICKS, opens_admin

PROGRAM = ("accept", "application/json")
NAVIGATION = [("accept", "text/html"), ("sec-fetch-mode", "navigate")]
WEBSOCKET = [
    ("upgrade", "websocket"), ("sec-websocket-version", "13"), ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("sec-fetch-mode", "websocket"),
]


@pytest.fixture(scope="session", params=GATEWAYS)
def place(request, artifacts):
    stack = GATEWAYS[request.param](artifacts / "logs" / f"gateway-{request.param}")
    stack.configuration["authService"]["personalTokens"] = {}
    try:
        stack.start()
        yield stack
    finally:
        stack.kill()


@pytest.fixture(scope="session")
def users(place):
    """Signed in through the gateway: the login page, the callback and the dashboard have all come through it."""
    return {name: place.signed_in(f"{name}@example.com", place.url) for name in ("admin", "bob")}


@pytest.fixture(autouse=True)
def same_gateway(place):
    before = place.envoy.pid
    yield
    assert place.gatehouse.running, place.gatehouse.tail()
    assert place.envoy.running and place.envoy.pid == before, place.envoy.tail()


def cookie(client) -> tuple[str, str]:
    return ("cookie", f"{COOKIE}={client.cookie(COOKIE)}")


def ask(place, target, headers=(PROGRAM,), **options) -> raw.RawResponse:
    return raw.request(place.port, target, list(headers), **options)


# Who passes, and what the others get.

def test_a_user_passes_with_our_headers(place, users):
    response = ask(place, "/echo/x?a=b%20c", [PROGRAM, cookie(users["bob"])])
    assert response.status == 200 and response.json()["path"] == "/echo/x?a=b%20c"
    seen = owned(response)
    assert seen["kubeflow-userid"] == ["bob@example.com"] and seen["kubeflow-groups"] == ["team-b"]
    assert seen["x-auth-request-email"] == ["bob@example.com"]
    assert len(seen["x-gatehouse-assertion"]) == 1 and seen["x-gatehouse-assertion"][0].count(".") == 2


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_users_body_and_method_arrive(place, users, method):
    response = ask(place, "/echo/x", [PROGRAM, cookie(users["bob"])], method=method, body=b"as it is")
    assert response.status == 200
    assert response.json()["method"] == method and response.json()["body"] == "as it is"


def test_a_large_body_arrives(place, users):
    response = ask(place, "/echo/x", [PROGRAM, cookie(users["bob"])], method="POST", body=b"x" * 500_000)
    assert response.status == 200 and len(response.json()["body"]) == 500_000


def test_an_open_path_passes_with_nobody(place):
    response = ask(place, "/public/x")
    assert response.status == 200
    assert not any(any(values) for values in owned(response).values())


def test_an_open_path_is_told_no_user(place, users):
    response = ask(place, "/public/x", [PROGRAM, cookie(users["bob"])])
    assert response.status == 200
    assert not any(any(values) for values in owned(response).values())


@pytest.mark.parametrize("target", ["/admin/", "/team-a/x", "/closed/x"])
@pytest.mark.parametrize("headers", [[PROGRAM], NAVIGATION], ids=["program", "navigation"])
def test_a_user_without_the_right_gets_403(place, users, target, headers):
    with place.nothing_reaches_an_application():
        response = ask(place, target, [*headers, cookie(users["bob"])])
    assert response.status == 403 and response.first("location") is None


def test_the_right_user_passes(place, users):
    before = place.hit_counts()
    assert ask(place, "/admin/", [PROGRAM, cookie(users["admin"])]).status == 200
    assert place.new_hits(before) == ["GET /admin/"]


def test_a_navigation_goes_to_the_sign_in(place):
    with place.nothing_reaches_an_application():
        response = ask(place, "/echo/x?a=b", NAVIGATION)
    assert response.status == 302
    location = response.first("location")
    assert location.startswith(f"{place.url}/dex/auth?")
    callback = urllib.parse.parse_qs(urllib.parse.urlsplit(location).query)["redirect_uri"]
    assert callback == [f"{place.url}/_gatehouse/callback"]


def test_the_sign_in_sets_its_cookie(place):
    cookies = ask(place, "/echo/x", NAVIGATION).all("set-cookie")
    assert len(cookies) == 1 and "HttpOnly" in cookies[0]


def test_a_stale_session_is_cleared_beside_the_new_cookie(place):
    response = ask(place, "/echo/x", [*NAVIGATION, ("cookie", f"{COOKIE}=" + "A" * 43)])
    assert response.status == 302
    cookies = response.all("set-cookie")
    assert len(cookies) == 2 and any(value.startswith(f"{COOKIE}=;") and "Max-Age=0" in value for value in cookies)


@pytest.mark.parametrize("method, headers", [
    pytest.param("GET", [PROGRAM], id="JSON"),
    pytest.param("GET", [("accept", "*/*"), ("x-requested-with", "XMLHttpRequest")], id="XHR"),
    pytest.param("GET", [("accept", "*/*"), ("sec-fetch-mode", "cors")], id="fetch"),
    pytest.param("POST", [PROGRAM], id="POST"),
    pytest.param("DELETE", [PROGRAM], id="DELETE"),
    pytest.param("OPTIONS", [PROGRAM], id="OPTIONS"),
    pytest.param("GET", [*WEBSOCKET, ("connection", "upgrade")], id="WebSocket"),
])
def test_a_program_gets_401(place, method, headers):
    with place.nothing_reaches_an_application():
        response = ask(place, "/echo/x", headers, method=method)
    assert response.status == 401
    assert response.first("www-authenticate").startswith("Bearer")
    assert response.json()["error"] == "login_required"


def test_a_form_that_was_sent_without_a_session_gets_401(place):
    """With a page that says so, where the gateway has room for one."""
    with place.nothing_reaches_an_application():
        response = ask(place, "/echo/x", NAVIGATION, method="POST")
    assert response.status == 401
    assert response.first("www-authenticate").startswith("Bearer")


def test_a_head_navigation_goes_to_the_sign_in_without_a_body(place):
    with place.nothing_reaches_an_application():
        response = ask(place, "/echo/x", NAVIGATION, method="HEAD")
    assert response.status == 302 and response.body == b""


def test_a_head_of_a_program_gets_401_without_a_body(place):
    response = ask(place, "/echo/x", method="HEAD")
    assert response.status == 401 and response.body == b""


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_a_users_head_and_options_pass(place, users, method):
    before = place.hit_counts()
    assert ask(place, "/echo/x", [PROGRAM, cookie(users["bob"])], method=method).status == 200
    assert place.new_hits(before) == [f"{method} /echo/x"]


def test_a_users_websocket_opens(place, users):
    headers = [*WEBSOCKET, ("connection", "Upgrade"), cookie(users["bob"]), ("kubeflow-userid", FORGED)]
    head, echoed = websocket.exchange(place.port, "/socket/x", headers, b"there and back")
    assert head.startswith(b"HTTP/1.1 101 ") and echoed == b"there and back"
    handshake = place.websocket.handshakes[-1].lower()
    assert b"kubeflow-userid: bob@example.com\r\n" in handshake and FORGED.encode() not in handshake


def test_nobodys_websocket_opens(place):
    before = len(place.websocket.handshakes)
    head, echoed = websocket.exchange(place.port, "/socket/x", [*WEBSOCKET, ("connection", "Upgrade")], b"x")
    assert head.startswith(b"HTTP/1.1 401 ") and echoed == b""
    assert len(place.websocket.handshakes) == before


def test_a_method_of_the_clients_headers_does_not_count(place):
    with place.nothing_reaches_an_application():
        response = ask(place, "/echo/x", [*NAVIGATION, ("x-http-method-override", "GET")], method="POST")
    assert response.status == 401


# What of a client's credentials goes on.

def told(response, name: str) -> list[str]:
    """What the application saw under a name, apart from nothing."""
    assert response.status == 200, response
    return [value for value in response.json()["headers"].get(name, []) if value]


COOKIES = [
    ("OURS", []), ("a=1; OURS", ["a=1"]), ("OURS; a=1; b=\"x y\"", ["a=1; b=\"x y\""]), ("a=1;OURS;b=2", ["a=1;b=2"]),
    ("a=1; OURS; gatehouse-sign-in=x; gatehouse-1=part; gatehouses=3", ["a=1; gatehouses=3"]),
    ("gatehouse-sign-in=x; OURS; __Host-gatehouse=y", []), ("a=1,OURS,b=2", ["a=1,b=2"]),
    ("__Host-gatehouse_login=x; a=1; OURS; __Secure-gatehouse_sso=y; gatehouse_sso_state=z", ["a=1"]),
    ("gatehouse_login=x; OURS; gatehouse_logins=1", ["gatehouse_logins=1"]),
]


@pytest.mark.parametrize("sent, goes_on", COOKIES)
def test_no_application_sees_a_cookie_of_ours(place, users, sent, goes_on):
    ours = "=".join((COOKIE, cookie(users["bob"])[1].partition("=")[2]))
    for target in ("/echo/x", "/public/x"):
        response = ask(place, target, [PROGRAM, ("cookie", sent.replace("OURS", ours))])
        assert told(response, "cookie") == goes_on


def test_nor_one_of_several_lines(place, users):
    response = ask(place, "/echo/x", [PROGRAM, ("cookie", "a=1"), cookie(users["bob"]), ("cookie", "b=2")])
    seen = "; ".join(told(response, "cookie")).replace(",", ";").replace("; ", ";")
    assert seen == "a=1;b=2"


@pytest.mark.parametrize("value", [
    "a=1", "a=1; b=2", "a=\"1; 2\"", "x=" + "y" * 6000, "a={env.PATH}; b=$host; c=%[src]; d=${1}",
])
def test_an_applications_own_cookies_arrive(place, users, value):
    assert told(ask(place, "/public/x", [PROGRAM, ("cookie", value)]), "cookie") == [value]
    ours = cookie(users["bob"])[1]
    assert told(ask(place, "/echo/x", [PROGRAM, ("cookie", f"{value}; {ours}")]), "cookie") == [value]


def test_without_a_cookie_there_is_none(place):
    assert told(ask(place, "/public/x"), "cookie") == []


@pytest.fixture(scope="session")
def robot(place) -> str:
    """A personal token of a program's."""
    made = subprocess.run(
        [paths.GATEHOUSE, "tokens", "create", "--subject", "robot", "--name", "gateways", "--config", place.file],
        capture_output=True, text=True, timeout=60, check=False, env=place.gatehouse.environment)
    assert made.returncode == 0, made.stderr
    return LEDGER.add(made.stdout.strip(), "personal token")


def test_no_application_sees_a_token_that_was_for_us(place, robot):
    before = place.hit_counts()
    response = ask(place, "/echo/x", [PROGRAM, ("authorization", f"Bearer {robot}"), ("cookie", "a=1")])
    assert told(response, "authorization") == [] and told(response, "cookie") == ["a=1"]
    assert robot not in response.body.decode() and place.new_hits(before) == ["GET /echo/x"]


@pytest.mark.parametrize("value", ["Basic YWRhOnNlY3JldA==", "Bearer of-the-application", "Digest a=\"1\", b=\"2\""])
def test_an_applications_own_credential_arrives(place, users, value):
    for target, extra in [("/public/x", []), ("/echo/x", [cookie(users["bob"])])]:
        assert told(ask(place, target, [PROGRAM, ("authorization", value), *extra]), "authorization") == [value]


def test_our_own_pages_get_both(place, users, robot):
    """They are told apart by the path: nothing is taken out on the way to ourselves."""
    response = ask(place, "/_gatehouse/userinfo", [PROGRAM, ("cookie", f"a=1; {cookie(users['bob'])[1]}")])
    assert response.status == 200 and response.json()["email"] == "bob@example.com"


# Our own endpoints.

def test_the_sign_in_endpoint_redirects(place):
    response = ask(place, "/_gatehouse/sign-in?rd=/echo/x", NAVIGATION)
    assert response.status == 302 and response.first("location").startswith(f"{place.url}/dex/auth?")
    assert response.all("set-cookie")


def test_the_sign_out_page_is_shown(place, users):
    response = ask(place, "/_gatehouse/sign-out", [*NAVIGATION, cookie(users["bob"])])
    assert response.status == 200 and b"<form" in response.body


def test_the_keys_are_shown(place):
    response = ask(place, "/_gatehouse/jwks")
    assert response.status == 200 and response.json()["keys"][0]["kty"] == "EC"


def test_userinfo_is_the_users(place, users):
    response = ask(place, "/_gatehouse/userinfo", [PROGRAM, cookie(users["bob"])])
    assert response.status == 200 and response.json()["email"] == "bob@example.com"
    assert ask(place, "/_gatehouse/userinfo").status == 401


def test_discovery_is_shown(place):
    assert ask(place, "/dex/.well-known/openid-configuration").json()["issuer"] == place.issuer


@pytest.mark.parametrize("target", [
    "/_gatehouse/nothing", "/_gatehouse", "/_gatehousex/../_gatehouse/nothing", "/echo/../_gatehouse/jwks",
    "/echo/%2e%2e/_gatehouse/jwks", "/%5fgatehouse/jwks", "//_gatehouse/jwks", "/echo/..//_gatehouse/jwks",
    "/echo/../dex/keys", "/%64ex/keys", "/_gatehouse/../echo/x", "/_gatehouse/..%2fecho/x", "/dex/..;/echo/x",
    "/_GATEHOUSE/jwks", "/_gatehouse;x/jwks",
])
def test_no_spelling_of_our_paths_reaches_an_application(place, target):
    with place.nothing_reaches_an_application():
        assert ask(place, target).status in (200, 301, 307, 308, 400, 401, 403, 404)


def test_signing_out_holds_from_the_next_request_on(place):
    client = place.signed_in("admin@example.com", place.url)
    session = cookie(client)
    page = client.get(f"{place.url}/_gatehouse/sign-out")
    client.submit(Page(page.url, page.text).forms[0])
    with place.nothing_reaches_an_application():
        assert ask(place, "/echo/x", [PROGRAM, session]).status == 401


# Headers that a client forges.

FORGERIES = [pytest.param(lines, id=f"{name}, {how}") for name in OWNED_HEADERS for how, lines in forgeries(name)]
PATTERNED = [
    pytest.param([(name, FORGED)], id=name)
    for name in ("x-auth-request-other", "X_Auth_Request_Other", "kubeflow.userid", "Kubeflow_userid", "kubeflow-Userid")
]


@pytest.mark.parametrize("lines", FORGERIES + PATTERNED)
def test_an_application_sees_no_forged_header(place, users, lines):
    for target, extra in [("/public/x", []), ("/echo/x", [cookie(users["bob"])])]:
        before = place.hit_counts()
        response = ask(place, target, [PROGRAM, *extra, *lines])
        if response.status == 200:
            assert FORGED not in response.body.decode()
            expected = ["bob@example.com"] if extra else [""]
            assert owned(response).get("kubeflow-userid", [""]) == expected
        else:
            assert response.status in (0, 400, 403), response
            assert place.new_hits(before) == []


@pytest.mark.parametrize("name", IDENTITY_HEADERS)
def test_a_forged_plain_header_is_no_reason_to_refuse(place, users, name):
    assert ask(place, "/echo/x", [PROGRAM, cookie(users["bob"]), (name, FORGED)]).status == 200


@pytest.mark.parametrize("name", OWNED_HEADERS)
def test_a_forged_header_signs_nobody_in(place, name):
    with place.nothing_reaches_an_application():
        assert ask(place, "/admin/", [PROGRAM, (name, "admin@example.com")]).status == 401


@pytest.mark.parametrize("name", IDENTITY_HEADERS)
def test_connection_cannot_take_our_headers_away(place, users, name):
    """A gateway that drops what Connection names must not drop what we have set after it."""
    response = ask(place, "/echo/x", [PROGRAM, cookie(users["bob"]), ("connection", f"close, {name}")])
    if response.status == 200:
        assert owned(response)["kubeflow-userid"] == ["bob@example.com"]
        assert owned(response)["x-gatehouse-assertion"]
    else:
        assert response.status == 400


@pytest.mark.parametrize("name", ["x-forwarded-uri", "x-forwarded-method", "x-forwarded-host", "cookie", "x-original-uri"])
def test_connection_cannot_take_away_what_the_check_is_told(place, name):
    with place.nothing_reaches_an_application():
        response = ask(place, "/echo/x", [PROGRAM, ("connection", f"close, {name}")])
    assert response.status in (400, 401, 403)


# Another request than the one that is sent.

@pytest.mark.parametrize("name, value", [
    ("x-forwarded-host", "open.example.com"), ("x-forwarded-uri", "/public/x"), ("x-original-url", "/public/x"),
    ("x-original-uri", "/public/x"), ("x-original-method", "OPTIONS"), ("x-rewrite-url", "/public/x"),
    ("forwarded", "host=open.example.com"), ("x-forwarded-method", "OPTIONS"), ("x-original-host", "open.example.com"),
    ("X_Forwarded_Uri", "/public/x"), ("X_Forwarded_Host", "open.example.com"), ("x-forwarded-prefix", "/public"),
])
def test_headers_about_another_request_are_ignored(place, name, value):
    with place.nothing_reaches_an_application():
        response = ask(place, "/echo/x", [PROGRAM, (name, value)])
    assert response.status == 401


@pytest.mark.parametrize("value", ["https", "ftp", "wss"])
def test_a_forwarded_scheme_does_not_count(place, value):
    location = ask(place, "/echo/x", [*NAVIGATION, ("x-forwarded-proto", value)]).first("location")
    assert location.startswith(f"{place.url}/dex/auth?")


def test_an_application_is_not_told_what_the_client_says_of_itself(place):
    lies = [(name, FORGED) for name in (
        "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "x-original-url", "x-rewrite-url",
        "x-original-uri", "forwarded")]
    response = ask(place, "/public/x", [PROGRAM, *lies])
    assert response.status == 200 and FORGED not in response.body.decode()


@pytest.mark.parametrize("target", TRICKS)
def test_no_spelling_opens_admin(place, users, target):
    for extra in ([], [cookie(users["bob"])]):
        before = place.hit_counts()
        ask(place, target, [PROGRAM, *extra])
        for hit in place.new_hits(before):
            assert not opens_admin(hit.split(" ", 1)[1]), f"{target} reached an application as {hit}"


@pytest.mark.parametrize("host", ["open.example.com", "OPEN.Example.com", "open.example.com:8443", "open.example.com."])
def test_one_rule_decides_for_all_spellings_of_a_host(place, host):
    assert ask(place, "/echo/x", host=host).status == 200


@pytest.mark.parametrize("host", [
    "user@open.example.com", "open.example.com@localhost", "open.example.com#x", "open.example.com/x", "open.example.com,x",
    "open.example.com evil", "xopen.example.com", "open.example.com.evil.example", "open.example.com:x", "",
])
def test_another_host_is_not_the_open_one(place, host):
    with place.nothing_reaches_an_application():
        assert ask(place, "/echo/x", host=host).status in (0, 400, 401, 403, 404)


@pytest.mark.parametrize("hosts", [("localhost", "open.example.com"), ("open.example.com", "localhost")])
def test_two_hosts_are_refused(place, hosts):
    with place.nothing_reaches_an_application():
        assert ask(place, "/echo/x", [("host", host) for host in hosts], host="").status in (0, 400)


def test_an_absolute_target_counts_with_its_own_host(place):
    with place.nothing_reaches_an_application():
        response = ask(place, f"http://localhost:{place.port}/echo/x", host="open.example.com")
    assert response.status in (400, 401)


def test_an_asterisk_is_no_path(place):
    with place.nothing_reaches_an_application():
        assert ask(place, "*", method="OPTIONS").status != 500


# Without an answer.

def test_nobody_passes_while_the_check_is_down(place, users):
    place.gatehouse.stop()
    try:
        for target in ("/public/x", "/echo/x", "/admin/", "/_gatehouse/jwks"):
            with place.nothing_reaches_an_application():
                assert ask(place, target, [PROGRAM, cookie(users["admin"])]).status in (500, 502, 503)
    finally:
        place.start_gatehouse()
    place.wait_until_open()
    assert ask(place, "/echo/x", [PROGRAM, cookie(users["admin"])]).status == 200
