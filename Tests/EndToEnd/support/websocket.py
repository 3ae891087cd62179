"""An application that takes WebSocket handshakes, as far as a gateway can tell: 101, then every byte comes back."""
import base64
import hashlib
import re
import socket
import threading


class EchoingSocket:
    """Listens until the process ends. `handshakes` are the heads of the requests that have arrived."""

    def __init__(self) -> None:
        self.handshakes: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (chunk := connection.recv(65536)):
                    return
                head += chunk
            self.handshakes.append(head)
            connection.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                b"sec-websocket-accept: " + _accept(head) + b"\r\n\r\n")
            while chunk := connection.recv(65536):
                connection.sendall(chunk)


def _accept(head: bytes) -> bytes:
    """RFC 6455, section 4.2.2: HAProxy looks at it."""
    key = re.search(rb"(?i)sec-websocket-key: *(\S+)", head)[1]
    return base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())


def exchange(port: int, target: str, headers: list[tuple[str, str]], message: bytes) -> tuple[bytes, bytes]:
    """A handshake with these headers; returns the head of the answer, and what comes back for the message."""
    lines = [f"GET {target} HTTP/1.1", f"host: localhost:{port}", *(f"{name}: {value}" for name, value in headers)]
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        received = _read_until(connection, lambda data: b"\r\n\r\n" in data)
        head, _, rest = received.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            return head, b""
        connection.sendall(message)
        return head, rest + _read_until(connection, lambda data: len(rest) + len(data) >= len(message))


def _read_until(connection: socket.socket, done) -> bytes:
    data = b""
    while not done(data) and (chunk := connection.recv(65536)):
        data += chunk
    return data
