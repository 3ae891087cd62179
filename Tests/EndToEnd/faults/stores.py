"""The servers that hold the sessions, and what can be done to them. They write to a disk that can be filled."""
import contextlib
import os
import pathlib
import signal
import sqlite3

from support.database_locks import nobody_writes
from support.disk import SmallDisk
from support.postgres import Postgres
from support.redis import RedisServer, Sentinel
from support.stack import Stack


class PostgresStore:
    def __init__(self, folder: pathlib.Path, mount: bool = True):
        self.disk = SmallDisk(128, mount)
        self.server = Postgres(folder, data=self.disk.folder)
        self.port = self.server.port
        self.start, self.kill, self.processes = self.server.start, self.server.kill, self.server.processes

    def storage(self, port: int) -> dict:
        """As a configuration has it, with the server at another port."""
        return {"postgres": {"url": f"postgres://gatehouse@127.0.0.1:{port}/postgres"}}

    @property
    def is_running(self) -> bool:
        return self.server.program.running

    def pause(self) -> None:
        self.server.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.server.signal(signal.SIGCONT)

    @contextlib.contextmanager
    def only_reads(self):
        """As a standby."""
        self._set_read_only("on")
        yield
        self._set_read_only("off")

    def _set_read_only(self, value: str) -> None:
        self.server.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        self.server.execute("SELECT pg_reload_conf()")

    def fill_disk(self) -> None:
        self.disk.fill(self.processes())
        # Its log has files ahead, which are used up first. It ends when it needs another one.
        with contextlib.suppress(AssertionError):
            for _ in range(10):
                self.server.execute("SELECT pg_logical_emit_message(true, 'faults', repeat('x', 4000000))")

    def end(self) -> None:
        self.server.end()
        self.disk.end()


class RedisStore:
    """`appendonly yes`, `appendfsync always`."""

    def __init__(self, folder: pathlib.Path, mount: bool = True):
        self.disk = SmallDisk(32, mount)
        self.server = RedisServer(folder, data=self.disk.folder)
        # A bound on its files is an error to it, and not its end.
        self.server.program.ignores_file_size_signal = True
        self.port = self.server.port
        self.start, self.kill = self.server.start, self.server.kill
        self.pause, self.go_on = self.server.pause, self.server.go_on
        self.start()

    def storage(self, port: int) -> dict:
        return {"redis": {"url": f"redis://localhost:{port}"}}

    @property
    def is_running(self) -> bool:
        return self.server.program.running

    def processes(self) -> list[int]:
        return [self.server.program.pid]

    @contextlib.contextmanager
    def only_reads(self):
        """As a master that its replicas have left."""
        self.server.cli("CONFIG", "SET", "min-replicas-to-write", 1)
        yield
        self.server.cli("CONFIG", "SET", "min-replicas-to-write", 0)

    def fill_disk(self) -> None:
        self.disk.fill(self.processes())

    def empty(self) -> None:
        self.server.cli("FLUSHALL")

    def end(self) -> None:
        self.server.kill()
        self.disk.end()


class WatchedRedis:
    """A master, its replica, and a sentinel that makes a master of the replica when the first is gone."""

    def __init__(self, folder: pathlib.Path):
        self.first = RedisServer(folder, "first")
        self.second = RedisServer(folder, "second", master=self.first)
        self.sentinel = Sentinel(folder, self.first)
        try:
            self._start()
        except BaseException:
            self.end()
            raise

    def _start(self) -> None:
        for server in (self.first, self.second, self.sentinel):
            server.start()
        self.second.program.wait_until(
            lambda: "master_link_status:up" in self.second.cli("INFO", "replication"), "the first's changes")

    def storage(self) -> dict:
        return {"redis": {"url": "redis://gates", "sentinels": [f"127.0.0.1:{self.sentinel.port}"]}}

    def fail_over(self) -> None:
        """Until the sentinel names the other one to those who ask."""
        self.first.kill()
        self.sentinel.program.wait_until(
            lambda: self.sentinel.port_of_the_master() == self.second.port, "another master", timeout=20)

    def end(self) -> None:
        for server in (self.sentinel, self.second, self.first):
            server.kill()


class SQLiteStore:
    """A file, and the one program that has it open."""

    def __init__(self, mount: bool = True):
        self.disk = SmallDisk(32, mount)
        self.file = self.disk.folder / "gatehouse.db"
        self.stack: Stack | None = None

    def storage(self) -> dict:
        return {"sqlite": {"path": str(self.file)}}

    is_running = True

    def kill(self) -> None:
        self.stack.gatehouse.kill()

    def start(self) -> None:
        self.stack.start_gatehouse()

    def processes(self) -> list[int]:
        return [self.stack.gatehouse.pid]

    def pause(self) -> None:
        os.kill(self.stack.gatehouse.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.stack.gatehouse.pid, signal.SIGCONT)

    def only_reads(self):
        """While another program writes."""
        return nobody_writes(self.file)

    def fill_disk(self) -> None:
        # Its log has room that it uses again: without that the next change makes it longer.
        with contextlib.closing(sqlite3.connect(self.file, timeout=10)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.disk.fill(self.processes())

    def end(self) -> None:
        self.disk.end()
