"""What so many users take: figures that were measured, times what people do. docs/scaling.md says what they are supposed to do."""
import dataclasses

from bench.results import Outcome, Results
from bench.targets import number

USERS = (10, 1_000, 100_000)

SESSIONS_OF_A_USER = 2
CHECKS_OF_A_USER = 0.1
"""A second, while all are at work."""
MORNING = 3600
"""Seconds in which all sign in; in as long all sign out."""
RENEWAL = 3300
"""Seconds after which tokens that last for an hour are renewed."""
NOTED = 432
"""Seconds after which the use of a session is written down again, with an `idle` of 12 hours."""
KEPT = {"Redis": 10_000, "Postgres": 600}
"""Of the feed: Redis' entries, Postgres' seconds."""


@dataclasses.dataclass(frozen=True)
class Measured:
    """What one of each takes. Missing where a scenario has not run."""

    results: Results

    def _outcome(self, scenario: str) -> Outcome:
        return self.results.scenarios.get(scenario, Outcome([], {}, 0))

    def fact(self, scenario: str, name: str) -> float | None:
        return self._outcome(scenario).facts.get(name)

    def check(self, sessions: int) -> float | None:
        """Microseconds, with at least so many sessions in memory."""
        rows = [row for row in self._outcome("sessions").rows if int(row.name.split()[0].replace(",", "")) >= sessions]
        return rows[0].median("cpu") if rows else None

    def sign_in(self) -> float | None:
        """Microseconds, with a password of ours."""
        return self._outcome("logins").median("logins", "cpu")

    def session(self, engine: str) -> float | None:
        return self.fact("sizes", f"bytes a session, {engine}, of 10,000")

    def written(self, what: str, engine: str) -> float | None:
        return self.fact("sizes", f"bytes written a {what}, {engine}")


def rows(results: Results) -> list[list[str]]:
    """What it is, and the figure for each number of users."""
    measured = Measured(results)
    lines = {
        "checks/s": [users * CHECKS_OF_A_USER for users in USERS],
        "processor time for them, cores": [
            times(users * CHECKS_OF_A_USER / 1e6, measured.check(users)) for users in USERS],
        "sign-ins/s in the morning": [users / MORNING for users in USERS],
        "processor time for them, with passwords of ours, cores": [
            times(users / MORNING / 1e6, measured.sign_in()) for users in USERS],
        "sessions": [users * SESSIONS_OF_A_USER for users in USERS],
        "memory of a replica that has one of each user's in memory, MB": [_memory(measured, users) for users in USERS],
    }
    for engine in ("SQLite", "Redis", "Postgres"):
        lines[f"sessions in {engine}, MB"] = [
            times(users * SESSIONS_OF_A_USER / 1e6, measured.session(engine)) for users in USERS]
    lines["uses noted/s, in two batches a replica"] = [users / NOTED for users in USERS]
    lines["renewals of tokens/s"] = [users / RENEWAL for users in USERS]
    for engine in ("Redis", "Postgres"):
        lines[f"written by {engine}, in the morning, KB/s"] = [_written(measured, engine, users) for users in USERS]
    lines["entries of the feed/s, in the evening"] = [users / RENEWAL + users / MORNING for users in USERS]
    for engine in ("Redis", "Postgres"):
        lines[f"feed kept by {engine}, at most, MB"] = [_feed(measured, engine, users) for users in USERS]
    return [[name, *map(_shown, values)] for name, values in lines.items()]


def _shown(value: float | None) -> str:
    if value is None:
        return "–"
    return number(value) if value == 0 or value >= 0.005 else "< 0.01"


def times(factor: float, value: float | None) -> float | None:
    return None if value is None else factor * value


def _memory(measured: Measured, users: int) -> float | None:
    at_rest, each = measured.fact("resources", "memory at rest"), measured.fact("resources", "memory a session")
    return None if at_rest is None or each is None else (at_rest + users * each) / 1e6


def _written(measured: Measured, engine: str, users: int) -> float | None:
    """A sign-in of each within the hour, and what goes on anyway."""
    rates = {"sign-in": 1 / MORNING, "renewal of tokens": 1 / RENEWAL, "use": 1 / NOTED}
    each = [times(users * rate / 1e3, measured.written(what, engine)) for what, rate in rates.items()]
    return None if None in each else sum(each)


def _feed(measured: Measured, engine: str, users: int) -> float | None:
    entries = KEPT[engine] if engine == "Redis" else KEPT[engine] * users * (1 / RENEWAL + 1 / MORNING)
    return times(entries / 1e6, measured.fact("sizes", f"bytes an entry of the feed, {engine}"))
