"""Load: `wrk` for HTTP/1 and `h2load` for gRPC, both from Debian, on loopback with connections that stay open."""
import dataclasses
import json
import pathlib
import re
import subprocess

from bench import places, processes

CHECK_METHOD = "/envoy.service.auth.v3.Authorization/Check"


class WrongAnswers(Exception):
    """A run whose answers were not those that the scenario is about: it does not count."""


@dataclasses.dataclass
class Load:
    """What one run of a load generator saw. Latencies in microseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    answer_bytes: float
    """Per answer: wrk counts heads and bodies, h2load the DATA frames."""
    statuses: dict[str, int] = dataclasses.field(default_factory=dict)


def wrk(
    url: str, headers: dict[str, str], seconds: float, *, connections: int = 32, threads: int = 1, script: str = "fixed",
    arguments: tuple = (), cores: set[int] = processes.ALL_CORES, only_good: bool = True,
) -> Load:
    """`script` is one of Benchmarks/load. `only_good`: an answer above 399 or a broken connection ends the benchmark."""
    command = [
        "taskset", "--cpu-list", ",".join(map(str, sorted(cores))),
        "wrk", "--threads", str(threads), "--connections", str(connections), "--duration", f"{max(1, round(seconds))}s",
        "--timeout", "10s", "--script", str(places.LOAD_SCRIPTS / f"{script}.lua"),
        *(part for name, value in headers.items() for part in ("--header", f"{name.title()}: {value}")),  # wrk adds a Host of its own to one that is spelled otherwise
        url, "--", *map(str, arguments),
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    found = re.search(r"^result (.*)$", run.stdout, re.M)
    if not found:
        raise WrongAnswers(f"wrk said nothing: {run.stdout[-500:]}{run.stderr[-500:]}")
    seen = json.loads(found[1])
    if only_good and (seen["refused"] or seen["broken"]):
        raise WrongAnswers(f"{url}: {seen['refused']} answers above 399, {seen['broken']} broken connections {run.stderr[-500:]}")
    if not seen["requests"]:
        raise WrongAnswers(f"{url}: no answer at all {run.stderr[-500:]}")
    return Load(
        seen["requests"], seen["seconds"], seen["p50"], seen["p99"], seen["bytes"] / seen["requests"], seen["statuses"])


def h2load(
    port: int, message: pathlib.Path, seconds: float, *, connections: int, streams: int,
    cores: set[int] = processes.ALL_CORES, log: pathlib.Path,
) -> Load:
    """gRPC checks: `message` holds a CheckRequest behind its gRPC prefix; `streams` at once on each connection."""
    log.unlink(missing_ok=True)
    command = [
        "taskset", "--cpu-list", ",".join(map(str, sorted(cores))),
        "h2load", "--duration", str(max(1, round(seconds))), "--clients", str(connections),
        "--max-concurrent-streams", str(streams), "--data", str(message), "--header", "content-type: application/grpc",
        "--header", "te: trailers", f"--log-file={log}", f"http://127.0.0.1:{port}{CHECK_METHOD}",
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    took = re.search(r"^finished in ([\d.]+)(s|ms)", run.stdout, re.M)
    requests = re.search(r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", run.stdout)
    statuses = re.search(r"^status codes: (\d+) 2xx", run.stdout, re.M)
    data = re.search(r"^traffic: .*\((\d+)\) data$", run.stdout, re.M)
    if not (took and requests and statuses and data):
        raise WrongAnswers(f"h2load said nothing: {run.stdout[-500:]}{run.stderr[-500:]}")
    done, succeeded, *bad = map(int, requests.groups())
    # When the time is over, answers may have begun that are not done.
    good = range(done, done + connections * streams + 1)
    if not done or any(bad) or succeeded != done or int(statuses[1]) not in good:
        raise WrongAnswers(f"port {port}: {requests[0]}; {statuses[0]}")
    latencies = sorted(int(line.split("\t")[2]) for line in log.open())
    log.unlink()
    return Load(
        done, float(took[1]) / (1000 if took[2] == "ms" else 1), latencies[len(latencies) // 2],
        latencies[len(latencies) * 99 // 100], int(data[1]) / done)
