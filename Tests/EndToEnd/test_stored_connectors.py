"""Connectors in the storage: made, used, changed and deleted while the program runs, at every replica, and nothing of their secrets shown."""
import concurrent.futures
import itertools
import json
import secrets
import ssl
import subprocess

import pytest
import requests

from support import extauthz, paths
from support.certificates import Authority
from support.client import Client
from support.directory import GROUPS, PEOPLE, SERVICE, SERVICE_PASSWORD, Directory, password_of
from support.engines import ENGINES
from support.fixtures import upstream_fixture
from support.html import Page
from support.ledger import LEDGER
from support.ports import answers, free_ports
from support.replica import Replica
from support.scripted_provider import ScriptedProvider
from support.sso import eventually
from support.upstreams import UpstreamStack
from test_basic import basic

SECRET = LEDGER.add(secrets.token_urlsafe(24), "secret at the upstream")
NUMBERS = itertools.count()
STORAGE_SECRET, OTHER_STORAGE_SECRET = (LEDGER.add(secrets.token_hex(32), "key of the storage") for _ in range(2))
OTHER_SECRET = LEDGER.add(secrets.token_urlsafe(24), "another secret at the upstream")


upstream = upstream_fixture(SECRET)


@pytest.fixture(scope="module")
def place(artifacts, upstream):
    fixed = {"id": "fixed", "type": "oidc", "name": "Of the file",
             "oidc": {"issuer": upstream.issuer, "clientID": upstream.client_id, "clientSecret": {"env": "UPSTREAM_SECRET"}}}
    stack = UpstreamStack(artifacts / "logs" / "stored-connectors", [fixed], storedConnectors=True)
    stack.configuration["authService"]["basicAuthentication"] = True
    stack.further_environment = {"UPSTREAM_SECRET": SECRET}
    stack.start()
    yield stack
    stack.kill()


@pytest.fixture(autouse=True)
def good(place, upstream):
    upstream.reset()
    yield
    for connector in api(place, "GET").json()["connectors"]:
        if connector["source"] == "storage":
            assert api(place, "DELETE", f"/{connector['id']}").status_code == 200


def api(place, method: str, path: str = "", body=None, port: int | None = None) -> requests.Response:
    return requests.request(method, f"http://127.0.0.1:{port or place.ports.admin}/api/connectors{path}", json=body, timeout=20)


def oidc(upstream, **more) -> dict:
    return {"type": "oidc", "name": "Company account",
            "oidc": {"issuer": upstream.issuer, "clientID": upstream.client_id, "clientSecret": SECRET} | more}


def make(place, identifier: str, description: dict) -> dict:
    made = api(place, "POST", "", {"id": identifier} | description)
    assert made.status_code == 201, made.text
    return made.json()["connector"]


@pytest.fixture
def corp(place, upstream):
    """An id is never given again."""
    return make(place, f"corp-{next(NUMBERS)}", oidc(upstream))["id"]


def offered(place) -> list[str]:
    """The ids of the connectors between which the login page lets people choose."""
    page = place.authorize(Client())
    return [link.split("/auth/")[1].split("/")[0] for link in Page(page.url, page.text).links if "/auth/" in link]


def audit(place, **wanted) -> list[dict]:
    return [entry for entry in place.audit() if wanted.items() <= entry.items()]


def test_from_beginning_to_end(place, upstream):
    upstream.gives_refresh_tokens()
    assert offered(place) == ["local", "fixed"]
    shown = make(place, "partner", oidc(upstream, insecureEnableGroups=True, getUserInfo=True))
    assert offered(place) == ["local", "fixed", "partner"]
    assert (shown["source"], shown["type"], shown["client_id"], shown["addresses"]) == (
        "storage", "oidc", upstream.client_id, [upstream.issuer])
    assert api(place, "POST", "/partner/test").json() == {"outcome": "reached"}
    tokens = place.tokens(place.sign_in("partner"))
    claims = place.claims_of(tokens)
    assert claims["email"] == "eve@example.org" and claims["groups"] == ["outside"]
    assert place.claims(place.sign_in("fixed"))["sub"] != claims["sub"]
    upstream.groups = ["inside"]
    tokens = place.refresh(tokens).json()
    assert place.claims_of(tokens)["groups"] == ["inside"]
    # A change keeps the secret and whatever else it does not name.
    changed = api(place, "PATCH", "/partner", {"name": "Partner", "oidc": {"allowedGroups": ["outside"]}})
    assert changed.status_code == 200 and changed.json()["connector"]["settings"] == {
        "issuer": upstream.issuer, "clientID": upstream.client_id, "insecureEnableGroups": True, "getUserInfo": True,
        "allowedGroups": ["outside"]}
    assert "Continue with Partner" in place.authorize(Client()).text
    refused = place.sign_in("partner")
    assert refused.status_code == 403 and "location" not in refused.headers
    assert place.refresh(tokens).json()["error"] == "invalid_grant"
    upstream.groups = ["outside"]
    tokens = place.tokens(place.sign_in("partner"))
    assert place.claims_of(tokens)["sub"] == claims["sub"]
    assert api(place, "PATCH", "/partner", {"oidc": {"allowedGroups": None}}).json()["connector"]["settings"].get("allowedGroups") is None
    browser = Client()
    place.tokens(place.sign_in("partner", browser))
    assert api(place, "DELETE", "/partner").json()["connector"]["id"] == "partner"
    # Nobody comes in by it any more, by whatever way.
    assert offered(place) == ["local", "fixed"] and place.authorize(Client(), "partner").status_code == 404
    assert place.refresh(tokens).json()["error"] == "invalid_grant"
    # Whose session stands in for it is asked to sign in elsewhere.
    for more in ({"prompt": "login"}, {}):
        page = place.authorize(browser, **more)
        assert "Continue with Of the file" in page.text and "location" not in page.headers
    assert api(place, "GET", "/partner").status_code == 404
    again = api(place, "POST", "", {"id": "partner"} | oidc(upstream))
    assert again.status_code == 400 and "was deleted" in again.json()["error"]
    for what in ("made", "changed", "deleted"):
        assert audit(place, event="connector_changed", connector="partner", reason=f"an administrator: {what}")


def test_a_secret_is_neither_shown_nor_stored_as_it_is(place, upstream):
    make(place, "secret", oidc(upstream, clientSecret=OTHER_SECRET))
    told = [api(place, "GET", "").text, api(place, "GET", "/secret").text, api(place, "PATCH", "/secret", {"name": "Other"}).text]
    assert all(OTHER_SECRET not in text and "clientSecret" not in text for text in told)
    files = [file.read_bytes() for file in place.folder.glob("gatehouse.db*")]
    assert files
    for content in files:
        assert OTHER_SECRET.encode() not in content and upstream.issuer.encode() not in content
    assert place.claims(place.sign_in("secret"))["email"] == "eve@example.org" and upstream.client_secrets[-1] == OTHER_SECRET
    assert api(place, "PATCH", "/secret", {"oidc": {"clientSecret": SECRET}}).status_code == 200
    assert place.claims(place.sign_in("secret"))["email"] == "eve@example.org" and upstream.client_secrets[-1] == SECRET


def test_it_outlives_a_restart(place, corp):
    before = place.claims(place.sign_in(corp))["sub"]
    place.gatehouse.stop()
    place.start_gatehouse()
    assert place.claims(place.sign_in(corp))["sub"] == before


def test_a_sign_in_that_has_begun_goes_on_when_the_connector_changes(place, upstream, corp):
    browser = Client()
    to_upstream = place.authorize(browser, corp)
    assert api(place, "PATCH", f"/{corp}", {"name": "Renamed"}).status_code == 200
    answer = browser.follow(to_upstream, until=lambda target: target.startswith(place.apps_account.redirect_uri))
    assert place.claims(answer)["email"] == "eve@example.org"


@pytest.fixture(scope="module", params=["SQLite", *ENGINES])
def pair(request, artifacts, upstream):
    """Two replicas over each storage, of which a key of the operator's seals what is in it."""
    folder = artifacts / "logs" / f"stored-connectors-{request.param.lower()}"
    folder.mkdir(parents=True, exist_ok=True)
    engine = ENGINES[request.param](folder) if request.param in ENGINES else None
    stack = UpstreamStack(folder, [], storedConnectors=True)
    stack.configuration["storage"] = (engine.storage if engine else stack.configuration["storage"]) | {"secrets": [{"env": "STORAGE_SECRET"}]}
    stack.further_environment = {"STORAGE_SECRET": STORAGE_SECRET}
    stack.start()
    replica = Replica(stack)
    replica.start()
    replica.program.wait_until(lambda: answers(replica.ports["admin"]), "listening")
    yield stack, replica.ports["admin"]
    replica.program.stop()
    stack.kill()
    if engine:
        engine.end()


def test_another_replica_follows(pair, upstream):
    place, port = pair
    make(place, "shared", oidc(upstream))
    eventually(lambda: api(place, "GET", "/shared", port=port).status_code == 200, "connector at the replica", 3)
    assert api(place, "POST", "/shared/test", port=port).json() == {"outcome": "reached"}
    assert place.claims(place.sign_in("shared"))["email"] == "eve@example.org"
    # One after the other, each at its own, and nothing of the first is lost.
    assert api(place, "PATCH", "/shared", {"oidc": {"promptType": "login"}}).status_code == 200
    assert api(place, "PATCH", "/shared", {"name": "Second"}, port=port).json()["connector"]["settings"]["promptType"] == "login"
    eventually(lambda: api(place, "GET", "/shared").json()["connector"]["name"] == "Second", "name of the replica", 3)
    assert api(place, "POST", "", {"id": "shared"} | oidc(upstream), port=port).status_code == 409
    # What is sealed outlives a restart.
    place.gatehouse.stop()
    place.start_gatehouse()
    assert place.claims(place.sign_in("shared"))["email"] == "eve@example.org"
    assert api(place, "DELETE", "/shared", port=port).status_code == 200
    eventually(lambda: api(place, "GET", "/shared").status_code == 404, "deletion by the replica", 3)
    assert place.authorize(Client(), "shared").status_code == 404


def test_without_the_key_it_is_there_and_of_no_use(pair, upstream):
    place, _ = pair
    make(place, "lost", oidc(upstream))
    place.gatehouse.stop()
    place.further_environment["STORAGE_SECRET"] = OTHER_STORAGE_SECRET
    try:
        place.gatehouse.environment |= {"STORAGE_SECRET": OTHER_STORAGE_SECRET}
        refused = subprocess.run([paths.GATEHOUSE, "store", "check", "--config", place.file], capture_output=True, text=True, timeout=30,
                                 env=place.gatehouse.environment, check=False)
        assert refused.returncode != 0 and "1 connector" in refused.stdout + refused.stderr, refused.stdout + refused.stderr
    finally:
        place.further_environment["STORAGE_SECRET"] = STORAGE_SECRET
        place.gatehouse.environment |= {"STORAGE_SECRET": STORAGE_SECRET}
        place.start_gatehouse()
    assert place.claims(place.sign_in("lost"))["email"] == "eve@example.org"
    assert api(place, "DELETE", "/lost").status_code == 200


def test_second_factors_as_the_connector_says(place, corp):
    def asks(response) -> bool:
        return response.status_code == 200 and "authenticator" in response.text

    assert not asks(place.sign_in(corp))
    assert api(place, "PATCH", f"/{corp}", {"mfa": "required"}).json()["connector"]["mfa"] == "required"
    assert asks(place.sign_in(corp))
    assert "mfa" not in api(place, "PATCH", f"/{corp}", {"mfa": None}).json()["connector"]
    assert not asks(place.sign_in(corp))


def test_connections_of_its_own(artifacts, place):
    """An upstream with a certificate of an authority that nobody else knows."""
    folder = artifacts / "logs" / "stored-connectors-tls"
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("upstream", "localhost", "127.0.0.1"))
    port, = free_ports(1)
    secured = ScriptedProvider(port, "gatehouse-client", SECRET, context)
    secured.issuer = f"https://localhost:{port}"
    try:
        make(place, "secured", oidc(secured))
        assert api(place, "POST", "/secured/test").json()["outcome"] == "failed"
        change = {"rootCAs": [str(authority.file)], "clientSecret": SECRET}
        assert api(place, "PATCH", "/secured", {"oidc": change}).status_code == 200
        assert api(place, "POST", "/secured/test").json() == {"outcome": "reached"}
        warned = api(place, "PATCH", "/secured", {"oidc": {
            "rootCAs": None, "insecureSkipVerify": True, "clientSecret": SECRET}}).json()
        assert "is not verified" in " ".join(warned["warnings"])
        assert api(place, "POST", "/secured/test").json() == {"outcome": "reached"}
        # What no connection can be made with is refused before it is stored.
        (folder / "garbage.crt").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        refused = api(place, "PATCH", "/secured", {"oidc": {"rootCA": str(folder / "garbage.crt"), "clientSecret": SECRET}})
        assert refused.status_code == 400 and api(place, "POST", "/secured/test").json() == {"outcome": "reached"}, refused.text
    finally:
        secured.stop()


def test_what_cannot_be_used_for_a_while_signs_nobody_out(artifacts, place, upstream):
    """A file that one replica lacks is no reason to end what was signed in."""
    authority = Authority(artifacts / "logs" / "stored-connectors-tls")
    upstream.gives_refresh_tokens()
    make(place, "fragile", oidc(upstream, rootCA=str(authority.file)))
    browser = Client()
    tokens = place.tokens(place.sign_in("fragile", browser))
    kept = authority.file.read_bytes()
    place.gatehouse.stop()
    authority.file.unlink()
    place.start_gatehouse()
    assert "cannot be read" in api(place, "GET", "/fragile").json()["connector"]["problem"]
    assert offered(place) == ["local", "fixed"] and api(place, "POST", "/fragile/test").status_code == 404
    reply = place.refresh(tokens)
    assert (reply.status_code, reply.json()["error"]) == (503, "temporarily_unavailable")
    assert place.authorize(browser).status_code == 503
    authority.file.write_bytes(kept)
    place.gatehouse.stop()
    place.start_gatehouse()
    assert place.refresh(tokens).status_code == 200
    assert "location" in place.authorize(browser).headers


def test_a_directory(artifacts, place):
    directory = Directory(artifacts / "logs" / "stored-connectors-slapd")
    directory.start()
    try:
        make(place, "directory", {"type": "ldap", "name": "Directory", "ldap": {
            "host": f"127.0.0.1:{directory.port}", "insecureNoSSL": True, "bindDN": SERVICE, "bindPW": SERVICE_PASSWORD,
            "userSearch": {"baseDN": PEOPLE, "filter": "(objectClass=inetOrgPerson)", "username": "uid"},
            "groupSearch": {"baseDN": GROUPS, "filter": "(objectClass=groupOfNames)",
                            "userMatchers": [{"userAttr": "DN", "groupAttr": "member"}]}}})
        browser = Client()
        page = place.authorize(browser, "directory")
        form = Page(page.url, page.text).form_with("login", "password")
        answer = browser.submit(form, login="ada", password=password_of("ada"))
        assert place.claims(answer)["groups"] == ["engineers", "red"]
        # Its users count in headers as those of the file's directories do.
        headers = {"accept": "application/json", "authorization": basic("ada", password_of("ada"))}
        answer = extauthz.check(place.ports.check_grpc, extauthz.check_request(
            "/echo/", headers, host=f"localhost:{place.ports.grpc_gateway}"))
        assert answer.allowed and answer.all("kubeflow-userid") == ["ada@example.com"], answer
        # What leads elsewhere needs the password again, which whoever asks may not know.
        moved = {"host": "192.0.2.1:389"}
        refused = api(place, "PATCH", "/directory", {"ldap": moved})
        assert refused.status_code == 400 and "give `ldap.bindPW` with it" in refused.json()["error"]
        assert api(place, "DELETE", "/directory").status_code == 200
        answer = extauthz.check(place.ports.check_grpc, extauthz.check_request(
            "/echo/", headers, host=f"localhost:{place.ports.grpc_gateway}"))
        assert not answer.allowed
    finally:
        directory.program.kill()


REFUSED = {
    "no id": ({"type": "oidc", "name": "x", "oidc": {}}, 400, "`id` is missing"),
    "no type": ({"id": "x", "name": "x"}, 400, "`type` is missing"),
    "no options": ({"id": "x", "type": "oidc", "name": "x"}, 400, "`oidc` is missing"),
    "others' options": ({"id": "x", "type": "oidc", "name": "x", "ldap": {}}, 400, "does not go with"),
    "unknown member": ({"id": "x", "type": "oidc", "name": "x", "saml": {}}, 400, "`saml` is not known"),
    "unknown option": ({"id": "x", "type": "oidc", "name": "x", "oidc": {"isuer": "https://a.example"}}, 400, "did you mean `issuer`"),
    "clear text": ({"id": "x", "type": "oidc", "name": "x", "oidc": {"issuer": "http://a.example", "clientID": "a"}}, 400, "`oidc.issuer`"),
    "a secret of the machine's": ({"id": "x", "type": "oidc", "name": "x", "oidc": {
        "issuer": "https://a.example", "clientID": "a", "clientSecret": {"file": "/etc/passwd"}}}, 400, "write the secret itself"),
    "a secret of the process's": ({"id": "x", "type": "oidc", "name": "x", "oidc": {
        "issuer": "https://a.example", "clientID": "a", "clientSecret": {"env": "UPSTREAM_SECRET"}}}, 400, "write the secret itself"),
    "a relative path": ({"id": "x", "type": "oidc", "name": "x", "oidc": {
        "issuer": "https://a.example", "clientID": "a", "rootCA": "ca.crt"}}, 400, "is not absolute"),
    "another's callback": ({"id": "x", "type": "oidc", "name": "x", "oidc": {
        "issuer": "https://a.example", "clientID": "a", "redirectURI": "https://evil.example/callback"}}, 400, "does not lead here"),
    "a control character": ({"id": "x", "type": "oidc", "name": "x\n", "oidc": {"issuer": "https://a.example", "clientID": "a"}}, 400, "control"),
    "an id that no path has": ({"id": "..", "type": "oidc", "name": "x", "oidc": {"issuer": "https://a.example", "clientID": "a"}}, 400, "`id`"),
    "the file's id": ({"id": "fixed", "type": "oidc", "name": "x", "oidc": {"issuer": "https://a.example", "clientID": "a"}}, 400, "`fixed`"),
    "the users' id": ({"id": "local", "type": "oidc", "name": "x", "oidc": {"issuer": "https://a.example", "clientID": "a"}}, 400, "`local`"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_right_is_refused(place, name):
    body, status, says = REFUSED[name]
    before = api(place, "GET").json()
    answer = api(place, "POST", "", body)
    assert answer.status_code == status and says in answer.json()["error"], answer.text
    assert api(place, "GET").json() == before


@pytest.mark.parametrize("method, path, body, status, says", [
    ("PATCH", "/fixed", {"name": "x"}, 409, "configuration"), ("DELETE", "/local", None, 409, "configuration"),
    ("PATCH", "/none", {"name": "x"}, 404, "no such connector"), ("DELETE", "/none", None, 404, "no such connector"),
    ("PUT", "", {}, 405, "GET, POST"), ("POST", "/fixed", {}, 405, "GET, PATCH, DELETE"), ("GET", "/fixed/test", None, 405, "POST"),
    ("PATCH", "/corp", {"type": "ldap"}, 400, "`type` never changes"), ("PATCH", "/corp", {"id": "other"}, 400, "`id` is not known"),
    ("PATCH", "/corp", {"oidc": {"issuer": "https://elsewhere.example"}}, 400, "`oidc.issuer` never changes"),
    ("PATCH", "/corp", {"oidc": {"userIDKey": "email"}}, 400, "`oidc.userIDKey` never changes"),
    ("PATCH", "/corp", {"oidc": {"proxy": "http://127.0.0.1:1"}}, 400, "give `oidc.clientSecret` with it"),
    ("PATCH", "/corp", {"oidc": {"providerDiscoveryOverrides": {"tokenURL": "https://a.example/t"}}}, 400, "where secrets go"),
    ("PATCH", "/corp", {"oidc": {"issuer": None}}, 400, "`issuer` is missing"), ("PATCH", "/corp", {"oidc": None}, 400, "`oidc` is missing"),
    ("POST", "", {"id": "corp", "type": "authproxy", "name": "x", "authproxy": {"trustedProxies": ["10.0.0.1/32"]}}, 409, "with this id"),
])
def test_changes_that_are_refused(place, corp, method, path, body, status, says):
    path = path.replace("/corp", f"/{corp}")
    body = body | {"id": corp} if body and body.get("id") == "corp" else body
    before = api(place, "GET", f"/{corp}").json()
    answer = api(place, method, path, body)
    assert answer.status_code == status and says in answer.json()["error"], answer.text
    assert api(place, "GET", f"/{corp}").json() == before


def test_without_stored_connectors_there_are_none(stack, upstream):
    answer = api(stack, "POST", "", {"id": "x"} | oidc(upstream))
    assert answer.status_code == 409 and "storedConnectors" in answer.json()["error"]


def gatehouse(place, *arguments, **environment) -> subprocess.CompletedProcess:
    return subprocess.run([paths.GATEHOUSE, "connectors", *arguments, "--config", place.file], capture_output=True, text=True, timeout=20,
                          env=place.gatehouse.environment | environment, check=False)


def test_the_commands(place, upstream, tmp_path):
    (tmp_path / "typed.yaml").write_text(f"""
id: typed
type: oidc
name: Typed
oidc: {{ issuer: "{upstream.issuer}", clientID: {upstream.client_id}, clientSecret: {{ env: THE_SECRET }}, insecureEnableGroups: yes }}
""")
    refused = gatehouse(place, "add", "--from", str(tmp_path / "typed.yaml"), THE_SECRET=SECRET)
    assert refused.returncode == 1 and "`oidc.insecureEnableGroups`: `true` or `false` belongs here" in refused.stderr
    (tmp_path / "typed.yaml").write_text((tmp_path / "typed.yaml").read_text().replace(": yes", ": true"))
    unset = gatehouse(place, "add", "--from", str(tmp_path / "typed.yaml"))
    assert unset.returncode == 78 and "`THE_SECRET` is not set" in unset.stderr
    done = gatehouse(place, "add", "--from", str(tmp_path / "typed.yaml"), THE_SECRET=SECRET)
    assert done.returncode == 0 and done.stdout == "connector typed made\n", done.stderr
    assert place.claims(place.sign_in("typed"))["groups"] == ["outside"]
    assert f"typed\toidc\tTyped\t{upstream.issuer}\tstorage\n" in gatehouse(place, "list").stdout
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    (tmp_path / "change.json").write_text(json.dumps({"name": "Changed", "oidc": {"clientSecret": {"file": "secret"}, "insecureEnableGroups": None}}))
    assert gatehouse(place, "change", "typed", "--from", str(tmp_path / "change.json")).stdout == "connector typed changed\n"
    assert "groups" not in place.claims(place.sign_in("typed"))
    shown = gatehouse(place, "show", "typed")
    assert "name\tChanged\n" in shown.stdout and SECRET not in shown.stdout
    assert json.loads(gatehouse(place, "show", "typed", "--json").stdout)["connector"]["settings"]["clientID"] == upstream.client_id
    assert gatehouse(place, "delete", "typed").stdout == "deleted\n"
    assert gatehouse(place, "delete", "typed").returncode == 1
    missing = gatehouse(place, "add", "--from", str(tmp_path / "none.yaml"))
    assert missing.returncode == 78 and "none.yaml" in missing.stderr


def test_many_changes_at_once_lose_nothing(place, corp):
    names = ["email", "groups", "preferred_username"]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        answers_of_all = list(pool.map(lambda name: api(place, "PATCH", f"/{corp}", {"oidc": {"claimMapping": {name: f"x-{name}"}}}), names))
    assert [answer.status_code for answer in answers_of_all] == [200] * 3
    assert api(place, "GET", f"/{corp}").json()["connector"]["settings"]["claimMapping"] == {name: f"x-{name}" for name in names}
