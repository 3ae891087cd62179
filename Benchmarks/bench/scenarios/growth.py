"""What a check costs when there is much of something: sessions, rules, groups, idle connections."""
import contextlib
import resource
import socket

from bench import load, processes
from bench.gatehouse import TARGET, Gatehouse, answer_bytes, first_id, seed
from bench.samples import Contender
from bench.workshop import Workshop, apart
from support import http2


def contender(gatehouse: Gatehouse, name: str, ids, order: str = "random") -> Contender:
    """Checks whose cookie is one of many."""
    headers = {name: value for name, value in gatehouse.headers().items() if name != "cookie"}
    probe = answer_bytes(gatehouse.ports.check_http, f"/envoy{TARGET}", gatehouse.headers(first_id(ids)))
    return Contender(
        name, lambda seconds: load.wrk(
            gatehouse.check_url, headers, seconds, script="cookies", arguments=(ids, order), cores=processes.LOAD_CORES),
        [gatehouse.gatehouse], probe)


def remember(gatehouse: Gatehouse, ids, count: int) -> float:
    """Has Gatehouse check with each of the sessions at least once, so that it has them in memory as far as it wants to.

    Gives up after two minutes. Returns how many a second it took from the store.
    """
    each = contender(gatehouse, "each", ids, "sequence")
    first = each.load(1)
    if (left := count - first.requests) > 0:
        # The load begins at the first session again; those are quick now.
        each.load(min(120, 1 + 1.3 * left / (first.requests / first.seconds)))
    return first.requests / first.seconds


def remembers_all(configuration: dict) -> None:
    configuration["authService"].setdefault("session", {})["cache"] = "8GiB"


@apart
def sessions(workshop: Workshop) -> dict:
    """Each request brings the cookie of one of so many sessions, by chance; all of them have been used before."""
    contenders, facts = [], {}
    for count in (1, 100) if workshop.quick else (1, 1_000, 100_000, 1_000_000):
        gatehouse = workshop.gatehouse(f"sessions-{count}", remembers_all)
        ids = seed(gatehouse, range(count))
        each = contender(gatehouse, f"{count:,} session{'s' if count > 1 else ''}", ids)
        taken = remember(gatehouse, ids, count)
        contenders.append(each)
        facts[f"memory with {count:,}"] = processes.resident_bytes(gatehouse.gatehouse.pid)
    facts[f"checks a second while the {count:,} come from the store"] = taken
    return {"rows": workshop.alternate(contenders), "facts": facts}


@apart
def rules(workshop: Workshop) -> dict:
    """So many rules for other hosts and paths stand before the one that matches."""
    contenders = []
    for count in (1, 10) if workshop.quick else (1, 100, 10_000):
        def change(configuration: dict) -> None:
            configuration["authService"]["rules"] = [
                # Short names: the file may have 1 MiB.
                {"hosts": [f"h{number}.test"], "paths": [f"/p{number}/*"], "allow": {"groups": [f"g{number}"]}}
                for number in range(count - 1)
            ] + [{"paths": ["/dashboard/*"], "allow": {"groups": ["team-a"]}}]

        gatehouse = workshop.gatehouse(f"rules-{count}", change)
        contenders.append(contender(gatehouse, f"{count:,} rule{'s' if count > 1 else ''}", seed(gatehouse, [0])))
    return {"rows": workshop.alternate(contenders)}


@apart
def groups(workshop: Workshop) -> dict:
    """The user is in so many groups, and the rule asks for the last. Neither header nor assertion names the groups here, whose
    length would be measured otherwise."""
    contenders = []
    for count in (1, 10) if workshop.quick else (1, 100, 1_000):
        def change(configuration: dict) -> None:
            service = configuration["authService"]
            service["identity"] = {"headers": {"x-auth-request-email": "email"}}
            service["rules"] = [{"paths": ["/dashboard/*"], "allow": {"groups": [f"team-{count - 1}"]}}]

        gatehouse = workshop.gatehouse(f"groups-{count}", change)
        ids = seed(gatehouse, [0], claims={"groups": [f"team-{number}" for number in range(count)]})
        contenders.append(contender(gatehouse, f"{count:,} group{'s' if count > 1 else ''}", ids))
    return {"rows": workshop.alternate(contenders)}


@apart
def idle_connections(workshop: Workshop) -> dict:
    """Two Gatehouses; to one of them so many connections are open that have asked once and say nothing more."""
    count = 100 if workshop.quick else 10_000
    allow_descriptors()
    quiet, crowded = workshop.gatehouse("quiet"), workshop.gatehouse("crowded")
    before = processes.resident_bytes(crowded.gatehouse.pid)
    with contextlib.ExitStack() as held:
        sockets = open_idle(crowded, count, held)
        memory = processes.resident_bytes(crowded.gatehouse.pid)
        rows = workshop.alternate([
            contender(quiet, "0 idle connections", seed(quiet, [0])),
            contender(crowded, f"{count:,} idle connections", seed(crowded, [0])),
        ])
        alive = sum(is_open(each) for each in sockets)
    return {"rows": rows, "facts": {
        "idle connections at the end": alive, "memory a connection": (memory - before) / count,
    }}


def allow_descriptors() -> None:
    """All that the system allows, for this process and those that it starts."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def open_idle(gatehouse: Gatehouse, count: int, held: contextlib.ExitStack) -> list[socket.socket]:
    """Half of them have asked over HTTP/1, half over gRPC."""
    request = f"GET /envoy/public/x HTTP/1.1\r\nhost: {gatehouse.authority}\r\n\r\n".encode()
    sockets = []
    for _ in range(count // 2):
        connection = held.enter_context(socket.create_connection(("127.0.0.1", gatehouse.ports.check_http), timeout=10))
        connection.sendall(request)
        sockets.append(connection)
    for connection in sockets:
        assert connection.recv(4096).startswith(b"HTTP/1.1 200"), "an idle connection was not served"
    for _ in range(count - count // 2):
        connection = held.enter_context(http2.Connection(gatehouse.ports.check_grpc))
        connection.send(http2.HELLO + http2.call(1))
        connection.next("DATA 1")
        sockets.append(connection.socket)
    for connection in sockets:
        connection.setblocking(False)
    return sockets


def is_open(connection: socket.socket) -> bool:
    try:
        return bool(connection.recv(1))
    except BlockingIOError:
        return True
    except OSError:
        return False
