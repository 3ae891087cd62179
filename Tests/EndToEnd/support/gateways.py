"""Gatehouse behind each gateway that it knows, with the configuration that `gatehouse manifests` writes for it."""
import getpass
import pathlib
import subprocess

from support import paths, raw
from support.ports import answers
from support.program import Program
from support.stack import Stack
from support.websocket import EchoingSocket


class GatewayStack(Stack):
    """Gatehouse, the two applications, and one gateway in front of them that is also where the issuer lives."""

    # The subcommand of `gatehouse manifests`, and what goes before the address of --listen.
    manifest = ""
    listen = ""

    def __init__(self, folder: pathlib.Path):
        super().__init__(folder)
        self.websocket = EchoingSocket()
        # One place for the gateway's process, whatever it is, so that stopping works as with Envoy.
        self.envoy = Program(self.manifest, self.command(), folder)

    def command(self) -> list:
        raise NotImplementedError

    @property
    def port(self) -> int:
        return self.ports.grpc_gateway

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def gateways(self) -> list[str]:
        return [self.url]

    def start_envoy(self) -> None:
        self.write_manifest()
        self.prepare()
        self.envoy.start()
        self.envoy.wait_until(lambda: answers(self.port), "listening")
        self.wait_until_open()  # Traefik listens before it has read its routes

    def write_manifest(self) -> None:
        made = subprocess.run(
            [paths.GATEHOUSE, "manifests", self.manifest, "--config", self.file,
             "--listen", f"{self.listen}127.0.0.1:{self.port}",
             "--upstream", f"/echo/=127.0.0.1:{self.ports.echo}",
             "--upstream", f"/socket/=127.0.0.1:{self.websocket.port}",
             "--upstream", f"/public/=127.0.0.1:{self.ports.echo}",
             "--upstream", f"/=127.0.0.1:{self.ports.dashboard}",
             *self.manifest_options, "--out", self.folder],
            capture_output=True, text=True, timeout=30, check=False, env=self.gatehouse.environment)
        assert made.returncode == 0, made.stderr

    def prepare(self) -> None:
        """What the gateway needs beside the written files."""

    def wait_until_open(self) -> None:
        """A gateway that has found Gatehouse away may take a moment to find it back."""
        self.envoy.wait_until(
            lambda: raw.request(self.port, "/public/x", [("accept", "application/json")]).status == 200, "an open path")


class EnvoyOverGRPC(GatewayStack):
    manifest = "envoy"
    listen = "grpc="

    def command(self) -> list:
        return [paths.envoy_binary(), "--config-path", self.folder / "envoy.yaml", "--concurrency", 1,
                "--disable-hot-restart", "--log-level", "warning"]


class EnvoyOverHTTP(EnvoyOverGRPC):
    listen = "http="


class Nginx(GatewayStack):
    manifest = "nginx"

    def command(self) -> list:
        return ["/usr/sbin/nginx", "-p", self.folder, "-e", "stderr", "-c", self.folder / "nginx.conf"]

    def prepare(self) -> None:
        """The `http` block that a site's file is included in, and the log where the test can write it."""
        site = self.folder / "gatehouse.conf"
        site.write_text(site.read_text().replace("/var/log/nginx/gatehouse.log", str(self.folder / "access.log")))
        folders = "".join(
            f"{kind}_temp_path {self.folder}/temp-{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"user {getpass.getuser()}; daemon off; error_log stderr notice; pid {self.folder}/nginx.pid; worker_processes 1;\n"
            f"events {{}}\nhttp {{\n{folders}include {site};\n}}\n")


class Traefik(GatewayStack):
    manifest = "traefik"

    def command(self) -> list:
        return [paths.ROOT / ".cache/venv/bin/traefik", "--configFile=traefik.yaml"]


class Caddy(GatewayStack):
    manifest = "caddy"

    def command(self) -> list:
        return [paths.ROOT / ".cache/venv/bin/caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"]


class HAProxy(GatewayStack):
    manifest = "haproxy"

    def command(self) -> list:
        return ["/usr/sbin/haproxy", "-db", "-f", "haproxy.cfg"]


GATEWAYS = {
    "envoy-grpc": EnvoyOverGRPC, "envoy-http": EnvoyOverHTTP, "nginx": Nginx, "traefik": Traefik, "caddy": Caddy,
    "haproxy": HAProxy,
}
