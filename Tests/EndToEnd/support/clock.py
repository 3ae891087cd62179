"""The clock of one program, moved while it runs."""
import functools
import pathlib
import subprocess

from support import paths
from support.replicas import Replicas
from support.stack import Stack


@functools.cache
def library() -> pathlib.Path:
    """What has to be loaded into the program; built with the compiler that Swift brings along."""
    made = paths.ARTIFACTS / "clock.so"
    source = pathlib.Path(__file__).with_suffix(".c")
    subprocess.run(["clang", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", made, source], check=True, timeout=60)
    return made


class Clock:
    """Of a Gatehouse that has not been started yet. Timers go on as they are; what is moved is the time of day."""

    def __init__(self, stack: Stack):
        self._file = stack.folder / "clock"
        self.seconds = 0
        self.move(0)
        self._give(stack, {"LD_PRELOAD": str(library()), "CLOCK_FILE": str(self._file)})

    def _give(self, stack: Stack, environment: dict[str, str]) -> None:
        stack.further_environment = environment

    def move(self, seconds: int) -> None:
        """To so many seconds ahead of what it really is."""
        self.seconds = seconds
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self._file)


class ClockOfTheOther(Clock):
    """Of the second of two replicas."""

    def _give(self, stack: Replicas, environment: dict[str, str]) -> None:
        stack.others_environment = environment
