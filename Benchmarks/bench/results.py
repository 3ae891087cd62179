"""What the scenarios found, as JSON: kept between runs so that one scenario can be measured again."""
import dataclasses
import json
import pathlib
import statistics
from typing import Any

from bench.samples import Row


@dataclasses.dataclass
class Outcome:
    """One scenario's rows, single facts, and how long it all took."""

    rows: list[Row]
    facts: dict[str, Any]
    seconds: float

    def row(self, name: str) -> Row | None:
        return next((row for row in self.rows if row.name == name), None)

    def median(self, name: str, figure: str) -> float | None:
        row = self.row(name)
        return row.median(figure) if row else None

    def ratio(self, name: str, base: str, figure: str) -> float | None:
        """The median over the pairs of one row's figure divided by another's."""
        one, other = self.row(name), self.row(base)
        if not (one and other):
            return None
        return statistics.median(mine[figure] / theirs[figure] for mine, theirs in zip(one.samples, other.samples))


class Results:
    def __init__(self, file: pathlib.Path):
        self.file = file
        self.machine: dict[str, str] = {}
        self.scenarios: dict[str, Outcome] = {}
        if file.exists():
            content = json.loads(file.read_text())
            self.machine = content["machine"]
            self.scenarios = {
                name: Outcome([Row(**row) for row in kept["rows"]], kept["facts"], kept["seconds"])
                for name, kept in content["scenarios"].items()
            }

    def begin(self, machine: dict[str, str], afresh: bool) -> None:
        self.machine = machine
        if afresh:
            self.scenarios = {}

    def add(self, name: str, outcome: dict, seconds: float) -> None:
        self.scenarios[name] = Outcome(outcome.get("rows", []), outcome.get("facts", {}), seconds)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps({
            "machine": self.machine,
            "scenarios": {
                name: dataclasses.asdict(kept) for name, kept in self.scenarios.items()
            },
        }, indent=1))
