"""More than it can do: requests that need the store, from more connections than may wait for it."""
import http.client
import resource
import statistics
import threading
import time

from bench import load, processes
from bench.gatehouse import FORWARDED, TARGET, Gatehouse
from bench.workshop import Workshop


class Watcher(threading.Thread):
    """Asks with a session that is in memory, over one connection of its own, every 10 ms."""

    def __init__(self, gatehouse: Gatehouse):
        super().__init__(daemon=True)
        self._gatehouse = gatehouse
        self._ended = threading.Event()
        self.seen: list[tuple[float, float, int]] = []
        """When asked (monotonic), how long it took in ms, and the status."""

    def run(self) -> None:
        headers = self._gatehouse.headers()
        connection = http.client.HTTPConnection("127.0.0.1", self._gatehouse.ports.check_http, timeout=10)
        while not self._ended.wait(0.01):
            began = time.monotonic()
            try:
                connection.request("GET", f"/envoy{TARGET}", headers=headers)
                response = connection.getresponse()
                response.read()
                status = response.status
            except OSError:
                connection.close()
                status = 0
            self.seen.append((began, (time.monotonic() - began) * 1000, status))

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def p99(self, since: float, until: float) -> float:
        times = sorted(took for began, took, _ in self.seen if since <= began < until)
        return times[len(times) * 99 // 100] if times else 0.0


def overload(workshop: Workshop) -> dict:
    """Session cookies that no session has, each another: every one has to be looked for in the store."""
    gatehouse = workshop.gatehouse("gatehouse")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    headers = {"host": gatehouse.authority, "accept": "application/json", "sec-fetch-mode": "cors"} | FORWARDED
    watcher = Watcher(gatehouse)
    watcher.start()
    started = time.monotonic()
    time.sleep(1)
    before = processes.resident_bytes(gatehouse.gatehouse.pid)
    began = time.monotonic()
    seen = load.wrk(
        gatehouse.check_url, headers, 1 if workshop.quick else 5, connections=500 if workshop.quick else 8000, script="statuses",
        arguments=("unknown",), only_good=False)
    ended = time.monotonic()
    after = processes.resident_bytes(gatehouse.gatehouse.pid)
    time.sleep(3)
    watcher.stop()
    calm = watcher.p99(started, began)
    facts = {
        "answers a second": seen.requests / seen.seconds, "p99 of all, ms": seen.p99 / 1000,
        **{f"status {status}": count for status, count in sorted(seen.statuses.items())},
        "cached session before, p99 ms": calm, "cached session during, p99 ms": watcher.p99(began, ended),
        "cached session after a second, p99 ms": watcher.p99(ended + 1, ended + 3),
        "cached sessions refused": sum(status != 200 for _, _, status in watcher.seen),
        "seconds to recover": recovery(watcher, ended, calm), "memory before": before, "memory after": after,
    }
    return {"facts": facts}


def recovery(watcher: Watcher, ended: float, calm: float) -> float:
    """From the end of the load to the last answer that took more than twice the usual, and more than 5 ms."""
    slow = [began + took / 1000 - ended for began, took, _ in watcher.seen if began + took / 1000 > ended and took > max(2 * calm, 5)]
    return max(slow, default=0.0)
