"""What a scenario works with: folders, programs that end with it, and how long to measure."""
import contextlib
import functools
import pathlib
import shutil
import typing
from collections.abc import Callable

from bench import peers, processes, samples
from bench.gatehouse import Gatehouse
from bench.samples import Contender, Row
from support.program import Program

Ended = typing.TypeVar("Ended", bound=Program)
Stopped = typing.TypeVar("Stopped", bound="Stoppable")


class Stoppable(typing.Protocol):
    """Something that runs and can be stopped."""

    def stop(self) -> None: ...


class Workshop:
    """One scenario's programs. `quick` proves that everything works and measures nothing worth writing down."""

    def __init__(self, folder: pathlib.Path, quick: bool):
        self.folder = folder
        self.quick = quick
        self.pairs = 1 if quick else 5
        self.seconds = 1 if quick else 2
        self._endings = contextlib.ExitStack()

    def __enter__(self) -> "Workshop":
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, *_) -> None:
        self._endings.close()

    def keep(self, program: Ended) -> Ended:
        """Has the program end with the scenario."""
        self._endings.callback(program.kill)
        return program

    def end_with(self, running: Stopped) -> Stopped:
        """Has something of several programs end with the scenario."""
        self._endings.callback(running.stop)
        return running

    def at_the_end(self, ending: Callable[[], None]) -> None:
        self._endings.callback(ending)

    def gatehouse(self, name: str, change: Callable[[dict], None] | None = None, signed_in: bool = True) -> Gatehouse:
        """A Gatehouse that has just started, with one session."""
        gatehouse = Gatehouse(self.folder / name, change)
        self._endings.callback(gatehouse.kill)
        gatehouse.begin()
        if signed_in:
            gatehouse.sign_in()
        return gatehouse

    def nginx(self, name: str = "nginx") -> peers.Peer:
        return self.keep(peers.nginx(self.folder, name))

    def null_server(self, kind: str) -> peers.Peer | None:
        server = peers.null_server(self.folder, kind)
        return self.keep(server) if server else None

    def alternate(self, contenders: list[Contender], **options) -> list[Row]:
        return samples.alternate(contenders, **{"pairs": self.pairs, "seconds": self.seconds, "warm": not self.quick} | options)


def apart(scenario: Callable[[Workshop], dict]) -> Callable[[Workshop], dict]:
    """The scenario's servers have a core of their own, and the load the others."""
    @functools.wraps(scenario)
    def run(workshop: Workshop) -> dict:
        with processes.on(processes.SERVER_CORE):
            return scenario(workshop)
    return run
