"""What a process does while a test does something to it."""
import pathlib
import re
import threading

from support import extauthz, raw
from support.stack import Stack


def resident_bytes(pid: int) -> int:
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+) kB$", status, re.M)[1]) * 1024


class Neighbour:
    """Another gateway, which asks all the while over connections of its own. All of its checks have to be answered."""

    def __init__(self, stack: Stack):
        self._stack = stack
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._ask_grpc, self._ask_http)]
        self.answers = 0
        self.failures: list[str] = []

    def __enter__(self) -> "Neighbour":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def _ask_grpc(self) -> None:
        self._repeat("gRPC", lambda: extauthz.check(
            self._stack.ports.check_grpc, extauthz.check_request("/public/x", {})).allowed)

    def _ask_http(self) -> None:
        self._repeat("HTTP", lambda: raw.request(self._stack.ports.check_http, "/envoy/public/x").status == 200)

    def _repeat(self, name: str, ask) -> None:
        while True:
            try:
                if not ask():
                    self.failures.append(f"{name}: refused")
            except OSError as error:
                self.failures.append(f"{name}: {error}")
            self.answers += 1
            if self._ends.wait(0.02):
                return
