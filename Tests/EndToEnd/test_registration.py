"""Dynamic client registration (RFC 7591, RFC 7592): off by default, and by the initial access token where it is on."""
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from support.client import Client, parameters
from support.code_flow import exchange, refresh, userinfo
from support.fixtures import provider_fixture
from support.html import Page
from support.ledger import LEDGER
from support.provider_clients import CALLBACK, REGISTRATION_TOKEN, assert_refused, audit_lines
from support.sso import authorize, send
from support.stack import ClientAccount, password_of


provider = provider_fixture("registration")


def note(told: dict) -> dict:
    """Puts the secrets in an answer into the ledger."""
    LEDGER.add(told.get("client_secret"), "secret of a registered client")
    LEDGER.add(told["registration_access_token"], "registration access token")
    return told


def manage(method: str, told: dict, metadata: dict | None = None, token: str | None = None) -> requests.Response:
    """At the client's own place."""
    response = requests.request(
        method, told["registration_client_uri"], json=metadata, timeout=10,
        headers={"authorization": f"Bearer {token or told['registration_access_token']}"})
    if response.status_code == 200:
        note(response.json())
    return response


def signed_in(provider, told: dict) -> dict:
    """The tokens of somebody who has signed in and allowed the client to know it."""
    account = ClientAccount(told["client_id"], told["client_secret"], CALLBACK)
    browser = Client()
    page = authorize(browser, provider, account, scope="openid offline_access")
    consent = send(browser, page, account, login="bob@example.com", password=password_of("bob@example.com"))
    form = Page(consent.url, consent.text).form_with("decision")
    done = browser.follow(browser.submit(form, decision="allow"), until=lambda target: target.startswith(CALLBACK))
    reply = exchange(provider, account, parameters(done.headers["location"])["code"][0])
    assert reply.status_code == 200, reply.text
    return reply.json()


def register(provider, token: str | None = REGISTRATION_TOKEN, **metadata) -> requests.Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    response = requests.post(
        f"{provider.issuer}/register", json={"client_name": "Notes", "redirect_uris": [CALLBACK]} | metadata, headers=headers,
        timeout=10)
    if response.status_code == 201:
        note(response.json())
    return response


@pytest.mark.usefixtures("nothing_new")
def test_off_by_default(stack):
    assert register(stack).status_code == 404
    assert "registration_endpoint" not in requests.get(f"{stack.issuer}/.well-known/openid-configuration", timeout=5).json()


def test_a_registered_client_signs_people_in(provider):
    about = requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=5).json()
    assert about["registration_endpoint"] == f"{provider.issuer}/register"
    answer = register(provider, grant_types=["authorization_code", "refresh_token"])
    assert answer.status_code == 201 and answer.headers["cache-control"] == "no-store"
    account = answer.json()
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
@pytest.mark.usefixtures("nothing_new")
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
@pytest.mark.usefixtures("nothing_new")
def test_metadata_that_we_do_not_take(provider, metadata, error):
    assert_refused(register(provider, **metadata), error)


def test_a_client_reads_and_changes_its_registration(provider):
    told = register(provider, grant_types=["authorization_code", "refresh_token"], scope="openid email").json()
    assert told["registration_client_uri"] == f"{provider.issuer}/register/{told['client_id']}"
    read = manage("GET", told)
    assert read.status_code == 200 and read.json() == told and read.headers["cache-control"] == "no-store"
    kept = {"client_id": told["client_id"], "client_secret": told["client_secret"], "redirect_uris": [CALLBACK]}
    changed = manage("PUT", told, kept | {"client_name": "Better notes"}).json()
    assert changed["client_name"] == "Better notes" and changed["client_secret"] == told["client_secret"]
    assert changed["grant_types"] == ["authorization_code"] and "scope" not in changed, "what was left out is gone"
    assert audit_lines(provider, event="client_changed", client=told["client_id"], reason="the client changed its registration")
    page = authorize(Client(), provider, ClientAccount(told["client_id"], None, CALLBACK))
    assert "Better notes" in page.text


def test_a_change_that_does_not_name_the_secret_brings_another(provider):
    told = register(provider, grant_types=["authorization_code", "refresh_token"]).json()
    tokens = signed_in(provider, told)
    renewed = manage("PUT", told, {
        "client_id": told["client_id"], "redirect_uris": [CALLBACK], "grant_types": ["authorization_code", "refresh_token"]}).json()
    assert renewed["client_secret"] != told["client_secret"]
    old, new = (ClientAccount(told["client_id"], which["client_secret"], CALLBACK) for which in (told, renewed))
    assert refresh(provider, old, tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert refresh(provider, new, tokens["refresh_token"]).status_code == 200, "who has signed in stays so"


def test_a_client_that_has_been_deleted_gets_nothing(provider):
    told = register(provider, grant_types=["authorization_code", "refresh_token"]).json()
    account = ClientAccount(told["client_id"], told["client_secret"], CALLBACK)
    tokens = signed_in(provider, told)
    assert userinfo(provider, tokens["access_token"]).status_code == 200
    deleted = manage("DELETE", told)
    assert deleted.status_code == 204 and deleted.content == b""
    assert refresh(provider, account, tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert exchange(provider, account, "any-code").json()["error"] == "invalid_client"
    assert userinfo(provider, tokens["access_token"]).status_code == 401
    page = Client().get(f"{provider.issuer}/auth", params={"client_id": account.id, "redirect_uri": CALLBACK, "response_type": "code"})
    assert page.status_code == 400 and "location" not in page.headers
    for method in ("GET", "PUT", "DELETE"):
        assert_refused(manage(method, told, {} if method == "PUT" else None), "invalid_token", 401)
    for event in ("client_changed", "revocation"):
        assert audit_lines(provider, event=event, client=account.id, reason="the client deleted its registration")


@pytest.mark.parametrize("changes, error", [
    ({"client_id": "app"}, "invalid_client_metadata"), ({"client_id": None}, "invalid_client_metadata"),
    ({"client_secret": "of-its-own-choice"}, "invalid_client_metadata"),
    ({"registration_access_token": "x"}, "invalid_client_metadata"),
    ({"redirect_uris": ["http://evil.example/"]}, "invalid_redirect_uri"), ({"redirect_uris": None}, "invalid_redirect_uri"),
    ({"grant_types": ["client_credentials"]}, "invalid_client_metadata"),
], ids=str)
def test_a_change_that_is_refused_changes_nothing(provider, changes, error):
    told = register(provider).json()
    refused = manage("PUT", told, {"client_id": told["client_id"], "redirect_uris": [CALLBACK]} | changes)
    assert_refused(refused, error)
    assert audit_lines(provider, event="refusal", reference=refused.json()["reference"], client=told["client_id"])
    assert manage("GET", told).json() == told


def test_a_registration_access_token_is_for_its_own_client(provider):
    one, other = register(provider).json(), register(provider).json()
    for token in (other["registration_access_token"], REGISTRATION_TOKEN, one["client_secret"], "x"):
        for method in ("GET", "PUT", "DELETE"):
            refused = manage(method, one, {} if method == "PUT" else None, token)
            assert_refused(refused, "invalid_token", 401)
            assert refused.headers["www-authenticate"].startswith("Bearer")
            assert audit_lines(provider, event="refusal", reference=refused.json()["reference"], reason="registration access token")
    assert manage("POST", one, {}).status_code == 405 and manage("GET", one).status_code == 200


def test_only_hashes_are_stored_and_a_registration_outlives_a_restart(provider):
    told = register(provider).json()
    everything = b"".join(file.read_bytes() for file in provider.folder.glob("gatehouse.db*"))
    assert told["client_id"].encode() in everything
    assert told["registration_access_token"].encode() not in everything and told["client_secret"].encode() not in everything
    provider.gatehouse.stop()
    provider.start_gatehouse()
    assert manage("GET", told).json() == told


def test_administrators_see_it_and_can_end_it(provider):
    api = f"http://127.0.0.1:{provider.ports.admin}/api/clients"
    told = register(provider).json()
    shown = requests.get(f"{api}/{told['client_id']}", timeout=10).json()["client"]
    assert shown["source"] == "registration" and shown["expires_at"] and told["client_secret"] not in str(shown)
    assert requests.patch(f"{api}/{told['client_id']}", json={"disabled": True}, timeout=10).status_code == 200
    assert_refused(manage("GET", told), "access_denied", 403)
    assert requests.delete(f"{api}/{told['client_id']}", timeout=10).status_code == 200
    assert_refused(manage("GET", told), "invalid_token", 401)
    made = requests.post(api, json={"redirect_uris": [CALLBACK]}, timeout=10)
    assert made.status_code == 409 and "storedClients" in made.json()["error"]
