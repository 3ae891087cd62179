"""Two Gatehouses on one store, and an Envoy that asks them in turn."""
import json
import pathlib

import yaml

from support import extauthz
from support.program import Program
from support.replica import Replica
from support.stack import COOKIE, Stack


class Replicas(Stack):
    """A stack with another Gatehouse beside its own; `ask(0, …)` and `ask(1, …)` ask each by itself."""

    other: Replica | None = None

    def __init__(self, folder: pathlib.Path):
        super().__init__(folder)
        # Of the other one, beside what both have.
        self.others_environment: dict[str, str] = {}

    def start(self) -> None:
        self.write_both()
        super().start()

    def write_both(self) -> None:
        self.write()
        self.other = Replica(self)
        self.other.program.environment = self.gatehouse.environment | self.others_environment

    def start_gatehouse(self) -> None:
        super().start_gatehouse()
        if not self.other.program.running:
            self.other.start()

    def prepare_envoy(self) -> None:
        file = self.folder / "envoy.yaml"
        configuration = yaml.safe_load(file.read_text())
        ports = {"gatehouse_web": "web", "gatehouse_check_grpc": "checkGRPC", "gatehouse_check_http": "checkHTTP"}
        for cluster in configuration["static_resources"]["clusters"]:
            if name := ports.get(cluster["name"]):
                places = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]
                address = {"address": "127.0.0.1", "port_value": self.other.ports[name]}
                places.append({"endpoint": {"address": {"socket_address": address}}})
        # JSON is YAML, too.
        file.write_text(json.dumps(configuration))

    @property
    def programs(self) -> list[Program]:
        return [self.gatehouse, self.other.program]

    def ask(self, number: int, cookie: str, path: str = "/echo/") -> extauthz.Answer:
        """What one of the two says to a request with that session cookie."""
        return self.ask_with(number, {"cookie": f"{COOKIE}={cookie}"}, path)

    def ask_with(self, number: int, headers: dict[str, str], path: str = "/echo/") -> extauthz.Answer:
        port = (self.ports.check_grpc, self.other.ports["checkGRPC"])[number]
        message = extauthz.check_request(path, {"accept": "application/json"} | headers, host=self.other.host)
        return extauthz.check(port, message)

    def admin_port(self, number: int) -> int:
        return (self.ports.admin, self.other.ports["admin"])[number]

    def stop(self) -> None:
        super().stop()
        if self.other and self.other.program.running:
            self.other.program.stop()

    def kill(self) -> None:
        super().kill()
        if self.other:
            self.other.program.kill()
