"""Runs of several contenders in turn, so that what disturbs the machine disturbs all of them alike."""
import dataclasses
import statistics
from collections.abc import Callable

from bench import processes
from bench.load import Load, WrongAnswers
from support.program import Program


@dataclasses.dataclass
class Contender:
    """One way to do the same work. `load` drives it for some seconds; `programs` are those whose processor time counts."""

    name: str
    load: Callable[[float], Load]
    programs: list[Program]
    answer_bytes: float | None = None
    """The size of a right answer, where it is known: answers of another size are wrong ones."""


@dataclasses.dataclass
class Row:
    """A contender's runs. Each sample: `rate` (1/s), `p50`, `p99` (µs), `cpu` (µs a request, all programs)."""

    name: str
    samples: list[dict[str, float]]

    def median(self, figure: str) -> float:
        return statistics.median(sample[figure] for sample in self.samples)


def measure(contender: Contender, seconds: float) -> dict[str, float]:
    def spent() -> float:
        return sum(processes.cpu_seconds(program.pid) for program in contender.programs)

    before = spent()
    load = contender.load(seconds)
    cpu = spent() - before
    for program in contender.programs:
        if not program.running:
            raise WrongAnswers(f"{program.name} has ended\n{program.tail()}")
    if contender.answer_bytes and abs(load.answer_bytes / contender.answer_bytes - 1) > 0.05:
        raise WrongAnswers(
            f"{contender.name}: an answer has {load.answer_bytes:.1f} bytes, a right one {contender.answer_bytes:.1f}")
    return {
        "rate": load.requests / load.seconds, "p50": load.p50, "p99": load.p99, "cpu": cpu / load.requests * 1e6,
        "requests": load.requests,
    }


def alternate(contenders: list[Contender], *, pairs: int, seconds: float, warm: bool = True) -> list[Row]:
    """One run of each in turn, `pairs` times, after one that does not count."""
    if warm:
        for contender in contenders:
            measure(contender, 1)
    rows = [Row(contender.name, []) for contender in contenders]
    for _ in range(pairs):
        for row, contender in zip(rows, contenders):
            row.samples.append(measure(contender, seconds))
    return rows
