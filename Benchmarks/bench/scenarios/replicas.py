"""Two replicas over one store: how soon one hears of the other, what they do only once, and what a check costs there."""
from bench import engines
from bench.gatehouse import Gatehouse
from bench.samples import Contender
from bench.scenarios.direct import http_contender
from bench.workshop import Workshop, apart
from support import trials
from support.replica import Replica


def revocation(workshop: Workshop) -> dict:
    """Sign-outs at one replica, and the first refusal by the other, which has the session in memory."""
    facts, provider = {}, engines.scripted_provider(workshop)
    for kind in engines.SHARED:
        engine = start(workshop, kind)
        pair = engines.pair(workshop, engine, provider)
        took = sorted(seconds * 1000 for seconds in trials.revocations(pair, 10 if workshop.quick else 1000))
        facts |= {
            f"{engine.name}, sign-outs": len(took), f"{engine.name}, p50 ms": took[len(took) // 2],
            f"{engine.name}, p99 ms": took[len(took) * 99 // 100], f"{engine.name}, longest ms": took[-1],
        }
        pair.kill()
        engine.end()
    return {"facts": facts}


def races(workshop: Workshop) -> dict:
    """Tokens that both replicas want to renew at the same moment: those of sessions at their provider, and those of our own."""
    facts, provider = {}, engines.scripted_provider(workshop)
    count = 10 if workshop.quick else 1000
    for kind in engines.SHARED:
        engine = start(workshop, kind)
        pair = engines.pair(workshop, engine, provider)
        counts = trials.refresh_races(pair, trials.due_sessions(pair, count))
        brought = trials.rotation_races(pair, count)
        facts |= {
            f"{engine.name}, races for a session's tokens": len(counts),
            f"{engine.name}, calls of the provider": sum(counts.values()),
            f"{engine.name}, races with a refresh token of ours": len(brought),
            f"{engine.name}, refresh tokens that came of it": sum(len(tokens) for tokens in brought),
        }
        pair.kill()
        engine.end()
    return {"facts": facts}


def start(workshop: Workshop, kind, purpose: str = "store"):
    engine = kind(workshop.folder / f"{purpose}-{kind.name.lower()}")
    workshop.at_the_end(engine.end)
    return engine


@apart
def shared_stores(workshop: Workshop) -> dict:
    """Checks whose session is in memory, of each of two replicas by itself, and of one process over SQLite. Then checks whose session
    is not in memory, and what the store was asked for them."""
    alone = workshop.gatehouse("sqlite")
    contenders, facts = [contender("SQLite", alone.gatehouse, alone.ports.check_http, alone)], {}
    for kind in engines.SHARED:
        engine = start(workshop, kind)
        first = workshop.gatehouse(engine.name.lower(), lambda configuration, engine=engine: configuration.update(storage=engine.storage))
        second = Replica(first)
        workshop.keep(second.program)
        second.start()
        both = [
            contender(f"{engine.name}, first replica", first.gatehouse, first.ports.check_http, first),
            contender(f"{engine.name}, second replica", second.program, second.ports["checkHTTP"], first),
        ]
        contenders += both
        facts |= store_calls(workshop, engine, both[1])
    facts |= misses(workshop)
    return {"rows": workshop.alternate(contenders), "facts": facts}


def contender(name: str, program, port: int, gatehouse: Gatehouse) -> Contender:
    return http_contender(name, program, port, gatehouse.headers())


def store_calls(workshop: Workshop, engine, one: Contender) -> dict:
    """Of checks whose session is in memory."""
    one.load(1)
    before = engine.reads()
    seen = one.load(workshop.seconds)
    return {
        f"{engine.name}, checks of a session in memory": seen.requests, f"{engine.name}, sessions read for them": engine.reads() - before,
    }


def misses(workshop: Workshop) -> dict:
    """Sessions of the first replica, each asked about once at the second."""
    facts, provider = {}, engines.scripted_provider(workshop)
    for kind in engines.SHARED:
        engine = start(workshop, kind, "misses")
        pair = engines.pair(workshop, engine, provider)
        cookies = [pair.sign_in(0) for _ in range(20 if workshop.quick else 500)]
        reads, commands = engine.reads(), engine.commands()
        assert {pair.status(1, cookie) for cookie in cookies} == {200}
        reads = engine.reads() - reads
        facts |= {
            f"{engine.name}, round trips of a check that is not in memory": reads / len(cookies),
            f"{engine.name}, other commands meanwhile": engine.commands() - commands - reads,
        }
        pair.kill()
        engine.end()
    return facts
