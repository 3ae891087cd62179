"""Paths, hosts and whole requests that two readers could take differently (A9–A16)."""
import posixpath
import urllib.parse

import pytest

from support import extauthz, raw

# None of them may bring a user without the group, or nobody, to /admin.
TRICKS = [
    "/public/../admin/", "/public/%2e%2e/admin/", "/public/.%2e/admin/", "/public/..%2fadmin/", "/public/..%2Fadmin/",
    "/public/%2e%2e%2fadmin/", "/public/..%5cadmin/", "/public/..\\admin/", "//admin/", "/./admin/", "/public//../admin/",
    "/admin%00", "/admin/%00", "/public;/../admin/", "/public/;/../../admin/", "/%61dmin/", "/%61%64min/", "/admin?x=/public/",
    "/admin/?x=/public/", "/admin/..;/admin/", "/public/..;/admin/", "/public/..;x=y/admin/", "/admin%2f", "/admin//", "/admin/.", "/admin/%2e", "/public/%252e%252e/admin/",
    "/public/../../admin/", "/public/x/../../admin/", "/public/%c0%ae%c0%ae/admin/", "/admin/#/public/", "/admin%23/public/",
    "/admin\t/", "/admin/%0d%0a", "/public/..%00/admin/", "/public/%u002e%u002e/admin/",
    "/;x/admin/", "/;/admin/", "/%3bx/admin/", "/;a/;b/admin", "/public/;x/../admin/", "/public/a/;x/../../admin/",
]


def as_an_application_reads(target: str) -> set[str]:
    """The paths that applications of several habits could see in a target."""
    path = target.split("?")[0].split("#")[0]
    once = urllib.parse.unquote(path, encoding="latin-1").replace("\\", "/")
    without_parameters = "/".join(part.split(";")[0] for part in once.split("/"))
    readings = {path, once, without_parameters, once.split("\0")[0]}
    return {posixpath.normpath("/" + reading.lstrip("/")) for reading in readings}


def opens_admin(target: str) -> bool:
    return any(path == "/admin" or path.startswith("/admin/") for path in as_an_application_reads(target))


def headers_of(client=None) -> list[tuple[str, str]]:
    lines = [("accept", "application/json")]
    return lines + ([("cookie", f"gatehouse={client.cookie('gatehouse')}")] if client else [])


@pytest.mark.parametrize("target", TRICKS)
def test_no_spelling_opens_admin_through_envoy(gateway, stack, bob, target):
    port = int(gateway.rsplit(":", 1)[1])
    for client in (None, bob):
        before = stack.hit_counts()
        raw.request(port, target, headers_of(client))
        for hit in stack.new_hits(before):
            assert not opens_admin(hit.split(" ", 1)[1]), f"{target} reached an application as {hit}"


@pytest.mark.parametrize("target", TRICKS)
def test_no_spelling_is_accepted_without_a_user_where_the_gateway_does_not_normalise(stack, target):
    host = f"localhost:{stack.ports.grpc_gateway}"
    over_grpc = extauthz.check(stack.ports.check_grpc, extauthz.check_request(target.encode("latin-1"), {}, host=host))
    over_http = raw.request(stack.ports.check_http, f"/envoy{target}", headers_of(), host=host)
    if opens_admin(target):
        assert not over_grpc.allowed
        assert over_http.status != 200


@pytest.mark.parametrize("target", TRICKS)
def test_no_spelling_is_accepted_without_the_group_where_the_gateway_does_not_normalise(stack, bob, target):
    host = f"localhost:{stack.ports.grpc_gateway}"
    cookie = {"cookie": f"gatehouse={bob.cookie('gatehouse')}"}
    over_grpc = extauthz.check(stack.ports.check_grpc, extauthz.check_request(target.encode("latin-1"), cookie, host=host))
    over_http = raw.request(stack.ports.check_http, f"/envoy{target}", headers_of(bob), host=host)
    if opens_admin(target):
        assert not over_grpc.allowed
        assert over_http.status != 200


def test_case_tells_paths_apart(gateway, stack, bob):
    before = stack.hit_counts()
    response = raw.request(int(gateway.rsplit(":", 1)[1]), "/ADMIN", headers_of(bob))
    assert response.status == 200 and stack.new_hits(before) == ["GET /ADMIN"]


@pytest.mark.parametrize("host", ["open.example.com", "OPEN.Example.com", "open.example.com:8443", "open.example.com."])
def test_one_rule_decides_for_all_spellings_of_a_host(gateway, host):
    assert raw.request(int(gateway.rsplit(":", 1)[1]), "/echo/x", headers_of(), host=host).status == 200


@pytest.mark.parametrize("host", [
    "user@open.example.com", "open.example.com@localhost", "open.example.com#x", "open.example.com/x", "open.example.com,x",
    "open.example.com evil", "xopen.example.com", "open.example.com.evil.example", "open.example.com:x", "[open.example.com]", "",
])
def test_another_host_is_not_the_open_one(gateway, stack, host):
    with stack.nothing_comes_of_it():
        response = raw.request(int(gateway.rsplit(":", 1)[1]), "/echo/x", headers_of(), host=host)
    assert response.status in (0, 400, 401, 403, 404)


@pytest.mark.parametrize("host", ["admin.example.com", "ADMIN.example.com", "admin.example.com:8080", "admin.example.com."])
def test_a_rule_for_a_host_holds_for_all_its_spellings(gateway, stack, bob, host):
    with stack.nothing_comes_of_it():
        response = raw.request(int(gateway.rsplit(":", 1)[1]), "/echo/x", headers_of(bob), host=host)
    assert response.status in (400, 401, 403)


def test_an_absolute_target_counts_with_its_own_host(gateway, stack):
    port = int(gateway.rsplit(":", 1)[1])
    with stack.nothing_comes_of_it():
        response = raw.request(port, f"http://localhost:{port}/echo/x", headers_of(), host="open.example.com")
    assert response.status in (400, 401)


@pytest.mark.parametrize("hosts", [("localhost", "open.example.com"), ("open.example.com", "localhost")])
def test_two_hosts_are_refused(gateway, stack, hosts):
    lines = [("host", host) for host in hosts]
    with stack.nothing_comes_of_it():
        assert raw.request(int(gateway.rsplit(":", 1)[1]), "/echo/x", lines, host="").status in (0, 400)
    assert raw.request(stack.ports.check_http, "/envoy/echo/x", lines, host="").status in (0, 400)


@pytest.mark.parametrize("name, value", [
    ("x-forwarded-host", "open.example.com"), ("x-forwarded-uri", "/public/x"), ("x-original-url", "/public/x"),
    ("x-envoy-original-path", "/public/x"), ("x-rewrite-url", "/public/x"), ("forwarded", "host=open.example.com"),
    ("x-forwarded-method", "OPTIONS"), ("x-original-host", "open.example.com"), ("path", "/public/x"), ("method", "OPTIONS"),
])
def test_headers_about_another_request_are_ignored(gateway, stack, name, value):
    with stack.nothing_comes_of_it():
        response = raw.request(int(gateway.rsplit(":", 1)[1]), "/echo/x", [*headers_of(), (name, value)])
    assert response.status == 401


@pytest.mark.parametrize("message", [
    pytest.param(b"", id="empty"),
    pytest.param(extauthz.field(1, b""), id="empty attributes"),
    pytest.param(extauthz.field(1, extauthz.field(4, b"")), id="empty request"),
    pytest.param(extauthz.field(1, extauthz.field(4, extauthz.field(2, b""))), id="empty http"),
    pytest.param(b"\xff\xff\xff\xff", id="no protobuf"),
    pytest.param(extauthz.check_request("/public/x", {})[:-5], id="cut off"),
    pytest.param(extauthz.check_request("", {}), id="empty path"),
    pytest.param(extauthz.check_request("/public/x", {}, host=""), id="no host"),
    pytest.param(extauthz.check_request("/public/x", {}, method=""), id="no method"),
    pytest.param(extauthz.check_request("/public/x", {}, method="GET /x"), id="method with a space"),
    pytest.param(extauthz.check_request("/public/x", {}, method="G\r\nET"), id="method with a line break"),
    pytest.param(extauthz.check_request(b"/public/\xff\xfe", {}), id="path of invalid UTF-8"),
    pytest.param(extauthz.check_request("/public/x", {"x": b"\xff"}, host="open.example.com\xff"), id="host of odd bytes"),
    pytest.param(extauthz.check_request("/" + "a" * 1_000_000, {}), id="1 MB path"),
    pytest.param(extauthz.check_request("/echo/x", {f"h{i}": "v" for i in range(10_000)}), id="10,000 headers"),
    pytest.param(extauthz.check_request("public/x", {}), id="path without a slash"),
    pytest.param(extauthz.check_request("*", {}, method="OPTIONS"), id="asterisk form"),
])
def test_a_grpc_request_that_says_too_little_or_too_much_is_not_accepted(stack, message):
    assert not extauthz.check(stack.ports.check_grpc, message).allowed


@pytest.mark.parametrize("data", [
    pytest.param(b"\r\n\r\n", id="nothing"),
    pytest.param(b"GET /envoy/public/x HTTP/1.1\r\nconnection: close\r\n\r\n", id="no host"),
    pytest.param(b"GET /public/x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", id="no prefix"),
    pytest.param(b"GET /envoypublic/x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", id="prefix without a slash"),
    pytest.param(b"GET /envoy HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", id="prefix alone"),
    pytest.param(b"GET /envoy/" + b"a" * 1_000_000 + b" HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", id="1 MB path"),
    pytest.param(
        b"GET /envoy/echo/x HTTP/1.1\r\nhost: localhost\r\n" + b"".join(b"h%d: v\r\n" % i for i in range(10_000))
        + b"connection: close\r\n\r\n", id="10,000 headers"),
    pytest.param(b"GET /envoy/echo/\xff\xfe HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", id="invalid UTF-8"),
    pytest.param(b"G ET /envoy/public/x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", id="method with a space"),
])
def test_an_http_request_that_says_too_little_or_too_much_is_not_accepted(stack, data):
    assert raw.send(stack.ports.check_http, data, timeout=3).status != 200
