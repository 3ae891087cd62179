"""A Postgres of one test module, which can be killed, stopped for a while, and started again."""
import glob
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from support.ports import answers, free_ports
from support.program import Program


def binary(name: str) -> str:
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    assert found, "no Postgres here: run scripts/install-deps"
    return found[-1]


class Postgres:
    """Listens on a port of loopback. Whoever comes needs the password, where one is given; TLS, where a certificate is. `data`
    is an empty folder to keep everything in, where it shall not be one of its own; with `logs_statements` each of them is in its
    log, without its values."""

    def __init__(
        self, logs: pathlib.Path, password: str | None = None, certificate: tuple | None = None, logs_statements: bool = False,
        data: pathlib.Path | None = None,
    ):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-postgres-", dir="/tmp"))
        self.port = free_ports(1)[0]
        # It refuses to run as root, and ends with who has started it.
        self.runner = ["setpriv", "--pdeathsig", "KILL"]
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody", "nogroup")
            self.runner += ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]
            if data:
                shutil.chown(data, "nobody", "nogroup")
        data = data or self.folder / "data"
        subprocess.run(
            [*self.runner, binary("initdb"), "--pgdata", data, "--username", "keeper", "--auth", "trust", "--encoding", "UTF8",
             "--locale", "C.UTF-8", "--no-sync", "--no-instructions"],
            check=True, capture_output=True, timeout=120, cwd="/")
        options = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder, "port": self.port,
            "log_statement": "all" if logs_statements else "none", "log_parameter_max_length": 0}
        if certificate:
            for name, file in zip(("tls.crt", "tls.key"), certificate):
                self._give(name, pathlib.Path(file).read_text())
            options |= {"ssl": "on", "ssl_cert_file": self.folder / "tls.crt", "ssl_key_file": self.folder / "tls.key"}
        kind = "hostssl" if certificate else "host"
        method = "scram-sha-256" if password else "trust"
        (data / "pg_hba.conf").write_text(f"local all all trust\n{kind} all all 127.0.0.1/32 {method}\n")
        self.program = Program(
            "postgres",
            [*self.runner, binary("postgres"), "-D", data, *(part for name, value in options.items() for part in ("-c", f"{name}={value}"))],
            logs)
        self.start()
        self.execute("CREATE USER gatehouse" + (f" PASSWORD '{password}'" if password else ""))
        self.execute("ALTER DATABASE postgres OWNER TO gatehouse")

    def _give(self, name: str, text: str) -> None:
        file = self.folder / name
        file.write_text(text)
        file.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(file, "nobody", "nogroup")

    def start(self) -> None:
        self.program.start()
        self.program.wait_until(lambda: answers(self.port) and self._accepts(), "accepting connections", timeout=60)

    def _accepts(self) -> bool:
        return subprocess.run(
            [binary("pg_isready"), "--quiet", "--host", self.folder, "--port", str(self.port)], check=False).returncode == 0

    def execute(self, sql: str) -> list[str]:
        """The lines of the answer, by a user who may do everything."""
        done = subprocess.run(
            [binary("psql"), "--host", self.folder, "--port", str(self.port), "--username", "keeper", "--no-psqlrc", "--quiet",
             "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--command", sql, "postgres"],
            capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def processes(self) -> list[int]:
        """The server's, itself first."""
        main = self.program.pid
        children = pathlib.Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *map(int, children)]

    def signal(self, number: signal.Signals) -> None:
        for process in self.processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def kill(self) -> None:
        """All of it at the same moment, as when the power fails."""
        processes = self.processes()
        self.signal(signal.SIGKILL)
        self.program.process.wait()
        while any(pathlib.Path(f"/proc/{process}").exists() for process in processes):
            time.sleep(0.01)

    def url(self, host: str = "127.0.0.1", query: str = "") -> str:
        return f"postgres://gatehouse@{host}:{self.port}/postgres{query}"

    def end(self) -> None:
        if self.program.running:
            self.signal(signal.SIGCONT)
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
