"""The faults, in the order in which they happen."""
import dataclasses
from collections.abc import Callable

from faults import acts
from faults.site import POSTGRES, REDIS, SENTINEL, SQLITE, Site

SERVERS = (POSTGRES, REDIS)
ALL = (*SERVERS, SQLITE)


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    title: str
    act: Callable[[Site], float]
    engines: tuple[str, ...] = SERVERS
    loses_all: bool = False
    """What was confirmed is gone, as whoever does this wants it."""
    most_refused: int | None = None
    """Questions that may be refused where others can answer them."""
    may_go_unfelt: bool = False
    """Others may answer all: then the act itself sees that it has happened."""


FAULTS = [
    Fault("kill", "`kill -9` of the store, started again after 2 s", acts.kill_the_store, ALL),
    Fault("pause", "the store stands still for 5 s (`SIGSTOP`)", acts.stop_the_store_for_a_while, ALL),
    Fault("cut", "the network is cut for 5 s, its connections are dead afterwards", acts.cut_the_network),
    Fault("slow", "every answer of the store comes 500 ms late", acts.slow_the_network),
    Fault("full", "the disk is full for 3 s", acts.fill_the_disk, ALL),
    Fault("read-only", "the store takes no changes for 3 s", acts.let_it_only_read, ALL),
    Fault("fail-over", "`kill -9` of the master, a sentinel makes another", acts.fail_over, (SENTINEL,)),
    Fault("replica", "`kill -9` of one replica, started again after 2 s", acts.kill_a_replica, most_refused=20, may_go_unfelt=True),
    Fault("replicas", "all replicas stop and start again", acts.stop_all_replicas, ALL),
    Fault("clock-ahead", "the clock of one replica is 1 h ahead", lambda site: acts.move_a_clock(site, acts.CLOCK)),
    Fault("clock-behind", "the clock of one replica is 1 h behind", lambda site: acts.move_a_clock(site, -acts.CLOCK)),
    Fault("flush", "everything is thrown away (`FLUSHALL`)", acts.empty_the_store, (REDIS,), loses_all=True),
]


def faults_of(engine: str) -> list[Fault]:
    return [fault for fault in FAULTS if engine in fault.engines]
