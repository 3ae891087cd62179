"""Two replicas on one Postgres (A9, J, N): they share everything, and a database that is away opens nothing and ends nothing."""
import concurrent.futures
import json
import secrets
import signal
import subprocess
import time

import pytest

from support import paths
from support.certificates import Authority
from support.client import Client
from support.gates import metric, readiness, sign_out, status, statuses
from support.ledger import LEDGER
from support.postgres import Postgres
from support.replicas import Replicas
from support.stack import COOKIE, password_of

EMAIL, OTHER = "bob@example.com", "admin@example.com"


@pytest.fixture(scope="module")
def postgres(artifacts):
    server = Postgres(artifacts / "logs")
    yield server
    server.end()


def storage(server: Postgres, **more) -> dict:
    return {"postgres": {"url": server.url()} | more}


@pytest.fixture(scope="module")
def shared(make_stack, postgres):
    def change(configuration):
        configuration["storage"] = storage(postgres)
        configuration["authService"]["personalTokens"] = {}

    stack = make_stack("postgres-replicas", change, kind=Replicas)
    yield stack
    stack.stop()


def seconds_until(condition, what: str, limit: float) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < limit, f"no {what} after {limit} s"
        time.sleep(0.005)
    return time.monotonic() - began


def test_who_signs_in_at_one_is_known_to_the_other(shared):
    # The pages of one sign-in, too, come from either in turn.
    for url in shared.gateways:
        client = shared.signed_in(EMAIL, url)
        assert statuses(shared, client.cookie(COOKIE)) == [200, 200]
        for _ in range(4):
            assert client.get(f"{url}/echo/").json()["headers"]["kubeflow-userid"] == [EMAIL]
    assert statuses(shared, LEDGER.add(secrets.token_urlsafe(32), "a cookie that nobody gave")) == [401, 401]


def test_keys_are_made_once(shared, postgres):
    rows = postgres.execute("SELECT purpose || ' ' || algorithm, count(*) FROM gatehouse.signing_keys GROUP BY 1")
    assert len(rows) >= 2 and all(row.endswith("|1") for row in rows), rows


def test_a_sign_out_at_one_holds_at_the_other_at_once(shared):
    longest = 0.0
    for _ in range(10):
        client = shared.signed_in(EMAIL)
        cookie = client.cookie(COOKIE)
        assert statuses(shared, cookie) == [200, 200], "both remember it"
        sign_out(client, shared.grpc_url)
        longest = max(longest, seconds_until(lambda cookie=cookie: statuses(shared, cookie) == [401, 401], "end", 2))
    assert longest < 1, f"{longest:.3f} s"
    assert all(metric(shared, number, "gatehouse_store_feed_follows") == 1 for number in (0, 1))


# Of connections that listen: no other's last statement is one of these.
END_OF_LISTENERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'"


def test_a_feed_that_is_lost_is_found_again_and_nothing_is_missed(shared, postgres):
    client = shared.signed_in(EMAIL)
    cookie = client.cookie(COOKIE)
    assert statuses(shared, cookie) == [200, 200]
    postgres.execute(END_OF_LISTENERS)
    sign_out(client, shared.grpc_url)
    seconds_until(lambda: statuses(shared, cookie) == [401, 401], "end", 1)
    for number in (0, 1):
        seconds_until(
            lambda number=number: metric(shared, number, "gatehouse_store_feed_follows") == 1, "feed", 3)
    for program in shared.programs:
        assert "the store does not tell any more of what other replicas change" in program.text()


def test_a_feed_that_stays_lost_is_told_and_so_is_its_return(shared, postgres):
    """No new connection is let in: those that are there go on, and only the ones that listened are missing."""
    def both_say(follows: int, *details: str) -> bool:
        told = [readiness(shared, number) for number in (0, 1)]
        return all(code == 200 and all(detail in text for detail in details) for code, text in told) and all(
            metric(shared, number, "gatehouse_store_feed_follows") == follows for number in (0, 1))

    heard = '"replicas":"the store tells of the changes of the others"'
    seconds_until(lambda: both_say(1, heard), "feed", 30)
    postgres.execute("ALTER ROLE gatehouse CONNECTION LIMIT 0")
    try:
        postgres.execute(END_OF_LISTENERS)
        missed = '"replicas":"the store is asked twice a second for the changes of the others: '
        seconds_until(lambda: both_say(0, missed, "too many connections for role"), "word of what is lost", 30)
    finally:
        postgres.execute("ALTER ROLE gatehouse CONNECTION LIMIT -1")
    seconds_until(lambda: both_say(1, heard), "feed", 30)


@pytest.fixture(scope="module")
def people(shared) -> tuple[list[str], list[str]]:
    """The cookies of people who are signed in, and of some who are not any more or never were."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        clients = list(pool.map(lambda number: shared.signed_in(EMAIL), range(12)))
    cookies = [client.cookie(COOKIE) for client in clients]
    for client in clients[:2]:
        sign_out(client, shared.grpc_url)
    forged = [LEDGER.add(secrets.token_urlsafe(32), "a cookie that nobody gave") for _ in range(4)]
    return cookies[2:], cookies[:2] + forged


def recovered(shared, good: list[str], within: float) -> None:
    took = seconds_until(lambda: all(statuses(shared, cookie) == [200, 200] for cookie in good), "service as before", 10)
    assert took < within, f"{took:.1f} s"


def test_a_database_that_is_away_is_said_and_nobody_is_let_in(shared, postgres, people):
    """What comes of it under load, and of other failures: see test_faults_postgres.py."""
    good, bad = people
    postgres.kill()
    # Those who are known are so for a second.
    time.sleep(2.5)
    for number in (0, 1):
        assert {status(shared.ask(number, cookie)) for cookie in [*good, *bad]} == {503}
        code, text = readiness(shared, number)
        assert code == 503 and "the changes of the others are not known since" in text, text
        assert metric(shared, number, "gatehouse_store_away") == 1
    postgres.start()
    recovered(shared, good, within=2)
    assert readiness(shared, 0)[0] == readiness(shared, 1)[0] == 200


def test_a_session_that_ends_while_a_replica_cannot_hear_it_is_over_there(shared):
    """The other replica stands still for a while: what it remembers of before counts for nothing when it goes on."""
    client = shared.signed_in(OTHER)
    cookie = client.cookie(COOKIE)
    assert statuses(shared, cookie) == [200, 200]
    shared.other.program.process.send_signal(signal.SIGSTOP)
    try:
        subprocess.run(
            [paths.GATEHOUSE, "sessions", "revoke", "--config", shared.file, "--user", OTHER], check=True, timeout=20,
            env=shared.gatehouse.environment)
        time.sleep(3)
    finally:
        shared.other.program.process.send_signal(signal.SIGCONT)
    assert status(shared.ask(1, cookie)) == 401


def command(shared, *words: str) -> dict:
    done = subprocess.run(
        [paths.GATEHOUSE, *words, "--config", shared.file, "--json"], check=True, timeout=20, capture_output=True, text=True,
        env=shared.gatehouse.environment)
    return json.loads(done.stdout)


def test_a_personal_token_that_is_revoked_at_one_is_refused_by_the_other_at_once(shared):
    made = command(shared, "tokens", "create", "--subject", "program", "--name", "robot")
    headers = {"authorization": "Bearer " + LEDGER.add(made["token"], "personal token")}
    assert [status(shared.ask_with(number, headers)) for number in (0, 1)] == [200, 200]
    command(shared, "tokens", "revoke", made["id"])
    assert status(shared.ask_with(0, headers)) == 401
    took = seconds_until(lambda: status(shared.ask_with(1, headers)) == 401, "refusal", 2)
    assert took < 1.1, f"{took:.3f} s"


def test_a_database_that_only_reads_opens_nothing(shared, postgres, people):
    """As one that has become a standby, or whose disk is full."""
    good, bad = people
    postgres.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    postgres.execute("SELECT pg_reload_conf()")
    try:
        seconds_until(lambda: readiness(shared, 0)[0] == readiness(shared, 1)[0] == 503, "notice of it", 5)
        client = Client()
        answer = client.sign_in(f"{shared.grpc_url}/echo/", EMAIL, password_of(EMAIL))
        assert answer.status_code == 503 and client.cookie(COOKIE) is None
        assert {status(shared.ask(number, cookie)) for number in (0, 1) for cookie in bad} <= {401, 503}
    finally:
        postgres.execute("ALTER SYSTEM RESET default_transaction_read_only")
        postgres.execute("SELECT pg_reload_conf()")
    recovered(shared, good, within=2)


def test_a_database_without_room_for_more_connections_is_waited_for(shared, postgres, people):
    good, bad = people
    postgres.execute("ALTER USER gatehouse CONNECTION LIMIT 0")
    postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gatehouse'")
    try:
        time.sleep(2.5)
        assert {status(shared.ask(number, cookie)) for number in (0, 1) for cookie in good} == {503}
        assert {status(shared.ask(number, cookie)) for number in (0, 1) for cookie in bad} == {503}
    finally:
        postgres.execute("ALTER USER gatehouse CONNECTION LIMIT -1")
    recovered(shared, good, within=2)


def test_a_stop_does_not_wait_for_a_silent_database(make_stack, postgres):
    def change(configuration):
        configuration["storage"] = storage(postgres, schema="stop")

    stack = make_stack("postgres-stop", change)
    postgres.signal(signal.SIGSTOP)
    try:
        assert stack.gatehouse.stop() < 7 and stack.gatehouse.process.returncode == 0
    finally:
        postgres.signal(signal.SIGCONT)
    stack.stop()


# Connections.

def run_once(stack) -> subprocess.CompletedProcess:
    stack.write()
    return subprocess.run(
        stack.gatehouse.command, capture_output=True, text=True, timeout=30, cwd=stack.folder, env=stack.gatehouse.environment,
        check=False)


@pytest.fixture(scope="module")
def guarded(artifacts, tmp_path_factory):
    """Takes TLS only, and asks for a password."""
    folder = tmp_path_factory.mktemp("postgres")
    authority = Authority(folder, "database")
    password = LEDGER.add(secrets.token_urlsafe(24), "the password of the database")
    logs = artifacts / "logs" / "postgres-tls"
    logs.mkdir()
    server = Postgres(logs, password, authority.issue("localhost", "localhost"))
    yield server, authority, password
    server.end()


def connected(make_stack, name: str, guarded, password: str | None = None, authority=None, host: str = "localhost", query: str = ""):
    server, right_authority, right_password = guarded

    def change(configuration):
        configuration["storage"] = storage(
            server, url=server.url(host, query), password={"file": "database.password"}, schema=name.replace("-", "_"),
            rootCA=str((authority or right_authority).file))

    stack = make_stack(name, change, start=False)
    stack.write_secret("database.password", password or right_password)
    return stack


def test_the_connection_is_encrypted_and_the_server_the_right_one(make_stack, guarded):
    stack = connected(make_stack, "postgres-tls-good", guarded)
    stack.start()
    client = stack.signed_in(EMAIL)
    assert client.get(f"{stack.grpc_url}/echo/").status_code == 200
    server = guarded[0]
    rows = server.execute(
        "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'gatehouse'")
    assert rows and set(rows) == {"t"}
    stack.stop()


def test_another_authority_is_none(make_stack, guarded, tmp_path):
    stack = connected(make_stack, "postgres-tls-other", guarded, authority=Authority(tmp_path, "other"))
    ended = run_once(stack)
    assert ended.returncode != 0 and "certificate verify failed" in ended.stderr
    assert guarded[2] not in ended.stderr


def test_the_certificate_of_another_host_is_none(make_stack, guarded):
    ended = run_once(connected(make_stack, "postgres-tls-host", guarded, host="127.0.0.1"))
    assert ended.returncode != 0 and "does not match host name" in ended.stderr


def test_a_wrong_password_is_said_and_not_shown(make_stack, guarded):
    wrong = LEDGER.add(secrets.token_urlsafe(24), "a wrong password of the database")
    ended = run_once(connected(make_stack, "postgres-wrong-password", guarded, password=wrong))
    assert ended.returncode != 0
    assert "the storage cannot be used: Postgres: " in ended.stderr and "password authentication failed" in ended.stderr
    assert wrong not in ended.stderr and guarded[2] not in ended.stderr


def test_a_database_that_is_not_there_is_said(make_stack):
    def change(configuration):
        configuration["storage"] = {"postgres": {"url": "postgres://gatehouse@127.0.0.1:1/x"}, "startTimeout": "1s"}

    ended = run_once(make_stack("postgres-nowhere", change, start=False))
    assert ended.returncode != 0 and "Connection refused" in ended.stderr and "tried for 1.0 seconds" in ended.stderr
