"""Runs the scenarios and writes the report: see --help."""
import argparse
import json
import pathlib
import time

from bench import machine, places, report, results
from bench.table import SCENARIOS
from bench.workshop import Workshop


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures Gatehouse and writes docs/benchmarks.md.")
    parser.add_argument("--quick", action="store_true", help="one short run of a few scenarios, only to see that it works")
    parser.add_argument("--only", action="append", metavar="SCENARIO", help="this scenario; can be given again")
    parser.add_argument("--list", action="store_true", help="names the scenarios and ends")
    parser.add_argument("--report", action="store_true", help="measures nothing: writes the report of the kept results anew")
    parser.add_argument("--out", type=pathlib.Path, help="a folder for the report, in place of docs")
    options = parser.parse_args()
    if options.list:
        for scenario in SCENARIOS:
            print(f"{scenario.name:<18} {scenario.title}")
        return
    kept = results.Results(places.FOLDER / ("quick.json" if options.quick else "results.json"))
    if not options.report:
        run(kept, options)
    written = report.write(kept, options.out or (places.FOLDER / "quick" if options.quick else None))
    print(f"bench: wrote {written}")


def run(kept: results.Results, options: argparse.Namespace) -> None:
    names = [scenario.name for scenario in SCENARIOS]
    if unknown := set(options.only or []) - set(names):
        raise SystemExit(f"bench: there is no scenario {', '.join(unknown)}; there are {', '.join(names)}")
    kept.begin(machine.describe(), afresh=not options.only)
    for scenario in SCENARIOS:
        if options.only and scenario.name not in options.only or options.quick and not options.only and not scenario.quick:
            continue
        print(f"bench: {scenario.name}: {scenario.title}", flush=True)
        began = time.monotonic()
        with Workshop(places.FOLDER / scenario.name, options.quick) as workshop:
            outcome = scenario.run(workshop)
        kept.add(scenario.name, outcome, time.monotonic() - began)
        print(report.plain_table(kept.scenarios[scenario.name]), flush=True)


main()
