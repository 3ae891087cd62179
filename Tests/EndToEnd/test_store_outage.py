"""The store fails while the program runs: the gate stays closed, those whom a rule names go on, and all recovers by itself (N)."""
import resource
import secrets
import time

import pytest

from support import raw
from support.client import Client
from support.database_locks import nobody_reads, nobody_writes
from support.html import Page
from support.ledger import LEDGER
from support.stack import COOKIE, password_of

KNOWN = 90
CLOSED, OPEN_TO_KNOWN = "/echo/closed", "/echo/status/x"


@pytest.fixture(scope="module")
def failing(make_stack):
    def change(configuration):
        configuration["authService"]["rules"].insert(0, {
            "paths": ["/echo/status/*"], "allow": "signedIn", "onFailure": {"known-sessions": f"{KNOWN}s"}})

    stack = make_stack("store-outage", change, start=False)
    # A file that may not grow is an error to the program, and not its end.
    stack.gatehouse.ignores_file_size_signal = True
    stack.start()
    yield stack
    stack.stop()


def database(stack):
    return stack.folder / "gatehouse.db"


def ask(url: str, path: str, cookie: str, accept: str = "application/json") -> raw.RawResponse:
    return raw.request(int(url.rsplit(":", 1)[1]), path, [("accept", accept), ("cookie", f"{COOKIE}={cookie}")])


def statuses(stack, path: str, cookie: str) -> list[int]:
    return [ask(url, path, cookie).status for url in stack.gateways]


def restart(stack) -> None:
    """Empties what is in memory."""
    stack.gatehouse.stop()
    stack.start_gatehouse()
    for url in stack.gateways:
        stack.gatehouse.wait_until(lambda url=url: ask(url, CLOSED, "x").status == 401, "answers through Envoy")


def is_ready(stack) -> bool:
    try:
        return stack.ready()
    except OSError:
        return False  # it waits for the database


def assert_closed(stack, path: str, cookie: str) -> None:
    """503 at once, with the time of another try, in the caller's own form."""
    with stack.nothing_reaches_an_application():
        began = time.monotonic()
        program = ask(stack.grpc_url, path, cookie)
        browser = ask(stack.grpc_url, path, cookie, accept="text/html")
        # Over HTTP Envoy puts a 503 of its own in the place of ours.
        assert statuses(stack, path, cookie) == [503, 503]
        assert time.monotonic() - began < 3
        assert program.status == browser.status == 503
        assert int(program.first("retry-after")) > 0 and int(browser.first("retry-after")) > 0
        assert program.json()["error"] == "temporarily_unavailable" and program.json()["reference"]
        assert b"Reference" in browser.body and not browser.all("set-cookie"), "nobody is signed out"


def assert_served(stack, path: str, cookie: str) -> None:
    before = stack.hit_counts()
    assert statuses(stack, path, cookie) == [200, 200]
    assert len(stack.new_hits(before)) == 2


def test_a_database_that_nobody_can_read(failing):
    known = failing.signed_in("bob@example.com").cookie(COOKIE)
    other = failing.signed_in("admin@example.com").cookie(COOKIE)
    forged = LEDGER.add(secrets.token_urlsafe(32), "a cookie that nobody gave")
    restart(failing)
    assert_served(failing, OPEN_TO_KNOWN, known)
    loaded = time.monotonic()
    pid = failing.gatehouse.pid
    with nobody_reads(database(failing)):
        # The first who asks has to find out.
        with failing.nothing_reaches_an_application():
            assert ask(failing.grpc_url, CLOSED, other).status == 503
        for cookie in (other, forged):
            for path in (CLOSED, OPEN_TO_KNOWN):
                assert_closed(failing, path, cookie)
        assert_served(failing, OPEN_TO_KNOWN, known)
        # What is in memory is good for a minute everywhere, and then where a rule says so.
        time.sleep(max(0, loaded + 62 - time.monotonic()))
        assert_closed(failing, CLOSED, known)
        assert_served(failing, OPEN_TO_KNOWN, known)
        assert_closed(failing, OPEN_TO_KNOWN, other)
        time.sleep(max(0, loaded + KNOWN + 2 - time.monotonic()))
        assert_closed(failing, OPEN_TO_KNOWN, known)
        assert_closed(failing, CLOSED, known)
        assert not is_ready(failing) and failing.health("livez") == 200
    for cookie in (known, other):
        failing.gatehouse.wait_until(
            lambda cookie=cookie: statuses(failing, CLOSED, cookie) == [200, 200], "service as before", timeout=15)
    assert statuses(failing, CLOSED, forged) == [401, 401]
    assert failing.gatehouse.pid == pid


def sign_in(stack, url: str) -> tuple[Client, int]:
    """As far as it goes; the status of the last answer."""
    client = Client()
    _, form = client.open_login(f"{url}/echo/")
    answer = client.follow(client.submit(form, login="bob@example.com", password=password_of("bob@example.com")))
    return client, answer.status_code


def assert_no_sign_in(stack, url: str) -> None:
    before = stack.rows()
    with stack.nothing_reaches_an_application():
        client, status = sign_in(stack, url)
        assert status == 503 and client.cookie(COOKIE) is None
    assert stack.rows() == before


def assert_signs_in(stack) -> None:
    for url in stack.gateways:
        client, status = sign_in(stack, url)
        assert status == 200 and client.cookie(COOKIE)


def test_a_database_that_another_process_writes_to(failing):
    known = failing.signed_in("bob@example.com")
    restart(failing)
    with nobody_writes(database(failing)):
        assert_served(failing, CLOSED, known.cookie(COOKIE))
        for url in failing.gateways:
            assert_no_sign_in(failing, url)
    assert_signs_in(failing)


def test_a_disk_that_is_full(failing):
    """As for a write over a quota: what is there is read, what is new is refused, and nothing that was confirmed is lost."""
    known = failing.signed_in("bob@example.com")
    leaving = failing.signed_in("admin@example.com")
    page = leaving.get(f"{failing.grpc_url}/_gatehouse/sign-out")
    restart(failing)
    pid = failing.gatehouse.pid
    limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        assert_served(failing, CLOSED, known.cookie(COOKIE))
        for url in failing.gateways:
            assert_no_sign_in(failing, url)
        answer = leaving.submit(Page(page.url, page.text).forms[0])
        assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
        assert_served(failing, CLOSED, leaving.cookie(COOKIE))
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
    assert_signs_in(failing)
    assert leaving.submit(Page(page.url, page.text).forms[0]).status_code == 303
    assert failing.gatehouse.pid == pid
    restart(failing)
    assert_served(failing, CLOSED, known.cookie(COOKIE))
