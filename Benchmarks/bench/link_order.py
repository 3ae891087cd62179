"""Which of the program's functions run from its start to a check, for the linker: scripts/link-order."""
import gzip
import pathlib
import re
import subprocess

from bench import places
from bench.gatehouse import Gatehouse
from bench.scenarios import counts
from bench.workshop import Workshop
from support import paths


def main() -> None:
    with Workshop(places.FOLDER / "link-order", quick=True) as workshop:
        names = sorted(own_functions() & functions_that_run(workshop))
    # Without a time in it: the same names make the same file.
    places.LINK_ORDER.write_bytes(gzip.compress("".join(f"{name}\n" for name in names).encode(), mtime=0))
    print(f"link-order: wrote {places.LINK_ORDER} with {len(names)} functions")


def own_functions() -> set[str]:
    listed = subprocess.run(["nm", "--defined-only", paths.GATEHOUSE], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^[0-9a-f]+ [tTwW] (\S+)$", listed, re.M))


def functions_that_run(workshop: Workshop) -> set[str]:
    """From the start to a sign-in and to checks of each kind."""
    gatehouse = Gatehouse(workshop.folder / "gatehouse")
    workshop.keep(gatehouse.gatehouse)
    gatehouse.write()
    counts.under_callgrind(workshop, gatehouse)
    gatehouse.gatehouse.command[1:1] = ["--demangle=no"]
    gatehouse.gatehouse.start()
    gatehouse.gatehouse.wait_until(gatehouse.ready, "readiness", timeout=180)
    gatehouse.sign_in()
    for ask in counts.asking(gatehouse).values():
        ask(300)
    counts.instructions(gatehouse)
    return {name for file in gatehouse.folder.glob("callgrind.out.*") for name in functions_of(file)}


def functions_of(profile: pathlib.Path) -> list[str]:
    """A name is written once, where it first comes. A function that calls itself has a number behind an apostrophe."""
    return re.findall(r"^c?fn=\(\d+\) (\S+?)(?:'\d+)?$", profile.read_text(errors="replace"), re.M)


main()
