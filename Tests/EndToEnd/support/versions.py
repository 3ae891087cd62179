"""The program of before and that of today on one store, as two replicas."""
import json
import secrets
import subprocess

from support.pair import Pair
from support.previous import previous_program

OLD, NEW = 0, 1


class Versions(Pair):
    """The first replica is of the version before."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.write_secret("keys.key", secrets.token_hex(32))
        self.configuration["storage"] |= {"keySecrets": [{"file": "keys.key"}]}
        self.configuration["authService"]["personalTokens"] = {}
        self.become(previous_program())

    def become(self, program) -> None:
        """The first replica is that program from its next start on."""
        self.gatehouse.command[0] = str(program)

    def start_first(self) -> None:
        self.write_both()
        self.restart_first()

    def restart_first(self) -> None:
        self.gatehouse.stop()
        self.gatehouse.start()
        self.gatehouse.wait_until(self.ready, "readiness")

    def statuses(self, cookie: str) -> list[int]:
        return [self.status(number, cookie) for number in (OLD, NEW)]

    def command(self, number: int, *words: str) -> dict:
        """One of the command line, of either version."""
        done = subprocess.run(
            [self.programs[number].command[0], *words, "--config", self.file, "--json"], check=True, timeout=20,
            capture_output=True, text=True, env=self.gatehouse.environment)
        return json.loads(done.stdout)
