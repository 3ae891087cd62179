"""What the kernel says about a program: processor time and memory, of it and all that it has started."""
import contextlib
import os
from collections.abc import Callable, Iterator

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def members(leader: int) -> list[int]:
    """The processes of a program that leads its session (all of ours do)."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            if os.getsid(int(entry)) == leader:
                found.append(int(entry))
        except OSError:
            pass
    return found


def _fields(process: int) -> list[str]:
    """/proc/PID/stat from the third field on; the second, the name, may hold blanks."""
    with open(f"/proc/{process}/stat") as file:
        return file.read().rpartition(")")[2].split()


def _sum(leader: int, figure: Callable[[int], int]) -> int:
    """Over all members, but those that have ended meanwhile."""
    total = 0
    for process in members(leader):
        with contextlib.suppress(OSError):
            total += figure(process)
    return total


def _ticks(process: int) -> int:
    fields = _fields(process)
    return int(fields[11]) + int(fields[12])


def _anonymous_bytes(process: int) -> int:
    with open(f"/proc/{process}/smaps_rollup") as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Anonymous:"))


def cpu_seconds(leader: int) -> float:
    """utime + stime of all members, in the kernel's steps of 10 ms."""
    return _sum(leader, _ticks) / TICKS


def resident_bytes(leader: int) -> int:
    return _sum(leader, lambda process: int(_fields(process)[21]) * PAGE_BYTES)


def own_bytes(leader: int) -> int:
    """Of the resident ones those that no file is behind."""
    return _sum(leader, _anonymous_bytes)


@contextlib.contextmanager
def on(cores: set[int]) -> Iterator[None]:
    """What is started inside has these cores from its first moment on: it may count them."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


ALL_CORES = os.sched_getaffinity(0)
# One core for the server and the others for the load, where there are two: then a server's rate is that of one core.
SERVER_CORE = {min(ALL_CORES)}
LOAD_CORES = ALL_CORES - SERVER_CORE or ALL_CORES
