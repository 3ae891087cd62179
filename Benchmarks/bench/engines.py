"""The stores that replicas share, filled with sessions by the thousand, and what they hold and have been asked."""
import os
import pathlib

from bench.gatehouse import seed
from bench.workshop import Workshop
from support import engines
from support.pair import Pair
from support.ports import free_ports
from support.scripted_provider import ScriptedProvider


def scripted_provider(workshop: Workshop) -> ScriptedProvider:
    provider = workshop.end_with(ScriptedProvider(free_ports(1)[0], "outside-client", "a-secret-for-benchmarks-only-0123456789"))
    provider.gives_refresh_tokens()
    return provider


def pair(workshop: Workshop, engine, provider: ScriptedProvider) -> Pair:
    """Two replicas over an engine; with SQLite one."""
    both = Pair(workshop.folder / f"replicas-{engine.name.lower()}", provider, engine.storage)
    workshop.at_the_end(both.kill)
    both.write_both()
    if isinstance(engine, SQLiteEngine):
        engine.folder = both.folder
        both.gatehouse.start()
        both.gatehouse.wait_until(both.ready, "readiness")
    else:
        both.start_gatehouse()
    return both


class SQLiteEngine:
    """The file in the folder of the one process that has it."""

    name = "SQLite"
    storage = {"sqlite": {"path": "gatehouse.db"}}
    folder: pathlib.Path

    def held(self) -> int:
        """Bytes, with what is not yet in the file itself."""
        return sum(os.path.getsize(file) for file in self.folder.glob("gatehouse.db*") if not file.name.endswith("-shm"))

    def fill(self, both: Pair, count: int) -> None:
        seed(both, range(count), tokens=True)

    def end(self) -> None:
        pass


class RedisEngine(engines.RedisEngine):
    # As the store's own scripts write a session: a hash, and sorted sets that lead to it. Those of one person are made anew for each.
    COPY = """
        local P, count = KEYS[1], tonumber(ARGV[1])
        local id = redis.call('ZRANGE', P .. 'session!expiry', 0, 0)[1]
        local fields = redis.call('HGETALL', P .. 'session:' .. id)
        local ends = redis.call('ZSCORE', P .. 'session!expiry', id)
        local seconds = redis.call('TTL', P .. 'session:' .. id)
        for number = 1, count do
          local tail = string.format('%07d', number)
          local copy = string.sub(id, 1, -8) .. tail
          local names = cmsgpack.unpack(redis.call('HGET', P .. 'session:' .. id, 'n'))
          for place, name in ipairs(names) do
            if name ~= 'all' then names[place] = string.sub(name, 1, -8) .. tail end
            redis.call('ZADD', P .. 'session#' .. names[place], ends, copy)
            redis.call('EXPIRE', P .. 'session#' .. names[place], seconds)
          end
          redis.call('HSET', P .. 'session:' .. copy, unpack(fields))
          redis.call('HSET', P .. 'session:' .. copy, 'n', cmsgpack.pack(names))
          redis.call('EXPIRE', P .. 'session:' .. copy, seconds)
          redis.call('ZADD', P .. 'session!expiry', ends, copy)
          redis.call('ZADD', P .. 'session!used', redis.call('ZSCORE', P .. 'session!used', id), copy)
        end
        return count"""

    def info(self, section: str, name: str) -> int:
        lines = self.server.cli("INFO", section).splitlines()
        return next(int(line.partition(":")[2]) for line in lines if line.startswith(name + ":"))

    def held(self) -> int:
        """Bytes of memory."""
        return self.info("memory", "used_memory")

    def written(self) -> int:
        """Bytes of the file of changes."""
        return self.info("persistence", "aof_current_size")

    def fed(self) -> tuple[int, int]:
        """Entries of the feed, and the bytes that they take."""
        stream = "{gatehouse}:changes"
        return int(self.server.cli("XLEN", stream)), int(self.server.cli("MEMORY", "USAGE", stream, "SAMPLES", 0) or 0)

    def connections(self) -> int:
        # One is our own.
        return len(self.server.cli("CLIENT", "LIST").splitlines()) - 1

    def age(self) -> None:
        """Sessions were last used a while ago: the next use of each is written down."""
        self.server.cli("EVAL", """
            for _, id in ipairs(redis.call('ZRANGE', KEYS[1] .. 'session!expiry', 0, -1)) do
              redis.call('HINCRBY', KEYS[1] .. 'session:' .. id, 'u', -1000)
            end""", 1, "{gatehouse}:")

    def fill(self, both: Pair, count: int) -> None:
        """Copies of the one session that is there, each of another person."""
        self.server.cli("EVAL", self.COPY, 1, "{gatehouse}:", count)


class PostgresEngine(engines.PostgresEngine):
    def number(self, sql: str) -> int:
        return int(self.server.execute(sql)[0])

    def held(self) -> int:
        """Bytes of the table and its indices."""
        return self.number("SELECT pg_total_relation_size('gatehouse.sessions')")

    def written(self) -> int:
        """Bytes of the write-ahead log."""
        return self.number("SELECT pg_current_wal_insert_lsn() - '0/0'")

    def fed(self) -> tuple[int, int]:
        """Rows of the feed, and the bytes that they and their indices take."""
        rows = self.number("SELECT count(*) FROM gatehouse.session_changes")
        return rows, self.number("SELECT pg_total_relation_size('gatehouse.session_changes')")

    def connections(self) -> int:
        return self.number("SELECT count(*) FROM pg_stat_activity WHERE usename = 'gatehouse'")

    def age(self) -> None:
        """Sessions were last used a while ago: the next use of each is written down."""
        self.server.execute("UPDATE gatehouse.sessions SET last_used_at = last_used_at - 1000")

    def fill(self, both: Pair, count: int) -> None:
        """Copies of the one session that is there, each of another person."""
        changed = {
            "key": "sha256(convert_to('session ' || number, 'UTF8'))", "subject": "'subject-' || number",
            "claims": "replace(claims, 'eve@', number || '@')", "email": "number || '@example.org'",
            "provider_session": "left(provider_session, 9) || number",
        }
        columns = self.server.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'gatehouse' AND table_name = 'sessions'")
        self.server.execute(
            f"INSERT INTO gatehouse.sessions ({', '.join(columns)}) SELECT {', '.join(changed.get(name, name) for name in columns)} "
            f"FROM (SELECT * FROM gatehouse.sessions LIMIT 1) AS one, generate_series(1000001, 1000000 + {count}) AS number")


SHARED = (RedisEngine, PostgresEngine)
