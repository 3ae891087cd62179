"""The engines that several replicas can share, in one form: what a configuration calls one, and what it has been asked."""
import pathlib
import re

from support.postgres import Postgres
from support.redis import RedisServer


class RedisEngine:
    """Counts as Redis itself does (`INFO commandstats`); what scripts call is counted with them."""

    name = "Redis"

    def __init__(self, folder: pathlib.Path):
        self.server = RedisServer(folder, "redis-engine")
        self.server.start()

    @property
    def storage(self) -> dict:
        return {"redis": {"url": self.server.url}}

    def _calls(self) -> dict[str, int]:
        listed = re.findall(r"cmdstat_(\w+):calls=(\d+)", self.server.cli("INFO", "commandstats"))
        return {command: int(calls) for command, calls in listed if command != "info"}

    def reads(self) -> int:
        """How often a session was read."""
        return self._calls().get("hmget", 0)

    def commands(self) -> int:
        """All that it has been asked."""
        return sum(self._calls().values())

    def end(self) -> None:
        self.server.kill()


class PostgresEngine:
    """Counts in the log of the statements."""

    name = "Postgres"

    def __init__(self, folder: pathlib.Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.server = Postgres(folder, logs_statements=True)

    @property
    def storage(self) -> dict:
        return {"postgres": {"url": self.server.url()}}

    def _statements(self) -> list[str]:
        return re.findall(r"LOG:  (?:statement|execute [^:]*): (.*)", self.server.program.text())

    def reads(self) -> int:
        """How often a session was read."""
        return sum("FROM sessions WHERE key = " in statement for statement in self._statements())

    def commands(self) -> int:
        """All that it has been asked."""
        return len(self._statements())

    def end(self) -> None:
        self.server.end()


Engine = RedisEngine | PostgresEngine
ENGINES = {"redis": RedisEngine, "postgres": PostgresEngine}
