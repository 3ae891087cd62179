"""A kept-alive HTTP/1.1 connection of an asyncio program."""
import asyncio
import dataclasses
import json

from support.stack import COOKIE

USER = "kubeflow-userid"


@dataclasses.dataclass
class Reply:
    """`status` is 0 where the connection broke or nothing came in time."""

    status: int
    headers: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    body: bytes = b""

    def first(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)

    @property
    def ends_a_session(self) -> bool:
        """Takes the cookie away, or gives another."""
        return any(key == "set-cookie" and value.startswith(f"{COOKIE}=") for key, value in self.headers)

    @property
    def echoed_user(self) -> str | None:
        """Whom the application was told; every value that it got."""
        return ",".join(json.loads(self.body)["headers"].get(USER, []))


class Line:
    def __init__(self, port: int):
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, cookie: str, host: str = "") -> Reply:
        request = (
            f"GET {path} HTTP/1.1\r\nhost: {host or f'localhost:{self.port}'}\r\naccept: application/json\r\n"
            f"cookie: {COOKIE}={cookie}\r\n\r\n")
        try:
            async with asyncio.timeout(15):
                return await self._exchange(request.encode())
        except (OSError, EOFError, TimeoutError):
            self.close()
            return Reply(0)

    async def _exchange(self, request: bytes) -> Reply:
        if not self._streams:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:-2])]
        reply = Reply(int(head[0].split()[1]), headers)
        reply.body = await reader.readexactly(int(reply.first("content-length") or 0))
        if (reply.first("connection") or "").lower() == "close":
            self.close()
        return reply

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None
