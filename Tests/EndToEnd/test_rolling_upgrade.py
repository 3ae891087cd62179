"""The program of before and that of today on one store (J, docs/stores.md): side by side, one after the other, and back.

`OLD` and `NEW` are the two replicas; what scripts/build-previous says is the old one.
"""
import contextlib
import json
import secrets
import sqlite3
import subprocess
import threading
import time

import pytest

from support import paths
from support.code_flow import code_for
from support.engines import ENGINES, PostgresEngine
from support.ledger import LEDGER
from support.pair import PROGRAM, Pair
from support.previous import previous_program
from support.trials import due_sessions, exchanged, refreshed

OLD, NEW = 0, 1


class Versions(Pair):
    """The first replica is of the version before."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.write_secret("keys.key", secrets.token_hex(32))
        self.configuration["storage"] |= {"keySecrets": [{"file": "keys.key"}]}
        self.configuration["authService"]["personalTokens"] = {}
        self.become(previous_program())

    def become(self, program) -> None:
        """The first replica is that program from its next start on."""
        self.gatehouse.command[0] = str(program)

    def start_first(self) -> None:
        self.write_both()
        self.restart_first()

    def restart_first(self) -> None:
        self.gatehouse.stop()
        self.gatehouse.start()
        self.gatehouse.wait_until(self.ready, "readiness")

    def statuses(self, cookie: str) -> list[int]:
        return [self.status(number, cookie) for number in (OLD, NEW)]

    def command(self, number: int, *words: str) -> dict:
        """One of the command line, of either version."""
        done = subprocess.run(
            [self.programs[number].command[0], *words, "--config", self.file, "--json"], check=True, timeout=20,
            capture_output=True, text=True, env=self.gatehouse.environment)
        return json.loads(done.stdout)


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
        grown = shape_of_file(pair)
        assert pair.status(0, kept) == 200
        assert {pair.status(0, cookie) for cookie in ended} == {401}
        token = refreshed(pair, 0, token)
        pair.sign_out(0, kept)
        ended.append(kept)
        kept = pair.sign_in(0)
    pair.gatehouse.stop()
    (pair.folder / "gatehouse.db").rename(pair.folder / "grown.db")
    pair.become(paths.GATEHOUSE)
    pair.restart_first()
    assert shape_of_file(pair) == grown, "a step that had shipped has changed: add another"
    pair.kill()


def shape_of_file(pair: Pair) -> list[tuple]:
    """Columns and indices of a file of SQLite."""
    with contextlib.closing(sqlite3.connect(pair.folder / "gatehouse.db")) as database:
        return sorted(database.execute(
            "SELECT entry.name, field.name, field.type, field.\"notnull\", field.dflt_value "
            "FROM sqlite_master AS entry, pragma_table_info(entry.name) AS field")) + sorted(
                database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'"), key=str)


def shape_of_schema(engine: PostgresEngine, schema: str) -> list[str]:
    """Columns and indices of a schema of Postgres."""
    lines = engine.server.execute(
        "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) FROM information_schema.columns "
        f"WHERE table_schema = '{schema}'")
    lines += engine.server.execute(f"SELECT replace(indexdef, '{schema}.', '') FROM pg_indexes WHERE schemaname = '{schema}'")
    return sorted(lines)


def test_tables_that_the_new_one_brought_up_to_date_are_those_that_it_makes(artifacts, provider):
    """Or else a step that had shipped has changed."""
    engine = PostgresEngine(artifacts / "logs" / "upgrade-steps")
    for schema, programs in (("grown", (previous_program(), paths.GATEHOUSE)), ("made", (paths.GATEHOUSE,))):
        storage = {"postgres": engine.storage["postgres"] | {"schema": schema}}
        pair = Versions(artifacts / "logs" / f"upgrade-steps-{schema}", provider, storage)
        for program in programs:
            pair.become(program)
            pair.start_first()
        pair.kill()
    made = shape_of_schema(engine, "made")
    assert shape_of_schema(engine, "grown") == made and len(made) > 50
    engine.end()


# What the version after this one may do.

NEXT = "of_the_next_version"


def test_tables_of_the_next_version_do_not_disturb_and_those_of_the_one_after_are_refused(artifacts, provider):
    engine = PostgresEngine(artifacts / "logs" / "upgrade-next")
    pair = Pair(artifacts / "logs" / "upgrade-next-pair", provider, engine.storage)
    pair.start()
    execute = engine.server.execute
    kept = pair.sign_in(0)
    tables = execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'gatehouse'")
    execute("".join(f"ALTER TABLE gatehouse.{table} ADD COLUMN {NEXT} TEXT;" for table in tables))
    execute(f"CREATE TABLE gatehouse.{NEXT} (id INTEGER)")
    migrate = f"INSERT INTO gatehouse.migrations (number, name) SELECT max(number) + 1, '{NEXT}' FROM gatehouse.migrations"
    execute(migrate)
    assert len(tables) > 10
    for _ in range(2):
        assert [pair.status(number, kept) for number in (0, 1)] == [200, 200]
        assert pair.status(1, pair.sign_in(0)) == 200
        token = exchanged(pair, 0, code_for(pair, pair.apps_account))
        assert refreshed(pair, 1, token) != token
        pair.other.program.stop()
        pair.other.start()
    execute(migrate)
    pair.other.program.stop()
    pair.other.program.start()
    assert pair.other.program.process.wait(20) == 1
    assert "2 versions ahead of this program" in pair.other.program.text()
    pair.kill()
    engine.end()
