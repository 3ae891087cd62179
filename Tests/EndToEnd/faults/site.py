"""All that a fault needs: a store, the way to it, replicas behind an Envoy, and 200 people who are signed in."""
import contextlib
import pathlib
import secrets
from collections.abc import Callable

from faults.crowd import Crowd
from faults.stores import PostgresStore, RedisStore, SQLiteStore, WatchedRedis
from support.clock import ClockOfTheOther
from support.network import Network
from support.outside import outside_stack
from support.ports import free_ports
from support.program import Program
from support.replicas import Replicas
from support.scripted_provider import ScriptedProvider
from support.stack import Stack

PEOPLE = 200
POSTGRES, REDIS, SENTINEL, SQLITE = "Postgres", "Redis", "Redis, watched", "SQLite"


class Site:
    """`network` and `clock` (of the second replica) are there where the engine has them."""

    def __init__(self, engine: str, folder: pathlib.Path, make_stack: Callable[..., Stack], *, mount: bool = True, people: int = PEOPLE):
        self.engine = engine
        self.network: Network | None = None
        self.clock: ClockOfTheOther | None = None
        self._ending = contextlib.ExitStack()
        try:
            self._open(folder, make_stack, mount)
            self.crowd.gather(people)
        except BaseException:
            self.end()
            raise

    def _open(self, folder: pathlib.Path, make_stack: Callable[..., Stack], mount: bool) -> None:
        kinds = {
            POSTGRES: lambda: PostgresStore(folder, mount), REDIS: lambda: RedisStore(folder, mount),
            SENTINEL: lambda: WatchedRedis(folder), SQLITE: lambda: SQLiteStore(mount)}
        folder.mkdir(parents=True, exist_ok=True)
        self.store = kinds[self.engine]()
        self._ending.callback(self.store.end)
        provider = ScriptedProvider(free_ports(1)[0], "outside-client", secrets.token_urlsafe(24))
        self._ending.callback(provider.stop)
        self.stack = outside_stack(
            lambda name, change, **options: self._made(make_stack, name, change, **options), f"faults-{folder.name}", provider,
            # Shorter than the hour by which a clock is wrong.
            {"session": {"idle": "30m"}}, kind=Stack if self.engine == SQLITE else Replicas, storage=self._storage())
        self._ending.callback(self.stack.kill)
        if self.engine == SQLITE:
            self.store.stack = self.stack
        self.crowd = Crowd(self.stack, provider)

    def _storage(self) -> dict:
        if self.engine in (SENTINEL, SQLITE):
            return self.store.storage()
        self.network = Network(self.store.port)
        self._ending.callback(self.network.stop)
        return self.store.storage(self.network.port)

    def _made(self, make_stack: Callable[..., Stack], name: str, change, **options) -> Stack:
        stack = make_stack(name, change, **options)
        stack.configuration["log"]["level"] = "info"
        # A file that may not grow is an error to the program, and not its end.
        stack.gatehouse.ignores_file_size_signal = True
        if isinstance(stack, Replicas):
            self.clock = ClockOfTheOther(stack)
        return stack

    @property
    def programs(self) -> list[Program]:
        return self.stack.programs if isinstance(self.stack, Replicas) else [self.stack.gatehouse]

    @property
    def check_ports(self) -> list[int]:
        """Of the replicas, where each is asked by itself over HTTP."""
        others = [self.stack.other.ports["checkHTTP"]] if isinstance(self.stack, Replicas) else []
        return [self.stack.ports.check_http, *others]

    def end(self) -> None:
        self._ending.close()
