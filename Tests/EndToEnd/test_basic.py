"""User names and passwords in Authorization: Basic, for old clients: off unless asked for, bounded, through both gateways."""
import base64
import time

import pytest
import requests

from support.client import NAVIGATION
from support.ledger import LEDGER
from support.stack import password_of
from test_bearer import PROGRAM


@pytest.fixture(scope="module")
def guarded(make_stack):
    def change(configuration):
        configuration["authService"]["basicAuthentication"] = True

    stack = make_stack("basic", change)
    yield stack
    stack.stop()


@pytest.fixture(params=["grpc_url", "http_url"])
def url(request, guarded) -> str:
    return getattr(guarded, request.param)


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
    with guarded.nothing_reaches_an_application():
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
    pid = guarded.gatehouse.pid
    with guarded.nothing_reaches_an_application():
        response = ask(url, field())
        assert response.status_code == 401, response.text[:300]
        assert response.headers["www-authenticate"].startswith("Basic ")
    assert guarded.gatehouse.pid == pid


def test_guessing_is_slowed_down_and_locks_nobody_out(guarded):
    url, good = guarded.grpc_url, basic("admin@example.com", password_of("admin@example.com"))
    with guarded.nothing_reaches_an_application():
        answers = [ask(url, basic("admin@example.com", f"guess-{n}"), "127.0.0.7").status_code for n in range(12)]
    assert answers[:5] == [401] * 5 and answers[-1] == 429
    with guarded.nothing_reaches_an_application():
        response = ask(url, good, "127.0.0.7")
        assert response.status_code == 429 and int(response.headers["retry-after"]) >= 1
    # From elsewhere the right password goes on to count.
    assert ask(url, good, "127.0.0.9").status_code == 200


def test_guessing_at_many_names_is_slowed_down(guarded):
    url = guarded.grpc_url
    with guarded.nothing_reaches_an_application():
        answers = [ask(url, basic(f"user-{n}", "x"), "127.0.0.99").status_code for n in range(40)]
    assert answers[0] == 401 and answers[-1] == 429


def test_without_the_option_the_field_is_the_applications(gateway, stack, bob):
    field = basic("admin@example.com", password_of("admin@example.com"))
    with stack.nothing_reaches_an_application():
        assert ask(gateway, field).status_code == 401
    response = bob.get(f"{gateway}/echo/", headers=NAVIGATION | {"authorization": field})
    assert response.json()["headers"]["kubeflow-userid"] == ["bob@example.com"]
