"""Ports of the loopback address."""
import itertools
import random
import socket

from support import paths

# Below those that the system gives to outgoing connections, and for each process of a run its own: between the moment when a
# port is chosen and the one when a program listens there, nobody else comes upon it.
_EACH = 5_000
_FIRST = 10_000 + _EACH * int(paths.WORKER.removeprefix("gw") or 0)
_numbers = itertools.cycle(range(_FIRST, _FIRST + _EACH))
# Two runs on one machine seldom meet.
_next = itertools.islice(_numbers, random.randrange(_EACH), None)


def free_ports(count: int) -> list[int]:
    """That many different ports that nobody listens on; the ones given last come last again."""
    return list(itertools.islice(filter(_is_free, _next), count))


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    """Whether something listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
