"""What sessions take in each store, what signing in and out writes, and what an idle replica asks: docs/scaling.md counts with it."""
import contextlib
import sqlite3
import time
from collections.abc import Callable

from bench import engines
from bench.scenarios.replicas import start
from bench.workshop import Workshop
from support import trials
from support.pair import Pair


def sizes(workshop: Workshop) -> dict:
    facts, provider = {}, engines.scripted_provider(workshop)
    for kind in (engines.SQLiteEngine, *engines.SHARED):
        engine = kind() if kind is engines.SQLiteEngine else start(workshop, kind)
        pair = engines.pair(workshop, engine, provider)
        pair.sign_in(0)
        if kind is engines.SQLiteEngine:
            facts |= tokens(pair)
        facts |= of_sessions(engine, pair, 1_000 if workshop.quick else 10_000)
        if kind is not engines.SQLiteEngine:
            facts |= of_changes(workshop, engine, pair)
        pair.kill()
        engine.end()
    return {"facts": facts}


def tokens(pair: Pair) -> dict:
    """How much of a session is the provider's."""
    lengths = "+".join(f"length({name})" for name in ("id_token", "access_token", "refresh_token"))
    with contextlib.closing(sqlite3.connect(pair.folder / "gatehouse.db")) as database:
        claims, given = database.execute(f"select length(claims), {lengths} from sessions").fetchone()
    return {"bytes of a session's claims": claims, "bytes of its tokens": given}


def of_sessions(engine, pair: Pair, count: int) -> dict:
    before = engine.held()
    engine.fill(pair, count)
    return {f"bytes a session, {engine.name}, of {count:,}": (engine.held() - before) / count}


def of_changes(workshop: Workshop, engine, pair: Pair) -> dict:
    """What is written for each sign-in, renewal and sign-out, and what tells the other replica of it."""
    count, name = (10 if workshop.quick else 500), engine.name
    due = trials.due_sessions(pair, count)
    asked = idle(workshop, engine)
    cookies: list[str] = []
    signed_in = Written(engine, lambda: cookies.extend(pair.sign_in(number % 2) for number in range(count)))
    engine.age()
    used = Written(engine, lambda: use(pair, cookies))
    signed_out = Written(engine, lambda: [pair.sign_out(number % 2, cookie) for number, cookie in enumerate(cookies)])
    due.wait()
    renewed = Written(engine, lambda: trials.refresh_races(pair, due))
    return {
        f"bytes written a sign-in, {name}": signed_in.bytes / count,
        f"bytes written a use, {name}": used.bytes / count,
        f"bytes written a sign-out, {name}": signed_out.bytes / count,
        f"bytes written a renewal of tokens, {name}": renewed.bytes / count,
        f"entries of the feed a sign-in, {name}": signed_in.entries / count,
        f"entries of the feed a sign-out, {name}": signed_out.entries / count,
        f"entries of the feed a renewal of tokens, {name}": renewed.entries / count,
        f"bytes an entry of the feed, {name}": (signed_out.held + renewed.held) / max(1, signed_out.entries + renewed.entries),
        f"connections of two replicas, {name}": engine.connections(),
        f"commands/s of a replica that is idle, {name}": asked,
    }


class Written:
    """What an engine wrote while something was done: all its bytes, and the feed's entries with what they take."""

    def __init__(self, engine, done: Callable[[], object]):
        written, (entries, held) = engine.written(), engine.fed()
        done()
        after, (entries_after, held_after) = engine.written(), engine.fed()
        self.bytes, self.entries, self.held = after - written, entries_after - entries, held_after - held


def use(pair: Pair, cookies: list[str]) -> None:
    """A request of each, and the next round in which uses are written down."""
    assert {pair.status(0, cookie) for cookie in cookies} == {200}
    time.sleep(1.5)


def idle(workshop: Workshop, engine) -> float:
    seconds, before = (2 if workshop.quick else 20), engine.commands()
    time.sleep(seconds)
    return (engine.commands() - before) / seconds / 2
