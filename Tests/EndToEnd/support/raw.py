"""HTTP/1.1 by hand, for requests that no client library sends."""
import dataclasses
import json
import socket

from support.ledger import LEDGER


@dataclasses.dataclass
class RawResponse:
    """What came back: status 0 when the connection was closed without an answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    def first(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)

    def json(self):
        return json.loads(self.body)


def send(port: int, data: bytes, timeout: float = 10) -> RawResponse:
    """Sends bytes and reads one answer. The bytes should ask for `connection: close`, or one answer with a length."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        try:
            connection.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all was read: the answer may be there all the same
        try:
            while not _complete(received) and (chunk := connection.recv(65536)):
                received += chunk
        except (TimeoutError, ConnectionResetError):
            pass
    return parse(received)


def request(
    port: int, target: str | bytes, headers: list[tuple[str, str]] | None = None, *, method: str = "GET",
    host: str | None = None, body: bytes = b"",
) -> RawResponse:
    """One request with exactly this target and these header lines, in this order (Latin-1)."""
    target = target.encode("latin-1") if isinstance(target, str) else target
    lines = [method.encode() + b" " + target + b" HTTP/1.1"]
    if host != "":
        lines.append(f"host: {host or f'localhost:{port}'}".encode("latin-1"))
    lines += [f"{name}: {value}".encode("latin-1") for name, value in headers or []]
    if body:
        lines.append(f"content-length: {len(body)}".encode())
    lines.append(b"connection: close")
    return send(port, b"\r\n".join(lines) + b"\r\n\r\n" + body)


def _complete(received: bytes) -> bool:
    """Whether an answer with a length is all there: the other side may keep the connection open for a while."""
    head, found, body = received.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if found and line.startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return False


def parse(received: bytes) -> RawResponse:
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    first = lines[0].split(" ", 2)
    if len(first) < 2 or not first[1].isdigit():
        return RawResponse(0, [], received)
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
    response = RawResponse(int(first[1]), headers, body)
    if response.first("transfer-encoding") == "chunked":
        response.body = _joined(body)
    for cookie in response.all("set-cookie"):
        LEDGER.add(cookie.split(";", 1)[0].partition("=")[2], "a cookie")
    return response


def _joined(chunked: bytes) -> bytes:
    body = b""
    while chunked:
        size, _, rest = chunked.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        if length == 0:
            break
        body += rest[:length]
        chunked = rest[length + 2:]
    return body
