"""A stand-in for Kubeflow's applications: one small server an application, which tells what it was asked and remembers it."""
import base64
import dataclasses
import hashlib
import http.server

from support.listener import Listener, send, send_json
from support.ports import free_ports


@dataclasses.dataclass
class Seen:
    """A request as the application saw it: `target` and the names of the headers are untouched."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.target}"

    def all(self, name: str) -> list[str]:
        """What an application that cannot tell dashes from other signs sees under a name."""
        return [value for key, value in self.headers if _plain(key) == _plain(name)]

    @property
    def user(self) -> list[str]:
        return self.all("kubeflow-userid")


def _plain(name: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in name.lower())


class Application:
    """Listens until it is stopped. `answer` gets the handler and what it has seen."""

    def __init__(self, name: str, answer):
        self.name = name
        self.seen: list[Seen] = []
        self.port, = free_ports(1)
        self._answer = answer
        self._listener = Listener(self.port, self._handle)

    def stop(self) -> None:
        self._listener.stop()

    def _handle(self, handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        # Python's own `path` has leading slashes folded.
        target = handler.requestline.split(" ")[1]
        seen = Seen(handler.command, target, handler.headers.items(), body)
        self.seen.append(seen)
        self._answer(handler, seen)


def dashboard(handler, seen: Seen) -> None:
    """The central dashboard: a page with the user that it was told."""
    user = ", ".join(seen.user) or "nobody"
    send(handler, 200, f"<!doctype html><title>Dashboard</title><p>Signed in as {user}</p>".encode(), {"content-type": "text/html"})


def notebook(handler, seen: Seen) -> None:
    """Jupyter: pages, and a WebSocket that gives back each byte that it gets."""
    if (handler.headers.get("upgrade") or "").lower() != "websocket":
        return send_json(handler, {"notebook": seen.target, "user": seen.user})
    key = handler.headers["sec-websocket-key"]
    accept = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()).decode()
    handler.wfile.write(
        f"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: {accept}\r\n\r\n"
        .encode())
    while chunk := handler.connection.recv(65536):
        handler.connection.sendall(chunk)
    handler.close_connection = True


def pipelines(handler, seen: Seen) -> None:
    """The pipelines' page, its JSON API below /apis/, and the gRPC-Web of metadata: one message and its trailers."""
    if seen.target.startswith("/ml_metadata."):
        trailers = b"grpc-status:0\r\n"
        frames = [(0, seen.body[5:]), (0x80, trailers)]
        content = b"".join(bytes([kind]) + len(data).to_bytes(4) + data for kind, data in frames)
        return send(handler, 200, content, {"content-type": handler.headers["content-type"]})
    if "/apis/" in seen.target:
        return send_json(handler, {"runs": [], "user": seen.user, "path": seen.target})
    return dashboard(handler, seen)


@dataclasses.dataclass
class Applications:
    """All of them, each on loopback."""

    dashboard: Application
    pipelines: Application
    # A notebook server in each of two namespaces, behind sidecars.
    alice: Application
    bob: Application

    @classmethod
    def started(cls) -> "Applications":
        return cls(
            Application("dashboard", dashboard), Application("pipelines", pipelines), Application("alice", notebook),
            Application("bob", notebook))

    @property
    def all(self) -> list[Application]:
        return [self.dashboard, self.pipelines, self.alice, self.bob]
