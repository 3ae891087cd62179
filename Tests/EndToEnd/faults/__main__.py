"""Has the faults happen and writes the page: see --help."""
import argparse
import pathlib
import shutil

from faults import page, versions
from faults.crashes import crash
from faults.figures import count
from faults.results import Results
from faults.site import POSTGRES, REDIS, SENTINEL, SQLITE, Site
from faults.table import faults_of
from support import paths
from support.disk import SmallDisk
from support.stack import Stack

FOLDER = paths.ROOT / ".gatehouse" / "faults"
ENGINES = {"postgres": (POSTGRES,), "redis": (REDIS, SENTINEL), "sqlite": (SQLITE,)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/faults", description="Has things fail, counts, and writes docs/reliability.md.")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="this one only; can be given again")
    parser.add_argument("--fault", action="append", help="this one only, by its name in faults/table.py; can be given again")
    parser.add_argument("--kills", type=int, default=100, help="how often the program on SQLite is killed under load")
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which it is")
    parser.add_argument("--no-mount", action="store_true", help="fills disks by a bound on the size of files")
    parser.add_argument("--out", type=pathlib.Path, default=page.PAGE, help="the page")
    options = parser.parse_args()
    paths.ARTIFACTS.mkdir(parents=True, exist_ok=True)
    results = Results(FOLDER / "results.json", afresh=not options.engine and not options.fault)
    complaints: list[str] = []
    disk = SmallDisk(1, not options.no_mount)
    results.versions = versions.describe(disk.is_mounted)
    disk.end()
    for name in options.engine or ENGINES:
        for engine in ENGINES[name]:
            complaints += run(results, engine, options)
    page.write(results, options.out)
    print(f"faults: wrote {options.out}")
    if complaints:
        raise SystemExit("\n".join(["faults: it is not as it must be", *complaints]))


def run(results: Results, engine: str, options: argparse.Namespace) -> list[str]:
    faults = [fault for fault in faults_of(engine) if not options.fault or fault.name in options.fault]
    if not faults:
        return []
    complaints = []
    site = open_site(engine, not options.no_mount)
    try:
        for fault in faults:
            print(f"faults: {engine}: {fault.title}", flush=True)
            figures = count(site, fault)
            results.figures.setdefault(engine, {})[fault.name] = figures
            print(f"  {figures}", flush=True)
            complaints += [f"{engine}, {fault.title}: {complaint}" for complaint in figures.complaints(fault)]
        if engine == SQLITE and not options.fault:
            print(f"faults: {engine}: `kill -9`, {options.kills} times", flush=True)
            results.crashes = crash(site, options.kills, options.seed)
            print(f"  {results.crashes}", flush=True)
            complaints += [f"{engine}: {complaint}" for complaint in results.crashes.complaints()]
    finally:
        site.end()
        results.write()
    return complaints


def open_site(engine: str, mount: bool) -> Site:
    # No blanks: configuration files of servers hold it.
    folder = FOLDER / engine.lower().replace(", ", "-")
    shutil.rmtree(folder, ignore_errors=True)

    def make(name: str, change, kind=Stack, **_) -> Stack:
        stack = kind(folder / name)
        change(stack.configuration)
        return stack

    return Site(engine, folder, make, mount=mount)


main()
