"""The servers that Gatehouse is measured against, and the gateway in front of all."""
import pathlib

import yaml

from bench import places
from support import paths
from support.ports import answers, free_ports
from support.program import Program


class Peer(Program):
    """A program with one port."""

    def __init__(self, name: str, command: list, folder: pathlib.Path, port: int):
        super().__init__(name, command, folder, {"PATH": "/usr/bin:/bin:/usr/sbin"})
        self.port = port

    def begin(self) -> "Peer":
        self.start()
        self.wait_until(lambda: answers(self.port), "listening")
        return self


def nginx(folder: pathlib.Path, name: str = "nginx") -> Peer:
    """nginx with one worker that answers an empty 200 to everything."""
    folder = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    port = free_ports(1)[0]
    temporary = "".join(
        f"{kind}_temp_path {folder}/temp-{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr error;\n"
        "events { worker_connections 4096; }\n"
        f"http {{ access_log off; keepalive_requests 1000000000; {temporary}\n"
        f"  server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ return 200; }} }}\n}}\n")
    return Peer(name, ["/usr/sbin/nginx", "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"], folder, port).begin()


def null_server(folder: pathlib.Path, kind: str) -> Peer | None:
    """One of Benchmarks/Sources/null-server, where it has been built."""
    if not places.NULL_SERVER.exists():
        return None
    port = free_ports(1)[0]
    return Peer(f"null-{kind}", [places.NULL_SERVER, kind, port], folder, port).begin()


def apache(folder: pathlib.Path, upstream: int, name: str, oidc: list[str] | None = None, port: int | None = None) -> Peer:
    """Apache as a reverse proxy, with mod_auth_openidc where `oidc` has its directives."""
    folder = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_ports(1)[0]
    modules = ["mpm_event", "authz_core", "authn_core", "authz_user", "proxy", "proxy_http"]
    modules += ["auth_openidc"] if oidc else []
    access = ["AuthType openid-connect", "Require valid-user"] if oidc else ["Require all granted"]
    (folder / "apache.conf").write_text("\n".join([
        f"ServerRoot {folder}", f"Listen 127.0.0.1:{port}", "ServerName localhost", f"PidFile {folder}/apache.pid",
        f"ErrorLog {folder}/error.log", "LogLevel error", f"DefaultRuntimeDir {folder}",
        *(f"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so" for module in modules),
        "User www-data", "Group www-data", "StartServers 1", "ServerLimit 1", "ThreadsPerChild 64", "MaxRequestWorkers 64",
        "MaxKeepAliveRequests 0", "KeepAliveTimeout 60", *(oidc or []),
        "<Location />", *access, f"ProxyPass http://127.0.0.1:{upstream}/", "</Location>", "",
    ]))
    return Peer(name, ["/usr/sbin/apache2", "-f", folder / "apache.conf", "-DFOREGROUND"], folder, port)


# Envoy: one process with a listener for each way through.

CONNECTION_MANAGER = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"


def cluster(name: str, port: int, http2: bool = False) -> dict:
    protocol = {"http2_protocol_options": {}} if http2 else {"http_protocol_options": {}}
    return {
        "name": name, "type": "STATIC", "connect_timeout": "1s",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [
            {"endpoint": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}}]}]},
        "circuit_breakers": {"thresholds": [
            {"max_connections": 10000, "max_pending_requests": 10000, "max_requests": 100000}]},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            "explicit_http_config": protocol}},
    }


def listener(name: str, port: int, filters: list[dict], routes: list[dict]) -> dict:
    """A plain listener: HTTP/1 in, these filters, then the routes."""
    router = {"name": "envoy.filters.http.router", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}
    manager = {
        "@type": CONNECTION_MANAGER, "stat_prefix": name, "use_remote_address": True, "http_filters": [*filters, router],
        "route_config": {"name": name, "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
    }
    return {
        "name": name, "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
        "filter_chains": [{"filters": [
            {"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}],
    }


def to(cluster_name: str, prefix: str = "/") -> dict:
    return {"match": {"prefix": prefix}, "route": {"cluster": cluster_name, "timeout": "0s"}}


def envoy(folder: pathlib.Path, configuration: dict, port: int, name: str = "envoy") -> Peer:
    folder = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "envoy.yaml").write_text(yaml.safe_dump(configuration, sort_keys=False))
    command = [
        paths.envoy_binary(), "--config-path", folder / "envoy.yaml", "--concurrency", 1, "--disable-hot-restart",
        "--log-level", "error"]
    return Peer(name, command, folder, port).begin()
