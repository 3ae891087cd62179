"""Gatehouse with a configuration of its own, a real Envoy in front of it, and the two applications behind it."""
import contextlib
import dataclasses
import functools
import json
import pathlib
import secrets
import sqlite3
import ssl
import subprocess
import urllib.error
import urllib.request

import bcrypt
import yaml

from support import paths
from support.client import Client
from support.ledger import LEDGER
from support.ports import answers, free_ports
from support.program import Program

# Whoever signs in, with a password that no log line holds by chance.
USERS = {
    "admin@example.com": {"name": "Ada Admin", "groups": ["admins", "team-a"]},
    "bob@example.com": {"name": "Bob Builder", "groups": ["team-b"]},
}
IDENTITY_HEADERS = ["kubeflow-userid", "kubeflow-groups", "x-auth-request-email", "x-gatehouse-assertion"]
STRIPPED_HEADERS = ["x-forwarded-user", "x-auth-request-user", "x-auth-request-groups"]
OWNED_HEADERS = IDENTITY_HEADERS + STRIPPED_HEADERS
COOKIE = "gatehouse"


@functools.cache
def password_of(email: str) -> str:
    return LEDGER.add(f"pw-{secrets.token_hex(8)}", f"password of {email}")


@functools.cache
def hash_of(email: str) -> str:
    return bcrypt.hashpw(password_of(email).encode(), bcrypt.gensalt(10, prefix=b"2b")).decode()


@dataclasses.dataclass
class ClientAccount:
    """A client of our provider, as a test sees it."""

    id: str
    secret: str
    redirect_uri: str


@dataclasses.dataclass
class Ports:
    """Where everything listens."""

    grpc_gateway: int
    http_gateway: int
    web: int
    check_http: int
    check_grpc: int
    admin: int
    dashboard: int
    echo: int
    hits: int

    @classmethod
    def free(cls) -> "Ports":
        return cls(*free_ports(len(dataclasses.fields(cls))))


class Stack:
    """All that stands around one Gatehouse. `configuration` can be changed before `start`."""

    def __init__(self, folder: pathlib.Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        # Further options of `gatehouse manifests`, and what the admin listener's certificate is verified with.
        self.manifest_options: list = []
        self.admin_tls: ssl.SSLContext | None = None
        self.further_environment: dict[str, str] = {}
        self.ports = Ports.free()
        self.file = folder / "gatehouse.yaml"
        self.apps_account = ClientAccount("app", secrets.token_urlsafe(24), "http://127.0.0.1:5555/callback")
        self.other_account = ClientAccount("other", secrets.token_urlsafe(24), "http://127.0.0.1:5556/callback")
        self.configuration = self._configuration()
        self.gatehouse = Program("gatehouse", [paths.GATEHOUSE, "serve", "--config", self.file], folder)
        self.apps = Program(
            "demo-apps",
            [paths.DEMO_APPS, "--dashboard", self.ports.dashboard, "--echo", self.ports.echo, "--hits", self.ports.hits],
            folder)
        self.envoy = Program(
            "envoy",
            [paths.envoy_binary(), "--config-path", folder / "envoy.yaml", "--concurrency", 1, "--disable-hot-restart",
             "--log-level", "warning"],
            folder)

    # Addresses, as a browser spells them.

    @property
    def grpc_url(self) -> str:
        """The gateway that asks over gRPC."""
        return f"http://localhost:{self.ports.grpc_gateway}"

    @property
    def http_url(self) -> str:
        """The gateway that asks over HTTP."""
        return f"http://localhost:{self.ports.http_gateway}"

    @property
    def gateways(self) -> list[str]:
        return [self.grpc_url, self.http_url]

    @property
    def issuer(self) -> str:
        return f"{self.grpc_url}/dex"

    def _configuration(self) -> dict:
        for name, value in {"cookie.key": secrets.token_hex(32), "client.secret": secrets.token_urlsafe(32)}.items():
            self.write_secret(name, value)
        accounts = [self.apps_account, self.other_account]
        for account in accounts:
            LEDGER.add(account.secret, f"secret of client {account.id}")
        for email in USERS:
            LEDGER.add(hash_of(email), f"hash of {email}")
        address = {name: f"127.0.0.1:{getattr(self.ports, name)}" for name in ("web", "check_http", "check_grpc", "admin")}
        return {
            "listen": {
                "web": address["web"], "checkHTTP": address["check_http"], "checkGRPC": address["check_grpc"],
                "admin": address["admin"],
            },
            "storage": {"sqlite": {"path": "gatehouse.db"}},
            "authService": {
                "publicURLs": self.gateways,
                "secrets": [{"file": "cookie.key"}],
                "providers": [{
                    "id": "local", "embedded": True, "clientID": "gatehouse",
                    "scopes": ["openid", "email", "profile", "groups", "offline_access"],
                }],
                "identity": {
                    "headers": {
                        "kubeflow-userid": "email", "kubeflow-groups": "groups", "x-auth-request-email": "email",
                    },
                    "strip": ["x-forwarded-user", "x-auth-request-*"],
                    "assertion": {
                        "header": "x-gatehouse-assertion", "lifetime": "5m", "audience": "apps", "algorithm": "ES256",
                    },
                },
                "rules": [
                    {"hosts": ["open.example.com"], "paths": ["/*"], "allow": "anyone"},
                    {"hosts": ["admin.example.com"], "paths": ["/*"], "allow": {"groups": ["admins"]}},
                    {"paths": ["/public/*"], "allow": "anyone"},
                    {"paths": ["/admin/*", "/admin"], "allow": {"groups": ["admins"]}},
                    {"paths": ["/team-a/*"], "allow": {"groups": ["team-a"]}},
                    {"paths": ["/team-b/*"], "allow": {"groups": ["team-b"]}},
                    {"paths": ["/closed/*"], "allow": "nobody"},
                ],
            },
            "provider": {
                "issuer": self.issuer,
                "clients": [
                    {
                        "id": "gatehouse", "secret": {"file": "client.secret"}, "name": "Dashboard",
                        "redirectURIs": [f"{url}/_gatehouse/callback" for url in self.gateways],
                        "postLogoutRedirectURIs": [f"{url}/_gatehouse/sign-out" for url in self.gateways],
                    },
                    *(
                        {"id": account.id, "secret": {"env": f"{account.id.upper()}_SECRET"},
                         "redirectURIs": [account.redirect_uri], "name": account.id.title()}
                        for account in accounts
                    ),
                ],
                "users": [
                    {"email": email, "hash": hash_of(email), "name": user["name"], "groups": user["groups"]}
                    for email, user in USERS.items()
                ],
            },
            "log": {"level": "debug", "format": "json"},
        }

    def write_secret(self, name: str, value: str) -> str:
        """A file that the configuration names as `{file: name}`."""
        (self.folder / name).write_text(value)
        (self.folder / name).chmod(0o600)
        return LEDGER.add(value, name)

    # Running it.

    def write(self) -> None:
        self.file.write_text(yaml.safe_dump(self.configuration, sort_keys=False))
        self.gatehouse.environment = {
            "PATH": "/usr/bin:/bin", "APP_SECRET": self.apps_account.secret, "OTHER_SECRET": self.other_account.secret,
        } | self.further_environment

    def start(self) -> None:
        self.write()
        self.apps.start()
        self.start_gatehouse()
        self.start_envoy()
        self.apps.wait_until(lambda: answers(self.ports.hits) and answers(self.ports.dashboard), "listening")

    def start_gatehouse(self) -> None:
        self.gatehouse.start()
        self.gatehouse.wait_until(self.ready, "readiness")

    def start_envoy(self) -> None:
        """Has the gateway's configuration written by `gatehouse manifests envoy` and starts it."""
        made = subprocess.run(
            [paths.GATEHOUSE, "manifests", "envoy", "--config", self.file,
             "--listen", f"grpc=127.0.0.1:{self.ports.grpc_gateway}",
             "--listen", f"http=127.0.0.1:{self.ports.http_gateway}",
             "--upstream", f"/echo/=127.0.0.1:{self.ports.echo}",
             "--upstream", f"/public/=127.0.0.1:{self.ports.echo}",
             "--upstream", f"/=127.0.0.1:{self.ports.dashboard}",
             "--out", self.folder, *self.manifest_options],
            capture_output=True, text=True, timeout=30, check=False, env=self.gatehouse.environment)
        assert made.returncode == 0, made.stderr
        self.prepare_envoy()
        self.envoy.start()
        self.envoy.wait_until(
            lambda: answers(self.ports.grpc_gateway) and answers(self.ports.http_gateway), "listening")

    def prepare_envoy(self) -> None:
        """What has to be added to the written file."""

    def ready(self) -> bool:
        return self.health("readyz") == 200

    def health(self, name: str) -> int:
        try:
            url = f"{'https' if self.admin_tls else 'http'}://127.0.0.1:{self.ports.admin}/{name}"
            with urllib.request.urlopen(url, timeout=2, context=self.admin_tls) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self) -> None:
        for program in (self.envoy, self.apps, self.gatehouse):
            if program.running:
                program.stop()

    def kill(self) -> None:
        for program in (self.envoy, self.apps, self.gatehouse):
            program.kill()

    # What tests look at from behind.

    def hits(self) -> dict[str, dict]:
        """What the applications have seen: {"dashboard": {"count": n, "last": [...]}, "echo": ...}."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports.hits}/", timeout=5) as response:
            return json.load(response)

    def hit_counts(self) -> dict[str, int]:
        return {name: seen["count"] for name, seen in self.hits().items()}

    def new_hits(self, before: dict[str, int]) -> list[str]:
        """The requests that have reached an application since `before` (from hit_counts)."""
        result = []
        for name, seen in self.hits().items():
            if new := seen["count"] - before[name]:
                result += seen["last"][-new:]
        return result

    @contextlib.contextmanager
    def nothing_reaches_an_application(self):
        before = self.hit_counts()
        yield
        assert self.new_hits(before) == []

    @contextlib.contextmanager
    def nothing_comes_of_it(self):
        """Nothing reaches an application, the process lives on, and the store holds nothing new."""
        process, rows = (self.gatehouse.running, self.gatehouse.pid), self.all_rows()
        with self.nothing_reaches_an_application():
            yield
        assert (self.gatehouse.running, self.gatehouse.pid) == process, self.gatehouse.tail()
        more = {name: count for name, count in self.all_rows().items() if count > rows.get(name, 0)}
        assert more == {}

    def rows(self, table: str = "sessions") -> int:
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'gatehouse.db'}?mode=ro", uri=True)) as database:
            return database.execute(f'select count(*) from "{table}"').fetchone()[0]

    def all_rows(self) -> dict[str, int]:
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'gatehouse.db'}?mode=ro", uri=True)) as database:
            names = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
        return {name: self.rows(name) for name in names}

    def signed_in(self, email: str, url: str | None = None) -> Client:
        """A new client that has signed in at one gateway (gRPC unless told otherwise)."""
        client = Client()
        response = client.sign_in(f"{url or self.grpc_url}/", email, password_of(email))
        assert response.status_code == 200 and email in response.text, f"{response.status_code} at {response.url}"
        return client
