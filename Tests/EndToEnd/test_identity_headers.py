"""What applications are told about the person: templates, presets, tokens, Basic, base64 (section F), and forged copies (A1–A8)."""
import base64
import json

import pytest

from support import raw
from support.client import Client
from support.ledger import LEDGER
from support.outside import outside_stack
from support.stack import COOKIE
from test_refresh import make_due, wait_for


@pytest.fixture(scope="module")
def told(make_stack, provider):
    """Presets, templates and the ID token."""
    stack = outside_stack(make_stack, "identity-headers", provider, {"identity": {
        "presets": ["x-auth-request", "x-forwarded", "kubeflow"],
        "headers": {
            "kubeflow-userid": "accounts.google.com:{email}", "x-roles": "{realm_access.roles|; }", "x-missing": "user:{nickname}",
            "x-team": "groups",
        },
        "authorization": "idToken", "accessTokenHeader": "x-auth-request-access-token",
    }})
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def basic(make_stack, provider):
    stack = outside_stack(make_stack, "identity-basic", provider, {"identity": {
        "headers": {"x-user": "name"}, "encoding": "base64", "authorization": "basic",
        "basic": {"user": "email", "password": {"file": "basic.password"}},
    }}, secrets={"basic.password": "basic-password-of-ours"})
    yield stack
    stack.stop()


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()


def seen(stack, gateway: str, headers: dict | None = None) -> dict:
    client = Client()
    place = getattr(stack, gateway)
    assert client.follow(client.get(f"{place}/echo/")).status_code == 200
    answer = client.get(f"{place}/echo/", headers=headers) if headers else client.get(f"{place}/echo/")
    assert answer.status_code == 200, answer.text[:300]
    got = {name: [value for value in values if value] for name, values in answer.json()["headers"].items()}
    LEDGER.add((got.get("authorization") or [""])[0].removeprefix("Bearer "), "token for the application")
    return {name: values for name, values in got.items() if values}


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
def test_presets_templates_and_tokens(told, gateway, provider):
    normal = provider.write_token
    provider.write_token = lambda claims: normal(
        claims | {"realm_access": {"roles": ["dev", "ops;x"]}, "preferred_username": "eve", "groups": ["a,b", "c"]})
    got = seen(told, gateway)
    assert got["x-auth-request-user"] == got["x-forwarded-user"] == [provider.subject]
    assert got["x-auth-request-email"] == got["x-forwarded-email"] == ["eve@example.org"]
    assert got["x-auth-request-groups"] == got["kubeflow-groups"] == got["x-team"] == ["a%2Cb,c"]
    assert got["x-auth-request-preferred-username"] == ["eve"]
    assert got["kubeflow-userid"] == ["accounts.google.com:eve@example.org"]
    assert got["x-roles"] == ["dev; ops;x"]
    assert "x-missing" not in got
    assert got["authorization"][0].startswith("Bearer ey") and got["authorization"][0].count(".") == 2
    assert got["x-auth-request-access-token"] == [provider.access_token]


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
@pytest.mark.parametrize("claim, value", [
    ("eve\r\nx-evil: 1", "eve%0D%0Ax-evil: 1"), ("eve\nx-evil: 1", "eve%0Ax-evil: 1"), ("\0eve", "%00eve"), (" eve ", "%20eve%20"),
    ("eve\x7f", "eve%7F"), ("Ève 漢", "Ève 漢"), ("50%", "50%"),
], ids=["CR LF", "LF", "NUL", "blanks", "DEL", "UTF-8", "a percent sign"])
def test_no_claim_ends_a_header(told, gateway, provider, claim, value):
    normal = provider.write_token
    provider.write_token = lambda claims: normal(claims | {"preferred_username": claim})
    got = seen(told, gateway)
    assert "x-evil" not in got
    # Python's JSON of the echo application holds the bytes as Latin-1 or as UTF-8.
    heard = got["x-auth-request-preferred-username"][0]
    assert value in (heard, heard.encode("latin-1", "replace").decode("utf-8", "replace"))


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
def test_an_access_token_is_the_refreshed_one(told, gateway, provider):
    """F4: what goes on to the application is the provider's newest."""
    provider.gives_refresh_tokens()
    client, place = Client(), getattr(told, gateway)
    client.follow(client.get(f"{place}/echo/"))

    def token() -> str:
        return client.get(f"{place}/echo/").json()["headers"]["x-auth-request-access-token"][0]

    old = token()
    assert old == provider.access_token
    provider.access_token = LEDGER.add("renewed-" + old, "access token of the scripted provider")
    make_due(told)
    wait_for(lambda: token() == provider.access_token, "the new token")


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
def test_an_assertion_is_made_once_for_many_requests(gateway, stack):
    """F3: cached for the session, and another one for another session."""
    def assertions(client: Client) -> set[str]:
        place = getattr(stack, gateway)
        return {client.get(f"{place}/echo/").json()["headers"]["x-gatehouse-assertion"][0] for _ in range(5)}

    one, two = (assertions(stack.signed_in("bob@example.com")) for _ in range(2))
    assert len(one) == len(two) == 1 and one != two
    for token in one | two:
        LEDGER.add(token, "assertion")


def test_the_gateways_log_says_who_and_why(make_stack):
    """F5: dynamic metadata of the check, over gRPC."""
    told = make_stack("access-log")
    client = told.signed_in("bob@example.com")
    client.get(f"{told.grpc_url}/echo/logged?code=secret-code-1")
    client.get(f"{told.grpc_url}/public/logged")

    def line(path: str) -> dict | None:
        lines = [json.loads(line) for line in told.envoy.text().splitlines() if line.startswith("{")]
        return next((line for line in lines if line["path"] == path), None)

    told.envoy.wait_until(lambda: line("/public/logged"), "lines of the log")
    signed_in, public = line("/echo/logged"), line("/public/logged")
    assert signed_in["check"]["user"] == "bob@example.com" and signed_in["check"]["groups"] == ["team-b"]
    assert signed_in["check"]["rule"] and public["check"]["rule"] == "rules[2]" and "user" not in public["check"]
    assert client.cookie(COOKIE) not in told.envoy.text() and "secret-code-1" not in told.envoy.text()
    told.stop()


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
@pytest.mark.parametrize("name", [
    "X-Auth-Request-User", "x-forwarded-email", "x-missing", "X-Roles", "kubeflow-userid", "x-auth-request-access-token",
    "Kubeflow_Userid", "X_Forwarded_User",
])
def test_a_clients_own_never_goes_on(told, gateway, name):
    got = seen(told, gateway, {"accept": "*/*", name: "forged"})
    assert not any("forged" in value for values in got.values() for value in values), got


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
@pytest.mark.parametrize("name", ["authorization", "x-auth-request-access-token", "x-missing", "x-forwarded-user"])
def test_nor_on_a_public_page(told, gateway, name):
    port = told.ports.grpc_gateway if gateway == "grpc_url" else told.ports.http_gateway
    response = raw.request(port, "/public/", [(name, "Bearer forged"), ("accept", "application/json")])
    assert response.status == 200 and b"forged" not in response.body


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
def test_base64_and_basic(basic, gateway):
    got = seen(basic, gateway)
    assert base64.b64decode(got["x-user"][0]) == b"Eve Example"
    assert got["authorization"] == ["Basic " + base64.b64encode(b"eve@example.org:basic-password-of-ours").decode()]


@pytest.mark.parametrize("sent, seen_by_application", [
    ("OURS", []), ("a=1; OURS", ["a=1"]), ("OURS; a=1; b=\"x y\"", ["a=1; b=\"x y\""]), ("a=1;OURS;b=2", ["a=1;b=2"]),
    ("a=1; OURS; gatehouse-sign-in=x; gatehouses=3", ["a=1; gatehouses=3"]),
])
@pytest.mark.parametrize("which", ["grpc_gateway", "http_gateway"])
def test_applications_see_no_cookie_of_ours(stack, bob, which, sent, seen_by_application):
    ours = f"{COOKIE}={bob.cookie(COOKIE)}"
    response = raw.request(
        getattr(stack.ports, which), "/echo/", [("cookie", sent.replace("OURS", ours)), ("accept", "application/json")])
    assert response.status == 200
    assert [value for value in response.json()["headers"].get("cookie", []) if value] == seen_by_application


@pytest.mark.parametrize("which", ["grpc_gateway", "http_gateway"])
def test_nor_does_a_public_page(stack, bob, which):
    response = raw.request(getattr(stack.ports, which), "/public/", [("cookie", f"{COOKIE}={bob.cookie(COOKIE)}; a=1")])
    assert response.status == 200 and response.json()["headers"]["cookie"] == ["a=1"]
