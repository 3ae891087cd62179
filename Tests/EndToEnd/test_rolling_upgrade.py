"""The program of before and that of today on one store (J, docs/stores.md): side by side, one after the other, and back.

What the tables are after that is in test_migrations.py.
"""
import threading
import time

import pytest

from support import paths
from support.code_flow import code_for
from support.engines import ENGINES
from support.ledger import LEDGER
from support.pair import PROGRAM, Pair
from support.previous import previous_program
from support.trials import due_sessions, exchanged, refreshed
from support.versions import NEW, OLD, Versions


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, artifacts):
    server = ENGINES[request.param](artifacts / "logs" / f"upgrade-{request.param}")
    yield server
    server.end()


class Visits:
    """Asks the old one all the time while the new one starts."""

    def __init__(self, pair: Pair, cookie: str):
        self.pair, self.cookie = pair, cookie
        self.seen: list[int] = []
        self.are_over = threading.Event()
        self.thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self.are_over.wait(0.01):
            self.seen.append(self.pair.status(OLD, self.cookie))
            # Another one each time: it is read from the store.
            self.seen.append(self.pair.status(OLD, self.pair.sign_in(OLD)))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.are_over.set()
        self.thread.join()


@pytest.fixture(scope="module")
def versions(engine, artifacts, provider):
    """Both run; the old one has made the tables, and the new one came while it was in use."""
    provider.gives_refresh_tokens()
    pair = Versions(artifacts / "logs" / f"upgrade-pair-{engine.name.lower()}", provider, engine.storage)
    pair.start_first()
    pair.before = pair.sign_in(OLD)
    with Visits(pair, pair.before) as visits:
        pair.other.start()
        time.sleep(0.3)
    assert len(visits.seen) > 3 and set(visits.seen) == {200}, "the old one served on"
    # They are due when the other tests are over.
    pair.due = due_sessions(pair, 2)
    yield pair
    pair.kill()


def test_each_knows_who_has_signed_in_at_the_other(versions):
    assert versions.statuses(versions.before) == [200, 200]
    for number in (OLD, NEW):
        assert versions.statuses(versions.sign_in(number)) == [200, 200]


def seconds_until_both_refuse(pair: Versions, cookie: str) -> float:
    began = time.monotonic()
    while pair.statuses(cookie) != [401, 401]:
        assert time.monotonic() - began < 5
    return time.monotonic() - began


@pytest.mark.parametrize(("here", "there"), [(OLD, NEW), (NEW, OLD)])
def test_a_sign_out_at_one_is_heard_by_the_other(versions, here, there):
    cookie = versions.sign_in(there)
    assert versions.statuses(cookie) == [200, 200]
    versions.sign_out(here, cookie)
    assert seconds_until_both_refuse(versions, cookie) < 1


def test_codes_and_refresh_tokens_of_our_provider_are_good_at_either(versions):
    account = versions.apps_account
    for number in (OLD, NEW):
        # The pages are the old one's.
        token = exchanged(versions, number, code_for(versions, account))
        for other in (1 - number, number, 1 - number):
            token = refreshed(versions, other, token)


@pytest.mark.parametrize(("here", "there"), [(OLD, NEW), (NEW, OLD)])
def test_personal_tokens_are_those_of_both(versions, here, there):
    made = versions.command(here, "tokens", "create", "--subject", "program", "--name", f"robot-{here}")
    headers = PROGRAM | {"authorization": "Bearer " + LEDGER.add(made["token"], "personal token")}
    assert [versions.check(number, "/echo/", headers).status for number in (OLD, NEW)] == [200, 200]
    versions.command(there, "tokens", "revoke", made["id"])
    deadline = time.monotonic() + 2
    while [versions.check(number, "/echo/", headers).status for number in (OLD, NEW)] != [401, 401]:
        assert time.monotonic() < deadline


def test_tokens_of_a_session_are_renewed_by_the_other(versions, provider):
    versions.due.wait()
    provider.refreshes.clear()
    of_old, of_new = versions.due.cookies
    assert [versions.status(NEW, of_old), versions.status(OLD, of_new)] == [200, 200]
    deadline = time.monotonic() + 5
    while len(provider.refreshes) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.2)
    assert versions.statuses(of_old) == versions.statuses(of_new) == [200, 200] and len(provider.refreshes) == 2


def test_the_old_one_starts_again_on_what_the_new_one_has_made(versions):
    kept, ended = versions.sign_in(NEW), versions.sign_in(NEW)
    versions.sign_out(NEW, ended)
    versions.restart_first()
    assert versions.statuses(kept) == [200, 200] and versions.statuses(ended) == [401, 401]
    versions.other.program.stop()
    assert versions.status(OLD, kept) == 200 and versions.status(OLD, versions.sign_in(OLD)) == 200
    versions.other.start()
    assert versions.statuses(kept) == [200, 200]


def test_with_sqlite_one_follows_the_other_and_back(artifacts, provider):
    provider.gives_refresh_tokens()
    pair = Versions(artifacts / "logs" / "upgrade-sqlite", provider, {"sqlite": {"path": "gatehouse.db"}})
    pair.start_first()
    kept, ended = pair.sign_in(0), [pair.sign_in(0)]
    pair.sign_out(0, ended[0])
    token = exchanged(pair, 0, code_for(pair, pair.apps_account))
    for program in (paths.GATEHOUSE, previous_program()):
        pair.become(program)
        pair.restart_first()
        assert pair.status(0, kept) == 200
        assert {pair.status(0, cookie) for cookie in ended} == {401}
        token = refreshed(pair, 0, token)
        pair.sign_out(0, kept)
        ended.append(kept)
        kept = pair.sign_in(0)
    pair.kill()
