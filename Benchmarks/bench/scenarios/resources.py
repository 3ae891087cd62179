"""Memory at rest, memory a session, the time to start, and the size of the program."""
import contextlib
import os
import sqlite3
import statistics
import subprocess
import time

from bench import processes
from bench.gatehouse import seed
from bench.scenarios.growth import remember
from bench.workshop import Workshop
from support import paths


def resources(workshop: Workshop) -> dict:
    gatehouse = workshop.gatehouse("gatehouse", signed_in=False)
    times = []
    for _ in range(1 if workshop.quick else 9):
        gatehouse.gatehouse.stop()
        began = time.perf_counter()
        gatehouse.gatehouse.start()
        wait_ready(gatehouse)
        times.append((time.perf_counter() - began) * 1000)
    time.sleep(0.5)
    at_rest, own = processes.resident_bytes(gatehouse.gatehouse.pid), processes.own_bytes(gatehouse.gatehouse.pid)
    gatehouse.sign_in()
    return {"facts": {
        "memory at rest": at_rest, "memory at rest, of no file": own, "milliseconds to ready": statistics.median(times),
        "program": os.path.getsize(paths.GATEHOUSE), "program, stripped": stripped(workshop),
    } | memory_of_sessions(workshop, gatehouse)}


def wait_ready(gatehouse) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if gatehouse.ready():
                return
        except OSError:
            time.sleep(0.001)
    raise AssertionError(gatehouse.gatehouse.tail())


def stripped(workshop: Workshop) -> int:
    file = workshop.folder / "stripped"
    subprocess.run(["strip", "-o", file, paths.GATEHOUSE], check=True)
    return file.stat().st_size


def memory_of_sessions(workshop: Workshop, gatehouse) -> dict:
    """Of sessions as they are after a sign-in, with the provider's tokens in the store: what each takes once it has been used.

    The few thousand that do not rest take more. There are as many of them before as after.
    """
    awake, count = (1_000, 2_000) if workshop.quick else (10_000, 100_000)
    remember(gatehouse, seed(gatehouse, range(1_000_000, 1_000_000 + awake), tokens=True), awake)
    before = processes.resident_bytes(gatehouse.gatehouse.pid)
    remember(gatehouse, seed(gatehouse, range(count), tokens=True), count)
    after = processes.resident_bytes(gatehouse.gatehouse.pid)
    with contextlib.closing(sqlite3.connect(gatehouse.folder / "gatehouse.db")) as database:
        claims = database.execute("select avg(length(claims)) from sessions").fetchone()[0]
    return {"sessions": count, "memory a session": (after - before) / count, "claims of a session": claims}
