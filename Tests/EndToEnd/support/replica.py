"""A second Gatehouse on the same store, asked as Envoy asks over gRPC."""
import copy

import yaml

from support import extauthz, paths
from support.ports import answers, free_ports
from support.program import Program
from support.stack import COOKIE, Stack


class Replica:
    """Shares everything with `stack` but its ports."""

    def __init__(self, stack: Stack):
        names = ("web", "checkHTTP", "checkGRPC", "admin")
        self.ports = dict(zip(names, free_ports(len(names))))
        configuration = copy.deepcopy(stack.configuration)
        configuration["listen"] = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        file = stack.folder / "replica.yaml"
        file.write_text(yaml.safe_dump(configuration, sort_keys=False))
        self.host = f"localhost:{stack.ports.grpc_gateway}"
        self.program = Program("replica", [paths.GATEHOUSE, "serve", "--config", file], stack.folder)
        self.program.environment = stack.gatehouse.environment

    def start(self) -> None:
        self.program.start()
        self.program.wait_until(lambda: answers(self.ports["checkGRPC"]), "listening")

    def ask(self, cookie: str, path: str = "/echo/") -> extauthz.Answer:
        headers = {"accept": "application/json", "cookie": f"{COOKIE}={cookie}"}
        return extauthz.check(self.ports["checkGRPC"], extauthz.check_request(path, headers, host=self.host))
