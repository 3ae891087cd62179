"""Many requests over one connection, without waiting for an answer to each."""
import collections
import re
import socket
import threading
from collections.abc import Iterable

_STATUS = re.compile(rb"HTTP/1\.1 (\d\d\d) ")


def flood(port: int, headers: Iterable[list[tuple[str, str]]], target: str = "/echo/x") -> collections.Counter:
    """A GET with each of these lists of header lines; how many were answered with which status."""
    requests = [
        "".join([f"GET {target} HTTP/1.1\r\nhost: localhost:{port}\r\naccept: application/json\r\n",
                 *(f"{name}: {value}\r\n" for name, value in lines), "\r\n"]).encode()
        for lines in headers]
    statuses: collections.Counter = collections.Counter()
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        sender = threading.Thread(target=connection.sendall, args=(b"".join(requests),), daemon=True)
        sender.start()
        rest = b""
        while statuses.total() < len(requests):
            chunk = connection.recv(1 << 20)
            assert chunk, f"the connection ended after {dict(statuses)}"
            received = rest + chunk
            statuses.update(match[1].decode() for match in _STATUS.finditer(received))
            # Less than one status line: what may be the beginning of the next one.
            rest = received[-12:]
        sender.join(10)
    return statuses
