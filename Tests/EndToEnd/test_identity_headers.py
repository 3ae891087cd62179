"""What applications are told about the person: templates, presets, tokens, Basic, base64 (section F), and forged copies (A1–A8)."""
import base64
import secrets

import pytest

from support import raw
from support.client import Client
from support.ledger import LEDGER
from support.ports import free_ports
from support.scripted_provider import ScriptedProvider
from support.stack import COOKIE, password_of


@pytest.fixture(scope="module")
def provider():
    provider = ScriptedProvider(free_ports(1)[0], "outside-client", secrets.token_urlsafe(24))
    yield provider
    provider.stop()


def outside(make_stack, name: str, provider, identity: dict):
    def change(configuration):
        configuration["authService"]["providers"] = [{
            "id": "corp", "issuer": provider.issuer, "clientID": provider.client_id, "clientSecret": {"file": "corp.secret"},
            "scopes": ["openid", "email", "profile"],
        }]
        configuration["authService"]["identity"] = identity
        del configuration["provider"]

    stack = make_stack(name, change, start=False)
    for file, secret in {"corp.secret": provider.client_secret, "basic.password": LEDGER.add("basic-password-of-ours", "basic")}.items():
        (stack.folder / file).write_text(secret)
        (stack.folder / file).chmod(0o600)
    stack.start()
    return stack


@pytest.fixture(scope="module")
def told(make_stack, provider):
    """Presets, templates and the ID token."""
    stack = outside(make_stack, "identity-headers", provider, {
        "presets": ["x-auth-request", "x-forwarded", "kubeflow"],
        "headers": {
            "kubeflow-userid": "accounts.google.com:{email}", "x-roles": "{realm_access.roles|; }", "x-missing": "user:{nickname}",
            "x-team": "groups",
        },
        "authorization": "idToken", "accessTokenHeader": "x-auth-request-access-token",
    })
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def basic(make_stack, provider):
    stack = outside(make_stack, "identity-basic", provider, {
        "headers": {"x-user": "name"}, "encoding": "base64", "authorization": "basic",
        "basic": {"user": "email", "password": {"file": "basic.password"}},
    })
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
