"""Identity headers that a client sends (A1–A8): an application sees ours or none, on every rule, over every protocol."""
import pytest

from support import extauthz, raw
from support.stack import IDENTITY_HEADERS, OWNED_HEADERS

FORGED = "forged@example.net"


def forgeries(name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The spellings under which a client may try a header."""
    return [
        ("plain", [(name, FORGED)]),
        ("doubled", [(name, FORGED), (name, FORGED)]),
        ("mixed case", [(name.title(), FORGED)]),
        ("upper case", [(name.upper(), FORGED)]),
        ("underscores", [(name.replace("-", "_"), FORGED)]),
        ("mixed underscores", [(name.replace("-", "_", 1).title(), FORGED)]),
        ("empty", [(name, "")]),
        ("empty and full", [(name, ""), (name, FORGED)]),
        ("with a tab", [(name, f"\t{FORGED}")]),
        ("not UTF-8", [(name, "\xe9\xff")]),
        ("underscores and not UTF-8", [(name.replace("-", "_"), "\xe9\xff")]),
        ("folded", [(name, f"x\r\n {FORGED}")]),
        ("with a blank before the colon", [(f"{name} ", FORGED)]),
    ]


CASES = [pytest.param(lines, id=f"{name}, {how}") for name in OWNED_HEADERS for how, lines in forgeries(name)]


def owned(response: raw.RawResponse) -> dict[str, list[str]]:
    """What the echo application saw under names that an application could read as one of ours."""
    seen: dict[str, list[str]] = {}
    for name, values in response.json()["headers"].items():
        if name.lower().replace("_", "-") in OWNED_HEADERS:
            seen.setdefault(name.lower().replace("_", "-"), []).extend(values)
    return seen


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


@pytest.mark.parametrize("lines", CASES)
def test_on_an_open_path_an_application_sees_none(gateway, stack, lines):
    before = stack.hit_counts()
    response = raw.request(port_of(gateway), "/public/x", lines)
    if response.status == 200:
        assert {name: values for name, values in owned(response).items() if any(values)} == {}
    else:
        assert response.status in (0, 400)
        assert stack.new_hits(before) == []


@pytest.mark.parametrize("lines", CASES)
def test_for_a_user_an_application_sees_ours(gateway, stack, bob, lines):
    before = stack.hit_counts()
    response = raw.request(port_of(gateway), "/echo/x", [("cookie", f"gatehouse={bob.cookie('gatehouse')}"), *lines])
    if response.status == 200:
        seen = owned(response)
        assert seen.pop("kubeflow-userid") == ["bob@example.com"]
        assert seen.pop("kubeflow-groups") == ["team-b"]
        assert seen.pop("x-auth-request-email") == ["bob@example.com"]
        assertion = seen.pop("x-gatehouse-assertion")
        assert len(assertion) == 1 and assertion[0].count(".") == 2
        assert not any(any(values) for values in seen.values())
    else:
        assert response.status in (0, 400)
        assert stack.new_hits(before) == []


@pytest.mark.parametrize("lines", CASES)
def test_they_sign_nobody_in(gateway, stack, lines):
    with stack.nothing_comes_of_it():
        response = raw.request(port_of(gateway), "/admin/", [("accept", "application/json"), *lines])
    assert response.status in (0, 400, 401), response


@pytest.mark.parametrize("name", OWNED_HEADERS)
def test_our_own_endpoints_do_not_believe_them(gateway, name):
    response = raw.request(port_of(gateway), "/_gatehouse/userinfo", [(name, FORGED), ("accept", "application/json")])
    assert response.status == 401
    assert FORGED.encode() not in response.body


@pytest.mark.parametrize("raw_headers", [False, True], ids=["headers", "header_map"])
@pytest.mark.parametrize("spelling", [str.lower, str.title, lambda name: name.replace("-", "_")], ids=["plain", "title", "_"])
@pytest.mark.parametrize("signed_in", [False, True], ids=["anonymous", "signed in"])
def test_every_grpc_accept_names_every_owned_header(stack, bob, raw_headers, spelling, signed_in):
    headers = [(spelling(name), FORGED) for name in OWNED_HEADERS]
    if signed_in:
        headers.append(("cookie", f"gatehouse={bob.cookie('gatehouse')}"))
    answer = extauthz.check(
        stack.ports.check_grpc,
        extauthz.check_request("/public/x", headers, host=f"localhost:{stack.ports.grpc_gateway}", raw_headers=raw_headers))
    assert answer.allowed
    ours = {name.lower() for name, _ in answer.set_headers}
    removed = {name.lower() for name in answer.removed}
    assert set(IDENTITY_HEADERS) <= ours | removed
    assert not ours & removed, "Envoy would remove what we set"
    for name, _ in headers[:len(OWNED_HEADERS)]:
        assert name.lower() in ours | removed
    assert not any(FORGED in value for _, value in answer.set_headers)


def test_every_http_accept_sends_every_identity_header(stack):
    """In this mode Envoy removes nothing: a header that we do not send would keep the client's value."""
    response = raw.request(
        stack.ports.check_http, "/envoy/public/x", [(name, FORGED) for name in OWNED_HEADERS],
        host=f"localhost:{stack.ports.http_gateway}")
    assert response.status == 200
    for name in IDENTITY_HEADERS:
        assert response.all(name) == [""], name
    assert FORGED not in str(response.headers)


@pytest.mark.parametrize("value", ["Bearer x", "Bearer eyJhbGciOiJub25lIn0.e30.", "Basic YWRtaW46cGFzc3dvcmQ=", "", "Negotiate x"])
def test_an_authorization_header_passes_nothing(gateway, stack, value):
    with stack.nothing_comes_of_it():
        response = raw.request(
            int(gateway.rsplit(":", 1)[1]), "/echo/x", [("authorization", value), ("accept", "application/json")])
    assert response.status == 401
