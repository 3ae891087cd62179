"""Writes docs/reliability.md: the text around the tables stays as it is, the tables are made anew."""
import pathlib
import re

from faults.crashes import Crashes
from faults.figures import Figures
from faults.results import Results
from faults.site import POSTGRES, REDIS, SENTINEL, SQLITE
from faults.table import faults_of
from support import paths

PAGE = paths.ROOT / "docs" / "reliability.md"
HEAD = ["fault", "asked", "not served meanwhile", "sign-ins refused", "wrongly allowed", "lost", "signed out", "mixed up", "s to recover"]


def write(results: Results, page: pathlib.Path) -> None:
    text = PAGE.read_text()
    for name, content in blocks(results).items():
        text, found = re.subn(
            rf"(<!-- {re.escape(name)}: generated -->\n).*?(<!-- end -->)",
            lambda match: f"{match[1]}{content}\n{match[2]}", text, flags=re.S)
        assert found == 1, f"{PAGE} has no place for {name}"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text)


def blocks(results: Results) -> dict[str, str]:
    """Each generated part of the page by its name."""
    return {
        "postgres": faults(results, POSTGRES),
        "redis": faults(results, REDIS, SENTINEL),
        "sqlite": faults(results, SQLITE),
        "crashes": crashes(results.crashes),
        "versions": table(["what", "which"], [list(item) for item in results.versions.items()]),
    }


def faults(results: Results, *engines: str) -> str:
    rows = [
        [fault.title, *cells(results.figures[engine][fault.name])]
        for engine in engines for fault in faults_of(engine) if fault.name in results.figures.get(engine, {})]
    return table(HEAD, rows) if rows else "Not run."


def cells(figures: Figures) -> list[str]:
    return [
        f"{figures.requests}", f"{figures.not_served}", f"{figures.came_to_nothing}", f"{len(figures.wrongly_allowed)}",
        f"{figures.lost} of {figures.confirmed}", f"{figures.signed_out}", f"{figures.mixed_up}", f"{figures.recovery:.1f}"]


def crashes(found: Crashes | None) -> str:
    if not found:
        return "Not run."
    return table(["", "found"], [
        ["`kill -9`, of which under load", f"{found.kills}, {found.under_load}"],
        ["databases that an integrity check found damaged", f"{found.damaged}"],
        ["sign-ins and sign-outs that were confirmed", f"{found.confirmed}"],
        ["confirmed sign-ins that were lost", f"{found.lost}"],
        ["confirmed sign-outs that were lost", f"{found.still_in}"],
        ["identities mixed up", f"{found.mixed_up}"],
    ])


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:" if head[1] != "which" else "---"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
