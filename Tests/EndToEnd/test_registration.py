"""Dynamic client registration (RFC 7591): off by default, and by the initial access token where it is on."""
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from support.client import Client, parameters
from support.fixtures import provider_fixture
from support.html import Page
from support.ledger import LEDGER
from support.provider_clients import CALLBACK, REGISTRATION_TOKEN, assert_refused, audit_lines
from support.stack import password_of


provider = provider_fixture("registration")


def register(provider, token: str | None = REGISTRATION_TOKEN, **metadata) -> requests.Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    response = requests.post(
        f"{provider.issuer}/register", json={"client_name": "Notes", "redirect_uris": [CALLBACK]} | metadata, headers=headers,
        timeout=10)
    if response.status_code == 201:
        LEDGER.add(response.json().get("client_secret"), "secret of a registered client")
    return response


def test_off_by_default(stack):
    assert register(stack).status_code == 404
    assert "registration_endpoint" not in requests.get(f"{stack.issuer}/.well-known/openid-configuration", timeout=5).json()


def test_a_registered_client_signs_people_in(provider):
    about = requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=5).json()
    assert about["registration_endpoint"] == f"{provider.issuer}/register"
    rows = provider.all_rows()
    answer = register(provider, grant_types=["authorization_code", "refresh_token"])
    assert answer.status_code == 201 and answer.headers["cache-control"] == "no-store"
    account = answer.json()
    assert provider.all_rows() == rows, "nothing is stored for it"
    with OAuth2Session(
        account["client_id"], account["client_secret"], redirect_uri=CALLBACK, scope="openid email offline_access",
        code_challenge_method="S256",
    ) as client:
        address, state = client.create_authorization_url(about["authorization_endpoint"], code_verifier="v" * 64)
        browser = Client()
        page = browser.sign_in(address, "bob@example.com", password_of("bob@example.com"))
        assert "Notes" in page.text, "people are asked before a stranger's client gets anything"
        consent = Page(page.url, page.text).form_with("decision")
        done = browser.follow(browser.submit(consent, decision="allow"), until=lambda target: target.startswith(CALLBACK))
        assert "code" in parameters(done.headers["location"])
        tokens = client.fetch_token(
            about["token_endpoint"], authorization_response=done.headers["location"], state=state, code_verifier="v" * 64)
        for name in ("access_token", "refresh_token", "id_token"):
            LEDGER.add(tokens[name], name)
        assert client.get(about["userinfo_endpoint"]).json()["email"] == "bob@example.com"
    assert audit_lines(provider, event="client_registered", reason="Notes")


@pytest.mark.parametrize("token", [None, "wrong", ""])
def test_without_the_token(provider, token):
    answer = register(provider, token)
    assert_refused(answer, "invalid_token", 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("metadata, error", [
    ({"redirect_uris": ["http://evil.example/"]}, "invalid_redirect_uri"), ({"redirect_uris": []}, "invalid_redirect_uri"),
    ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
    ({"grant_types": ["client_credentials"]}, "invalid_client_metadata"),
    ({"jwks_uri": "http://169.254.169.254/"}, "invalid_client_metadata"),
    ({"token_endpoint_auth_method": "tls_client_auth"}, "invalid_client_metadata"),
], ids=str)
def test_metadata_that_we_do_not_take(provider, metadata, error):
    assert_refused(register(provider, **metadata), error)
