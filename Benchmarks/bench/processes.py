"""What the kernel says about a program: processor time and memory, of it and all that it has started."""
import contextlib
import os
from collections.abc import Iterator

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


def cpu_seconds(leader: int) -> float:
    """utime + stime of all members, in the kernel's steps of 10 ms."""
    total = 0
    for process in members(leader):
        try:
            fields = _fields(process)
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def resident_bytes(leader: int) -> int:
    total = 0
    for process in members(leader):
        try:
            total += int(_fields(process)[21]) * PAGE_BYTES
        except OSError:
            continue
    return total


def own_bytes(leader: int) -> int:
    """Of the resident ones those that no file is behind."""
    total = 0
    for process in members(leader):
        try:
            with open(f"/proc/{process}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Anonymous:"))
        except OSError:
            continue
    return total


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
