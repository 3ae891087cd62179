"""Two replicas at the same moment (A4, A9, J): a sign-out is heard, tokens are renewed once, and a check asks the store once or not
at all. docs/benchmarks.md has the same over thousands of trials."""
import time

import pytest

from support import trials
from support.engines import ENGINES, Engine
from support.pair import Pair

TRIALS = 100


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, artifacts):
    server = ENGINES[request.param](artifacts / "logs" / f"races-{request.param}")
    yield server
    server.end()


@pytest.fixture(scope="module")
def pair(engine, artifacts, provider):
    both = Pair(artifacts / "logs" / f"races-pair-{engine.name.lower()}", provider, engine.storage)
    both.start()
    # They are due when the other tests are over.
    both.due = trials.due_sessions(both, TRIALS)
    yield both
    both.kill()


def test_a_sign_out_at_one_is_heard_by_the_other_within_a_second(pair):
    assert max(trials.revocations(pair, TRIALS)) < 1


def test_a_token_of_ours_is_renewed_once(pair):
    """The four requests of a race bring the one token that comes next."""
    assert [len(brought) for brought in trials.rotation_races(pair, TRIALS)] == [1] * TRIALS


class Asked:
    """What the store was asked while checks of the second replica went on: sessions read, and everything else a second."""

    def __init__(self, engine: Engine, pair: Pair, cookies: list[str]):
        reads, commands, began = engine.reads(), engine.commands(), time.monotonic()
        assert {pair.status(1, cookie) for cookie in cookies} == {200}
        self.reads = engine.reads() - reads
        self.others = (engine.commands() - commands - self.reads) / (1 + time.monotonic() - began)


def test_a_session_that_is_not_in_memory_costs_one_round_trip(engine, pair):
    cookies = [pair.sign_in(0) for _ in range(40)]
    first, again = Asked(engine, pair, cookies), Asked(engine, pair, cookies)
    assert (first.reads, again.reads) == (40, 0)
    # The two replicas ask twice a second what has changed, and note from time to time what was used.
    assert max(first.others, again.others) < 30


def test_the_tokens_of_a_session_are_renewed_once(pair):
    counts = trials.refresh_races(pair, pair.due)
    assert len(counts) == TRIALS and set(counts.values()) == {1}
