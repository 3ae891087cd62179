"""`gatehouse manifests compose`: Docker Compose takes what it writes, each service can do little, and Envoy lets people sign in."""
import itertools
import json
import os
import pathlib
import subprocess

import pytest
import yaml

from support import paths, raw
from support.gateways import GatewayStack
from support.ledger import LEDGER
from support.stack import COOKIE, IDENTITY_HEADERS
from test_headers import owned

DOCKER_COMPOSE = paths.ROOT / ".cache/venv/bin/docker-compose"
CORP_SECRET = LEDGER.add("a-secret-of-the-client-that-nobody-reads", "CORP_SECRET")
ENVIRONMENT = {"PATH": os.environ["PATH"], "CORP_SECRET": CORP_SECRET, "GATEHOUSE_USER": "1000:1000"}
SECRETS = ["cookie.key", "client.secret", "secrets/postgres.password"]
SQLITE = {"sqlite": {"path": "data/gatehouse.db"}}
POSTGRES = {"postgres": {
    "url": "postgres://gatehouse@database:5432/gatehouse", "password": {"file": "secrets/postgres.password"}}}
PLACES = ["--upstream", "/=dashboard:80"]


def configuration(storage=None) -> dict:
    return {
        "listen": {"web": "0.0.0.0:9000", "checkHTTP": "0.0.0.0:9001", "checkGRPC": "0.0.0.0:9002", "admin": "127.0.0.1:9003"},
        "storage": storage or SQLITE,
        "authService": {
            "publicURL": "http://localhost:8080",
            "secrets": [{"file": "cookie.key"}],
            "providers": [
                {"id": "local", "embedded": True, "clientID": "gatehouse"},
                {"id": "corp", "issuer": "https://sso.example.com", "clientID": "x", "clientSecret": {"env": "CORP_SECRET"}}],
            "identity": {"headers": {"kubeflow-userid": "email"}},
        },
        "provider": {
            "issuer": "http://localhost:8080/dex",
            "clients": [{
                "id": "gatehouse", "secret": {"file": "client.secret"},
                "redirectURIs": ["http://localhost:8080/_gatehouse/callback"]}],
        },
    }


def written(folder: pathlib.Path, settings: dict, *options) -> subprocess.CompletedProcess:
    """compose.yaml and envoy.yaml beside the configuration, or what is said in their place."""
    for name in SECRETS:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(LEDGER.add(f"secret-{name}-of-thirty-two-bytes-or-more", name))
        (folder / name).chmod(0o600)
    (folder / "gatehouse.yaml").write_text(yaml.safe_dump(settings))
    return subprocess.run(
        [paths.GATEHOUSE, "manifests", "compose", "--config", "gatehouse.yaml", "--out", ".", *PLACES, *options],
        capture_output=True, text=True, timeout=30, cwd=folder, env=ENVIRONMENT, check=False)


def composed(folder: pathlib.Path) -> dict:
    """The project as Docker Compose itself reads it."""
    read = subprocess.run(
        [DOCKER_COMPOSE, "--file", folder / "compose.yaml", "config", "--format", "json"],
        capture_output=True, text=True, timeout=60, env=ENVIRONMENT, check=False)
    assert read.returncode == 0, read.stderr
    return json.loads(read.stdout)


@pytest.fixture(params=itertools.product(["grpc", "http"], ["sqlite", "postgres"]), ids="-".join, scope="module")
def project(request, tmp_path_factory):
    check, store = request.param
    folder = tmp_path_factory.mktemp("compose")
    made = written(
        folder, configuration(POSTGRES if store == "postgres" else SQLITE), "--check", check,
        *(["--database"] if store == "postgres" else []))
    assert made.returncode == 0, made.stderr
    return folder, composed(folder)


def test_no_service_has_privileges(project):
    _, services = project[0], project[1]["services"]
    assert {"gatehouse", "envoy"} <= set(services)
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"], name
        assert service["user"] == "1000:1000", name
        assert not {"privileged", "cap_add", "devices", "network_mode", "pid", "ipc", "env_file"} & set(service), name
        assert service["mem_limit"] and service["pids_limit"], name
        for volume in service.get("volumes", []):
            assert volume["type"] == "bind" and not volume["source"].endswith("docker.sock"), name


def test_only_envoy_is_reached_from_outside(project):
    services = project[1]["services"]
    published = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert list(published) == ["envoy"]
    assert [(port["host_ip"], port["target"]) for port in published["envoy"]] == [("127.0.0.1", 8080)]
    # Applications cannot ask Gatehouse in a gateway's name, nor anybody but Gatehouse the database.
    assert sorted(services["gatehouse"]["networks"]) == ["check", "database"] if "database" in services else ["check"]
    assert sorted(services["envoy"]["networks"]) == ["applications", "check"]
    if "database" in services:
        assert list(services["database"]["networks"]) == ["database"]
        assert project[1]["networks"]["database"]["internal"] is True


def test_secrets_are_files_in_their_place(project):
    folder, project = project
    mounted = {secret["target"]: project["secrets"][secret["source"]]["file"]
               for secret in project["services"]["gatehouse"]["secrets"]}
    used = [name for name in SECRETS if "/" not in name or "database" in project["services"]]
    assert mounted == {f"/etc/gatehouse/{name}": str(folder / name) for name in used}
    assert not project["services"]["envoy"].get("secrets")
    texts = (folder / "compose.yaml").read_text() + (folder / "envoy.yaml").read_text()
    assert not [name for name in SECRETS if (folder / name).read_text() in texts] and CORP_SECRET not in texts


def test_the_services_wait_for_each_other(project):
    services = project[1]["services"]
    assert services["gatehouse"]["healthcheck"]["test"] == [
        "CMD", "gatehouse", "health", "--config", "/etc/gatehouse/gatehouse.yaml"]
    assert services["envoy"]["depends_on"]["gatehouse"]["condition"] == "service_healthy"
    if "database" in services:
        assert services["gatehouse"]["depends_on"]["database"]["condition"] == "service_healthy"
    else:
        [data] = services["gatehouse"]["volumes"]
        assert data["target"] == "/etc/gatehouse/data" and not data.get("read_only")


def test_envoy_closes_and_exempts_nothing(project):
    text = (project[0] / "envoy.yaml").read_text()
    assert "failure_mode_allow: false" in text
    assert "ExtAuthzPerRoute" not in text and "typed_per_filter_config" not in text


LOOPBACK = {**configuration(), "listen": {"web": "0.0.0.0:9000"}}
REFUSED = {
    "a check on loopback": (LOOPBACK, [], "`listen.checkGRPC` is where only its own container reaches it"),
    "a database in a folder that is only read": (
        configuration({"sqlite": {"path": "gatehouse.db"}}), [], "the database is in the configuration's folder"),
    "a database for SQLite": (configuration(), ["--database"], "`storage` names no Postgres"),
    "a database elsewhere": (
        configuration({"postgres": {**POSTGRES["postgres"], "url": "postgres://gatehouse@db.example.com/gatehouse"}}),
        ["--database"], "`storage` names no Postgres"),
    "a database's password in the environment": (
        configuration({"postgres": {**POSTGRES["postgres"], "password": {"env": "CORP_SECRET"}}}), ["--database"],
        "the database's password is in no file"),
    "a file out of the folder": (
        {**configuration(), "storage": {"sqlite": {"path": "../gatehouse.db"}}}, [], "is outside of the configuration's folder"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_containers_is_refused(name, tmp_path):
    settings, options, says = REFUSED[name]
    made = written(tmp_path, settings, *options)
    assert made.returncode == 78 and says in made.stderr, made.stderr
    assert not (tmp_path / "compose.yaml").exists()


# The written Envoy in front of the running program.

class ComposedStack(GatewayStack):
    """What `manifests compose` writes for Envoy, with this machine's ports in place of the containers' names."""

    manifest = "compose"

    def __init__(self, folder):
        super().__init__(folder)
        self.configuration["listen"] |= {
            name: f"0.0.0.0:{port}" for name, port in
            {"web": self.ports.web, "checkHTTP": self.ports.check_http, "checkGRPC": self.ports.check_grpc}.items()}
        self.configuration["storage"] = SQLITE
        (folder / "data").mkdir(exist_ok=True)

    def command(self) -> list:
        return [paths.envoy_binary(), "--config-path", self.folder / "envoy.yaml", "--concurrency", 1,
                "--disable-hot-restart", "--log-level", "warning"]

    def write_manifest(self) -> None:
        made = subprocess.run(
            [paths.GATEHOUSE, "manifests", "compose", "--config", self.file, "--out", self.folder,
             "--upstream", "/public/=echo:80", "--upstream", "/echo/=echo:80", "--upstream", "/=dashboard:80"],
            capture_output=True, text=True, timeout=30, check=False, env=self.gatehouse.environment)
        assert made.returncode == 0, made.stderr
        names = {("gatehouse", port): port for port in (self.ports.web, self.ports.check_grpc)} | {
            ("0.0.0.0", 8080): self.port, ("echo", 80): self.ports.echo, ("dashboard", 80): self.ports.dashboard}
        envoy = yaml.safe_load((self.folder / "envoy.yaml").read_text())
        places = list(sockets(envoy))
        assert {(place["address"], place["port_value"]) for place in places} == set(names)
        for place in places:
            place["port_value"] = names[place["address"], place["port_value"]]
            place["address"] = "127.0.0.1"
        (self.folder / "envoy.yaml").write_text(yaml.safe_dump(envoy))


def sockets(node):
    """Every `socket_address` of a configuration."""
    if isinstance(node, dict):
        yield from ([node["socket_address"]] if "socket_address" in node else [])
        for value in node.values():
            yield from sockets(value)
    if isinstance(node, list):
        for value in node:
            yield from sockets(value)


@pytest.fixture(scope="module")
def running(make_stack):
    return make_stack("compose", kind=ComposedStack)


def test_people_sign_in_and_nobody_forges_an_identity(running):
    with running.nothing_reaches_an_application():
        assert raw.request(running.port, "/echo/x", [("accept", "application/json")]).status == 401
    client = running.signed_in("bob@example.com", running.url)
    response = raw.request(running.port, "/echo/x", [
        ("accept", "application/json"), ("cookie", f"{COOKIE}={client.cookie(COOKIE)}"),
        *((name, "mallory@example.com") for name in IDENTITY_HEADERS)])
    assert response.status == 200
    seen = owned(response)
    assert seen["kubeflow-userid"] == ["bob@example.com"] and "mallory" not in json.dumps(seen)


def test_the_health_check_of_the_container_says_whether_it_is_ready(running):
    def health(file) -> subprocess.CompletedProcess:
        return subprocess.run(
            [paths.GATEHOUSE, "health", "--config", file], capture_output=True, text=True, timeout=30, check=False,
            env=running.gatehouse.environment, cwd=running.folder)

    assert health(running.file).returncode == 0
    away = running.folder / "away.yaml"
    away.write_text(yaml.safe_dump(running.configuration | {"listen": running.configuration["listen"] | {"admin": "127.0.0.1:1"}}))
    failed = health(away)
    assert failed.returncode == 1 and "does not answer" in failed.stderr
    away.write_text("listen: [")
    assert health(away).returncode == 1
