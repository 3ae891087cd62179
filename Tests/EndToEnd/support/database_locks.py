"""Other processes that keep a database to themselves, as those do that restore it or run a long transaction."""
import contextlib
import pathlib
import subprocess
import sys

# A process that recovers a database in WAL mode holds all eight locks of the index: nobody reads or writes.
ALL_LOCKS = """
import fcntl, sys, time
index = open(sys.argv[1] + "-shm", "r+b")
while True:
    try:
        fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 8, 120)
        break
    except OSError:
        time.sleep(0.001)
print("locked", flush=True)
sys.stdin.read()
"""
# Readers go on, writers wait.
TRANSACTION = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
database.execute("begin exclusive")
print("locked", flush=True)
sys.stdin.read()
database.execute("rollback")
"""


@contextlib.contextmanager
def _held(program: str, database: pathlib.Path):
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "locked\n"
        yield
    finally:
        process.stdin.close()
        process.wait(10)


def nobody_reads(database: pathlib.Path):
    """While another process holds every lock."""
    return _held(ALL_LOCKS, database)


def nobody_writes(database: pathlib.Path):
    """While another process has an exclusive transaction open."""
    return _held(TRANSACTION, database)
