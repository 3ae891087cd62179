"""Gatehouse as the benchmarks run it, with real sessions, and as many more as one likes."""
import base64
import hashlib
import json
import pathlib
import socket
import sqlite3
import time
from collections.abc import Callable, Iterable

from bench.load import WrongAnswers
from support import extauthz
from support.client import Client
from support.ports import free_ports
from support.stack import Stack, password_of

TARGET = "/dashboard/items?page=2"
USER = "admin@example.com"
PEER_SECRET = "a-secret-for-benchmarks-only-0123456789"
PEER_CALLBACK = "/oauth2/callback"
# What a browser sends for a page, as Envoy hands it on.
BROWSER = {
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language": "en-GB,en;q=0.9,de;q=0.7",
    "referer": "http://localhost/dashboard/",
    "sec-fetch-dest": "document", "sec-fetch-mode": "navigate", "sec-fetch-site": "same-origin", "sec-fetch-user": "?1",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
}
FORWARDED = {
    "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "http", "x-request-id": "0d6a9f3e-7f0b-4c5e-9c53-2c1e1a8f4b11",
}


class Gatehouse(Stack):
    """Both roles over SQLite, with the rules, headers and assertion of the end-to-end tests. Signs in on the web listener."""

    def __init__(self, folder: pathlib.Path, change: Callable[[dict], None] | None = None):
        self.peers = dict(zip(("envoy", "apache"), free_ports(2)))
        super().__init__(folder)
        self.configuration["log"] = {"level": "info", "format": "json"}
        # Other relying parties that are measured beside ours.
        (folder / "peer.secret").write_text(PEER_SECRET)
        (folder / "peer.secret").chmod(0o600)
        self.configuration["provider"]["clients"] += [
            {"id": name, "name": name, "secret": {"file": "peer.secret"}, "redirectURIs": [f"http://localhost:{port}{PEER_CALLBACK}"]}
            for name, port in self.peers.items()]
        if change:
            change(self.configuration)
        self.cookie = ""

    @property
    def web_url(self) -> str:
        return f"http://localhost:{self.ports.web}"

    @property
    def gateways(self) -> list[str]:
        return [self.web_url, self.grpc_url, self.http_url]

    @property
    def issuer(self) -> str:
        return f"{self.web_url}/dex"

    @property
    def authority(self) -> str:
        """The host that the checks are about."""
        return f"localhost:{self.ports.web}"

    @property
    def check_url(self) -> str:
        """Where a check over HTTP goes."""
        return f"http://127.0.0.1:{self.ports.check_http}/envoy{TARGET}"

    def begin(self) -> None:
        """Starts the program, alone."""
        self.write()
        self.start_gatehouse()

    def sign_in(self, email: str = USER) -> str:
        """Signs in as a browser does; the session cookie's value."""
        client = Client()
        client.sign_in(f"{self.web_url}/_gatehouse/sign-in?rd=/", email, password_of(email))
        cookie = client.cookie("gatehouse")
        assert cookie, self.gatehouse.tail()
        self.cookie = cookie
        return cookie

    def headers(self, cookie: str | None = None, **more: str) -> dict[str, str]:
        """What a gateway sends for a browser; with a session cookie unless `cookie` is empty."""
        session = self.cookie if cookie is None else cookie
        jar = f"theme=dark; gatehouse={session}; locale=en" if session else "theme=dark; locale=en"
        return {"host": self.authority, "cookie": jar} | BROWSER | FORWARDED | more

    def message(self, cookie: str | None = None) -> pathlib.Path:
        """A file with the CheckRequest that Envoy would send, behind its gRPC prefix."""
        headers = {
            ":authority": self.authority, ":method": "GET", ":path": TARGET, ":scheme": "http",
            **{name: value for name, value in self.headers(cookie).items() if name != "host"},
        }
        content = extauthz.check_request(TARGET, headers, host=self.authority, raw_headers=True)
        file = self.folder / "check-request.bin"
        file.write_bytes(b"\0" + len(content).to_bytes(4, "big") + content)
        return file


def answer_bytes(port: int, target: str, headers: dict[str, str], status: int = 200) -> int:
    """Asks once; the size of the whole answer, which must have this status."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        seen = b""
        while b"\r\n\r\n" not in seen:
            part = connection.recv(65536)
            if not part:
                raise WrongAnswers(f"port {port} closed the connection: {seen!r}")
            seen += part
    head = seen.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
    if f" {status} " not in head.splitlines()[0] + " ":
        raise WrongAnswers(f"{status} expected of port {port}: {head}")
    lengths = [int(line.partition(":")[2]) for line in head.splitlines() if line.startswith("content-length:")]
    return len(head) + 4 + (lengths[0] if lengths else 0)


def allowed_bytes(port: int, message: pathlib.Path) -> int:
    """Asks once over gRPC; the size of the answer, which must let the request pass."""
    content = message.read_bytes()[5:]
    with extauthz.grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.enable_http_proxy", 0)]) as channel:
        call = channel.unary_unary(extauthz.CHECK, request_serializer=bytes, response_deserializer=bytes)
        reply = call(content, timeout=10)
    status = [value for number, value in extauthz.fields(reply) if number == 1]
    if any(code for part in status for number, code in extauthz.fields(part) if number == 1):
        raise WrongAnswers(f"port {port} does not allow: {reply!r}")
    return len(reply) + 5


# Sessions by the thousand.

def session_id(number: int) -> str:
    """A session id as Gatehouse makes them: 32 bytes in base64url."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"session {number}".encode()).digest()).decode().rstrip("=")


def seed(
    gatehouse: Gatehouse, numbers: Iterable[int], *, claims: dict | None = None, tokens: bool = False,
) -> pathlib.Path:
    """Puts sessions of different users into the store, made after the one that signed in, with the provider's tokens or without.

    Their use was noted just now. Returns a file of their ids, one a line.
    """
    file = gatehouse.folder / "session-ids"
    database = sqlite3.connect(gatehouse.folder / "gatehouse.db", timeout=60, isolation_level=None)
    database.execute("pragma synchronous = off")
    database.row_factory = sqlite3.Row
    template = dict(database.execute("select * from sessions limit 1").fetchone())
    identity = json.loads(template["claims"]) | (claims or {})
    template["last_used_at"] = int(time.time())
    if not tokens:
        template |= {name: None for name in template if name.endswith("_token") or name.startswith("refresh_")}
    ids = [session_id(number) for number in numbers]
    file.write_text("".join(f"{value}\n" for value in ids))

    def rows():
        keyed = sorted((hashlib.sha256(value.encode()).digest(), number) for number, value in enumerate(ids))
        for key, number in keyed:
            email = f"user-{number:07d}@example.com"
            yield tuple((template | {
                "key": key, "subject": f"subject-{number:07d}",
                "claims": json.dumps(identity | {"email": email, "preferred_username": f"user-{number:07d}"},
                                     separators=(",", ":")),
            }).values())

    places = ", ".join("?" * len(template))
    database.execute("begin")
    database.executemany(f"insert or replace into sessions ({', '.join(template)}) values ({places})", rows())
    database.execute("commit")
    database.execute("pragma wal_checkpoint(truncate)")
    database.close()
    return file


def first_id(file: pathlib.Path) -> str:
    with file.open() as lines:
        return lines.readline().strip()
