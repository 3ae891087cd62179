"""Instructions and allocations a check: figures that a busy machine does not change."""
import re
import struct
import subprocess
from collections.abc import Callable

from bench import load, places
from bench.gatehouse import TARGET, Gatehouse
from bench.workshop import Workshop


def counts(workshop: Workshop) -> dict:
    facts = {}
    requests = 500 if workshop.quick else 4000
    for name, start, read in [
        ("allocations", counting_allocations, allocations), ("instructions", under_callgrind, instructions),
    ]:
        gatehouse = Gatehouse(workshop.folder / name)
        workshop.keep(gatehouse.gatehouse)
        gatehouse.write()
        start(workshop, gatehouse)
        gatehouse.gatehouse.start()
        gatehouse.gatehouse.wait_until(gatehouse.ready, "readiness", timeout=180)
        gatehouse.sign_in()
        for label, ask in asking(gatehouse).items():
            ask(300)
            before = read(gatehouse)
            ask(requests)
            after = read(gatehouse)
            for unit, value in after.items():
                facts[f"{unit}, {label}"] = (value - before[unit]) / requests
    return {"facts": facts}


def asking(gatehouse: Gatehouse) -> dict[str, Callable[[int], None]]:
    """Each way to ask for a number of checks, over one connection."""
    message = gatehouse.message()
    headers = {name: value for name, value in gatehouse.headers().items() if name != "host"}
    http = [
        "--h1", *(part for name, value in headers.items() for part in ("--header", f"{name}: {value}")),
        # The address that the check is about, and the one that it goes to.
        f"--connect-to=127.0.0.1:{gatehouse.ports.check_http}", f"http://{gatehouse.authority}/envoy{TARGET}",
    ]
    grpc = [
        "--data", str(message), "--header", "content-type: application/grpc", "--header", "te: trailers",
        f"http://127.0.0.1:{gatehouse.ports.check_grpc}{load.CHECK_METHOD}",
    ]

    def run(arguments: list[str], streams: int, number: int) -> None:
        command = ["h2load", "--clients", "1", "--requests", str(number), "--max-concurrent-streams", str(streams), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
        assert re.search(rf"^status codes: {number} 2xx", done.stdout, re.M), done.stdout

    return {
        "HTTP": lambda number: run(http, 1, number),
        "gRPC, 16 streams": lambda number: run(grpc, 16, number),
        "gRPC, 1 stream": lambda number: run(grpc, 1, number),
    }


def counting_allocations(workshop: Workshop, gatehouse: Gatehouse) -> None:
    gatehouse.gatehouse.environment |= {
        "LD_PRELOAD": preload(workshop, "count-allocations"), "COUNT_ALLOCATIONS": str(gatehouse.folder / "allocations")}


def preload(workshop: Workshop, name: str) -> str:
    """One of Benchmarks/preload as a library."""
    library = workshop.folder / f"{name}.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, places.PRELOADS / f"{name}.c"], check=True)
    return str(library)


def allocations(gatehouse: Gatehouse) -> dict[str, int]:
    calls, size = struct.unpack("QQ", (gatehouse.folder / "allocations").read_bytes())
    return {"allocations": calls, "bytes allocated": size}


def under_callgrind(workshop: Workshop, gatehouse: Gatehouse) -> None:
    gatehouse.gatehouse.environment |= {"LD_PRELOAD": preload(workshop, "writable-sigsuspend")}
    # Valgrind cannot read the newer debug information of Swift's compiler.
    program = workshop.folder / "without-debug-information"
    subprocess.run(["strip", "--strip-debug", "-o", program, gatehouse.gatehouse.command[0]], check=True)
    gatehouse.gatehouse.command[:1] = [
        "valgrind", "--tool=callgrind", f"--callgrind-out-file={gatehouse.folder}/callgrind.out",
        f"--vgdb-prefix={gatehouse.folder}/vgdb", str(program)]


def instructions(gatehouse: Gatehouse) -> dict[str, int]:
    """All so far. Each dump begins to count anew."""
    subprocess.run(
        ["callgrind_control", f"--vgdb-prefix={gatehouse.folder}/vgdb", "--dump", str(gatehouse.gatehouse.pid)],
        check=True, timeout=120, capture_output=True)
    total = 0
    for file in gatehouse.folder.glob("callgrind.out.*"):
        found = re.search(r"^totals: (\d+)", file.read_text(errors="replace"), re.M)
        total += int(found[1]) if found else 0
    return {"instructions": total}
