"""HTTP/2 by hand (RFC 9113), for what no client library sends."""
import socket

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
NAMES = {0: "DATA", 1: "HEADERS", 3: "RST_STREAM", 4: "SETTINGS", 6: "PING", 7: "GOAWAY", 8: "WINDOW_UPDATE"}
CODES = [
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
    "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
]


def frame(kind: int, flags: int, stream: int, payload: bytes = b"", length: int | None = None) -> bytes:
    size = len(payload) if length is None else length
    return size.to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def settings(pairs: dict[int, int] | None = None) -> bytes:
    return frame(4, 0, 0, b"".join(name.to_bytes(2, "big") + number(value) for name, value in (pairs or {}).items()))


ACK = frame(4, 1, 0)
HELLO = PREFACE + settings() + ACK


def text(value: str) -> bytes:
    size, encoded = len(value), b""
    if size < 127:
        return bytes([size]) + value.encode()
    size -= 127
    while size >= 128:
        encoded += bytes([size % 128 + 128])
        size //= 128
    return bytes([127]) + encoded + bytes([size]) + value.encode()


def block(fields: list[tuple[str, str]], representation: int = 0) -> bytes:
    """Literals (RFC 7541 section 6.2): 0 leaves the dynamic table alone, 0x40 adds to it."""
    return b"".join(bytes([representation]) + text(name) + text(value) for name, value in fields)


def head(path: str = "/grpc.health.v1.Health/Check") -> list[tuple[str, str]]:
    return [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "gatehouse"),
        ("content-type", "application/grpc"), ("te", "trailers"),
    ]


HEALTH = block(head())


def headers(stream: int, content: bytes = HEALTH, flags: int = 4) -> bytes:
    return frame(1, flags, stream, content)


def call(stream: int, message: bytes = b"", content: bytes = HEALTH) -> bytes:
    """A whole unary call."""
    return headers(stream, content) + frame(0, 1, stream, b"\0" + number(len(message)) + message)


class Connection:
    """One connection to the gRPC listener. A test says what goes out; what comes back is read in short."""

    def __init__(self, port: int, timeout: float = 15):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._received = b""
        # DATA by stream.
        self.bodies: dict[int, bytes] = {}

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Sends until all is sent, or until the other side has had enough."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def answers(self) -> list[str]:
        """All that comes until the connection is closed: frames in short, `closed` at the end."""
        result = []
        while True:
            try:
                chunk = self.socket.recv(65536)
            except ConnectionResetError:
                chunk = b""
            if not chunk:
                return [*result, "closed"]
            self._received += chunk
            result += self._frames()

    def next(self, name: str) -> str:
        """The next frame of that kind."""
        while True:
            for found in self._frames():
                if found.startswith(name):
                    return found
            chunk = self.socket.recv(65536)
            assert chunk, f"closed before {name}"
            self._received += chunk

    def _frames(self) -> list[str]:
        found = []
        while len(self._received) >= 9:
            size = int.from_bytes(self._received[:3], "big")
            if len(self._received) < 9 + size:
                break
            kind, payload = self._received[3], self._received[9:9 + size]
            stream = int.from_bytes(self._received[5:9], "big")
            self._received = self._received[9 + size:]
            if kind == 0:
                self.bodies[stream] = self.bodies.get(stream, b"") + payload
            found.append(self._summary(kind, stream, payload))
        return found

    @staticmethod
    def _summary(kind: int, stream: int, payload: bytes) -> str:
        name = NAMES.get(kind, str(kind))
        if kind == 7:
            return f"GOAWAY {CODES[int.from_bytes(payload[4:8], 'big')]}"
        if kind == 3:
            return f"RST_STREAM {CODES[int.from_bytes(payload, 'big')]}"
        return f"{name} {stream}"
