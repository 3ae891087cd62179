"""User names and passwords in Authorization: Basic, for old clients: off unless asked for, bounded, through both gateways."""
import base64
import concurrent.futures
import secrets
import time

import pytest
import requests

from support.client import NAVIGATION
from support.directory import GROUPS, PEOPLE, SERVICE, SERVICE_PASSWORD, Directory
from support.directory import password_of as ldap_password_of
from support.fixtures import both_gateways, stack_fixture
from support.flood import flood
from support.ledger import LEDGER
from support.stack import password_of
from support.witness import resident_bytes
from test_bearer import PROGRAM


guarded = stack_fixture("basic", {"basicAuthentication": True})


url = both_gateways("guarded")


class From(requests.adapters.HTTPAdapter):
    """Sends from an address of this machine."""

    def __init__(self, address: str):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, **options, source_address=(self.address, 0))


def basic(user: str, password: str) -> str:
    return "Basic " + LEDGER.add(base64.b64encode(f"{user}:{password}".encode()).decode(), "basic credentials")


def ask(url: str, field: str, address: str = "127.0.0.1", headers: dict = PROGRAM, path: str = "/echo/") -> requests.Response:
    """`address`: of loopback, from which the request comes."""
    with requests.Session() as session:
        session.mount("http://", From(address))
        return session.get(
            url.replace("localhost", "127.0.0.1") + path, allow_redirects=False, timeout=30,
            headers=headers | {"authorization": field, "host": url.removeprefix("http://")})


def test_a_right_password_lets_its_user_in(url, guarded):
    credentials = basic("bob@example.com", password_of("bob@example.com"))
    for _ in range(3):
        response = ask(url, credentials)
        assert response.status_code == 200, response.text[:300]
        seen = response.json()["headers"]
        assert seen["kubeflow-userid"] == ["bob@example.com"] and seen["kubeflow-groups"] == ["team-b"]
        # The application never sees the password.
        assert credentials.split()[1] not in response.text
    with guarded.nothing_comes_of_it():
        assert ask(url, credentials, path="/admin/").status_code == 403


def test_it_is_the_person_who_signs_in_with_a_browser(url, guarded):
    def assertion(response):
        return response.json()["headers"]["x-gatehouse-assertion"][0]

    from support import jws
    signed_in = guarded.signed_in("bob@example.com", url).get(f"{url}/echo/")
    response = ask(url, basic("bob@example.com", password_of("bob@example.com")))
    names = ("sub", "idp", "email")
    assert [jws.claims_of(assertion(response))[n] for n in names] == [jws.claims_of(assertion(signed_in))[n] for n in names]


def test_once_checked_a_password_costs_no_hash(guarded):
    credentials = basic("bob@example.com", password_of("bob@example.com"))
    ask(guarded.grpc_url, credentials)
    start = time.monotonic()
    for _ in range(20):
        assert ask(guarded.grpc_url, credentials).status_code == 200
    assert time.monotonic() - start < 20 * 0.05 + 1


@pytest.mark.parametrize("field", [
    pytest.param(lambda: basic("bob@example.com", "wrong"), id="wrong password"),
    pytest.param(lambda: basic("nobody@example.com", "wrong"), id="unknown user"),
    pytest.param(lambda: basic("bob@example.com", ""), id="empty password"),
    pytest.param(lambda: basic("", password_of("bob@example.com")), id="empty user"),
    pytest.param(lambda: "Basic " + base64.b64encode(b"bob@example.com").decode(), id="no colon"),
    pytest.param(lambda: "Basic " + base64.b64encode(b"bob\xff:x").decode(), id="no UTF-8"),
    pytest.param(lambda: "Basic " + base64.b64encode(b"bob:x\x00y").decode(), id="NUL"),
    pytest.param(lambda: "Basic ****", id="no base64"),
    pytest.param(lambda: "Basic", id="nothing"),
    pytest.param(lambda: basic("bob@example.com", "x" * 5000), id="long"),
])
def test_what_is_wrong_is_refused(url, guarded, field):
    with guarded.nothing_comes_of_it():
        response = ask(url, field())
        assert response.status_code == 401, response.text[:300]
        assert response.headers["www-authenticate"].startswith("Basic ")


def test_guessing_is_slowed_down_and_locks_nobody_out(guarded):
    url, good = guarded.grpc_url, basic("admin@example.com", password_of("admin@example.com"))
    with guarded.nothing_comes_of_it():
        answers = [ask(url, basic("admin@example.com", f"guess-{n}"), "127.0.0.7").status_code for n in range(12)]
    assert answers[:5] == [401] * 5 and answers[-1] == 429
    with guarded.nothing_comes_of_it():
        response = ask(url, good, "127.0.0.7")
        assert response.status_code == 429 and int(response.headers["retry-after"]) >= 1
    # From elsewhere the right password goes on to count.
    assert ask(url, good, "127.0.0.9").status_code == 200


def test_guessing_at_many_names_is_slowed_down(guarded):
    url = guarded.grpc_url
    # Several at once: one after the other, on a machine that is busy, they may be no faster than the bound.
    with guarded.nothing_comes_of_it(), concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: ask(url, basic(f"user-{n}", "x"), "127.0.0.99").status_code, range(80)))
    assert answers[0] == 401 and answers[-1] == 429 and answers.count(401) >= 30


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = Directory(tmp_path_factory.mktemp("directory") / "slapd")
    directory.start()
    yield directory
    directory.program.kill()


@pytest.fixture(scope="module")
def with_directory(make_stack, directory):
    """The users of the file, and behind them a directory."""
    def change(configuration):
        configuration["authService"]["basicAuthentication"] = True
        configuration["provider"]["connectors"] = [{"id": "ldap", "type": "ldap", "name": "Directory", "ldap": {
            "host": f"127.0.0.1:{directory.tls_port}", "rootCA": str(directory.authority.file), "bindDN": SERVICE,
            "bindPW": {"file": "bind.password"},
            "userSearch": {"baseDN": PEOPLE, "filter": "(objectClass=inetOrgPerson)", "username": "uid"},
            "groupSearch": {"baseDN": GROUPS, "filter": "(objectClass=groupOfNames)", "userMatchers": [
                {"userAttr": "DN", "groupAttr": "member"}]}}}]

    stack = make_stack("basic-directory", change, start=False)
    stack.write_secret("bind.password", SERVICE_PASSWORD)
    stack.start()
    yield stack
    stack.stop()


@pytest.mark.parametrize("way", ["grpc_url", "http_url"])
def test_a_directory_knows_passwords_too(with_directory, way):
    url = getattr(with_directory, way)
    seen = ask(url, basic("ada", ldap_password_of("ada"))).json()["headers"]
    assert seen["kubeflow-userid"] == ["ada@example.com"] and "engineers" in seen["kubeflow-groups"][0]
    seen = ask(url, basic("bob@example.com", password_of("bob@example.com"))).json()["headers"]
    assert seen["kubeflow-groups"] == ["team-b"], "the user of the file"
    for address, (user, password) in enumerate([
        ("ada", "wrong"), ("ada", ""), ("*", ldap_password_of("ada")), ("ada)(uid=*", ldap_password_of("ada")),
        ("bob@example.com", ldap_password_of("bob")), ("nobody", "x"),
    ]):
        with with_directory.nothing_comes_of_it():
            assert ask(url, basic(user, password), f"127.0.1.{address + 1}").status_code == 401, user


def test_while_the_directory_is_away_nobody_of_it_gets_in_and_the_others_do(with_directory, directory):
    """Last of these: the directory is gone afterwards."""
    directory.program.kill()
    for url in with_directory.gateways:
        with with_directory.nothing_comes_of_it():
            assert ask(url, basic("jsmith", ldap_password_of("jsmith")), "127.0.2.1").status_code == 503
        assert ask(url, basic("admin@example.com", password_of("admin@example.com"))).status_code == 200


@pytest.mark.parametrize("kind", ["on one account", "over many"])
def test_ten_thousand_wrong_passwords_hurt_nobody_else(make_stack, kind):
    """M2: few of them are hashed, none is remembered for long, and somebody else's right password counts meanwhile."""
    stack = make_stack(f"basic-flood-{kind.replace(' ', '-')}", lambda configuration: configuration["authService"].update(
        basicAuthentication=True))
    try:
        good = basic("bob@example.com", password_of("bob@example.com"))
        assert ask(stack.grpc_url, good).status_code == 200
        for url in stack.gateways:
            memory, began = resident_bytes(stack.gatehouse.pid), time.monotonic()
            names = (f"user-{number}@example.com" if kind == "over many" else "admin@example.com" for number in range(10_000))
            with stack.nothing_comes_of_it():
                statuses = flood(
                    int(url.rsplit(":", 1)[1]), ([("authorization", basic(name, f"guess-{secrets.token_hex(4)}"))] for name in names))
            assert set(statuses) <= {"401", "429"} and statuses["429"] > 9_800
            assert time.monotonic() - began < 60
            assert resident_bytes(stack.gatehouse.pid) - memory < 20 * 1024 * 1024
            assert ask(url, good).status_code == 200
    finally:
        stack.stop()


def test_without_the_option_the_field_is_the_applications(gateway, stack, bob):
    field = basic("admin@example.com", password_of("admin@example.com"))
    with stack.nothing_comes_of_it():
        assert ask(gateway, field).status_code == 401
    response = bob.get(f"{gateway}/echo/", headers=NAVIGATION | {"authorization": field})
    assert response.json()["headers"]["kubeflow-userid"] == ["bob@example.com"]
