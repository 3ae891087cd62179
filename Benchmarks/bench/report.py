"""Writes docs/benchmarks.md and docs/scaling.md: the text around the tables stays as it is, the tables and charts are made anew."""
import pathlib
import re

from bench import charts, places, plan
from bench.results import Outcome, Results
from bench.table import SCENARIOS
from bench.targets import number, targets

COLUMNS = [("cpu", "CPU µs a request", 1), ("rate", "requests/s", 1), ("p50", "p50 ms", 1000), ("p99", "p99 ms", 1000)]
CHARTS = {
    "check-http": ("cpu", "The check over HTTP", "processor time a request in µs, less is better"),
    "check-grpc": ("cpu", "The check over gRPC", "processor time a request in µs, less is better"),
    "envoy": ("rate", "Through the gateway", "requests a second, more is better"),
    "envoy-cpu": ("cpu", "Through the gateway", "processor time a request in µs, of gateway, check and application; less is better"),
    "sessions": ("cpu", "So many sessions", "processor time a check in µs"),
}


def write(results: Results, folder: pathlib.Path | None) -> pathlib.Path:
    """Into `folder`, or over docs/benchmarks.md with its charts, and docs/scaling.md."""
    folder = folder or places.PAGE.parent
    texts = {page.name: page.read_text() for page in (places.PAGE, places.SCALING)}
    for name, content in blocks(results).items():
        put(texts, name, content)
    folder.mkdir(parents=True, exist_ok=True)
    for page, text in texts.items():
        (folder / page).write_text(text)
    for name, (figure, title, note) in CHARTS.items():
        outcome = results.scenarios.get(name.removesuffix("-cpu"))
        if outcome and outcome.rows:
            charts.write(folder / "benchmarks" / f"{name}.svg", title, note, [
                (row.name, row.median(figure)) for row in outcome.rows])
    return folder / places.PAGE.name


def put(texts: dict[str, str], name: str, content: str) -> None:
    """In its one place, on whichever page that is."""
    places_found = 0
    for page, text in texts.items():
        texts[page], found = re.subn(
            rf"(<!-- {re.escape(name)}: generated -->\n).*?(<!-- end -->)",
            lambda match: f"{match[1]}{content}\n{match[2]}", text, flags=re.S)
        places_found += found
    assert places_found == 1, f"{', '.join(texts)} have {places_found} places for {name}"


def blocks(results: Results) -> dict[str, str]:
    """Each generated part of the pages by its name."""
    found = {
        "machine": table(["what", "which"], [list(item) for item in results.machine.items()]),
        "targets": table(["", "what", "wanted", "found", ""], [target.row for target in targets(results)]),
        "plan": table(["", *(f"{users:,} users" for users in plan.USERS)], plan.rows(results)),
        "times": table(["scenario", "what", "seconds"], [
            [scenario.name, scenario.title, number(results.scenarios[scenario.name].seconds)]
            for scenario in SCENARIOS if scenario.name in results.scenarios]),
    }
    for scenario in SCENARIOS:
        outcome = results.scenarios.get(scenario.name)
        found[scenario.name] = scenario_table(outcome) if outcome else "Not measured."
    return found


def scenario_table(outcome: Outcome) -> str:
    parts = []
    if outcome.rows:
        parts.append(table(["", *(title for _, title, _ in COLUMNS)], [
            [row.name, *(number(row.median(figure) / scale) for figure, _, scale in COLUMNS)] for row in outcome.rows]))
    if outcome.facts:
        parts.append(table(["", "found"], [[name, fact(name, value)] for name, value in outcome.facts.items()]))
    return "\n\n".join(parts)


def fact(name: str, value) -> str:
    if isinstance(value, str):
        return value
    if name.startswith("memory a ") or name.startswith("claims ") or name.startswith("bytes "):
        return number(value, "B")
    if name.startswith("memory") or name.startswith("program"):
        return number(value / 1e6, "MB")
    return number(value, "µs") if name.startswith("bare ") else number(value)


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:" if head[1] != "what" and head[1] != "which" else "---"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def plain_table(outcome: Outcome) -> str:
    """For the terminal, while it goes on."""
    lines = [
        f"  {row.name:<40}" + "".join(f" {title} {number(row.median(figure) / scale):>8} " for figure, title, scale in COLUMNS)
        for row in outcome.rows]
    lines += [f"  {name:<40} {fact(name, value)}" for name, value in outcome.facts.items()]
    return "\n".join([*lines, f"  took {outcome.seconds:.0f} s"])
