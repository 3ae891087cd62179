"""A cluster with Kubeflow's gateway and applications behind Gatehouse, on loopback: Gatehouse as its objects have it run, an Envoy
that has the gateway's listeners (one for each way of inserting the check), one that has the sidecars', and the applications'
stand-in."""
import contextlib
import copy
import http.client
import json
import pathlib
import ssl
import threading

import yaml

from istio import bootstrap, listener, objects
from istio.applications import Applications, Seen
from istio.door import WAYS, Door, Way
from istio.registry import Place, Registry
from istio.written import Written
from support import paths
from support.certificates import Authority
from support.client import Client
from support.ports import answers, free_ports
from support.program import Program
from support.stack import COOKIE, Stack, hash_of, password_of
from support.token_issuer import TokenIssuer

ALICE, BOB, USER = "alice@example.com", "bob@example.com", "user@example.com"
KUBEFLOW = (pathlib.Path(__file__).parent / "kubeflow.yaml").read_text()
# The names of Gatehouse's ports, and what the tests call their sidecars.
PORTS = {"web": "web", "http": "check_http", "grpc": "check_grpc"}


class IstioPlace(Stack):
    """`mode` is header or token: who sets kubeflow-userid, our answer or the gateway from our assertion."""

    def __init__(self, folder: pathlib.Path, mode: str, ways: list[Way] | None = None):
        self.mode = mode
        ways = ways or WAYS[mode]
        self.doors = [Door(way, port, self) for way, port in zip(ways, free_ports(len(ways)))]
        self.written: dict[Way, Written] = {}
        self._clients: dict[str, Client] = {}
        self.applications = Applications.started()
        # Where the sidecars listen: of two notebooks, and of Gatehouse for each of its ports.
        self.sidecars = dict(zip(("alice", "bob", "web", "check_http", "check_grpc"), free_ports(5)))
        # Service accounts' tokens of another cluster's issuer.
        self.accounts = TokenIssuer(free_ports(1)[0], "kubeflow")
        super().__init__(folder)
        self.pods = Program("pods", [
            paths.envoy_binary(), "--config-path", folder / "pods.yaml", "--concurrency", 1, "--disable-hot-restart", "--log-level",
            "warning"], folder)
        self.deployed = folder / "deployed.yaml"
        self.gatehouse.command = [paths.GATEHOUSE, "serve", "--config", self.deployed]
        self.authority = Authority(folder)
        self._identities = {
            name: self.authority.issue(name, f"spiffe://cluster.local/ns/{namespace}/sa/{account}")
            for name, namespace, account in [
                ("gateway", "istio-system", "istio-ingressgateway-service-account"), ("alice", "alice", "default-editor"),
                ("bob", "bob", "default-editor"), ("gatehouse", "gatehouse", "gatehouse")]}

    @property
    def gateways(self) -> list[str]:
        return [door.url for door in self.doors]

    @property
    def issuer(self) -> str:
        return f"{self.doors[0].url}/dex"

    def _configuration(self) -> dict:
        configuration = super()._configuration()
        configuration["provider"]["users"] += [
            {"email": email, "hash": hash_of(email), "name": email.split("@")[0].title(), "groups": ["kubeflow", "team-a"]}
            for email in (ALICE, USER)]
        service = configuration["authService"]
        service["compatibility"] = ["oauth2-proxy", "arrikto"]
        service["rules"] = [
            {"paths": ["/api/*", "/apis/*", "/ml_metadata.MetadataStoreService/*"], "allow": "signedIn", "onAnonymous": "unauthorized"},
            {"paths": ["/*"], "allow": "signedIn"}]
        service["bearer"] = [{"issuer": self.accounts.issuer, "audiences": ["kubeflow"], "user": "sub", "email": "sub"}]
        service["identity"] = {
            "presets": ["kubeflow"], "assertion": {"header": "x-gatehouse-assertion", "audience": "kubeflow"}}
        client = configuration["provider"]["clients"][0]
        client["redirectURIs"] = [f"{url}/{path}" for url in self.gateways for path in ("oauth2/callback", "_gatehouse/callback")]
        return configuration

    # Running it.

    def write(self) -> None:
        """Has the objects written, and takes Gatehouse's configuration and its secrets out of them again."""
        super().write()
        for door in self.doors:
            objects_of = self.folder / f"objects-{door.way}"
            self.written[door.way] = Written.by(self.file, objects_of, self.gatehouse.environment, *door.options)
        secrets = self.folder / "secrets"
        secrets.mkdir()
        text, environment = self.written[self.doors[0].way].unpack(secrets, self.folder)
        self.deployed.write_text(text)
        self.gatehouse.environment = {"PATH": "/usr/bin:/bin"} | environment

    def start(self) -> None:
        self.write()
        self.start_gatehouse()
        self.start_envoy()

    def start_envoy(self) -> None:
        """The sidecars first: keys are fetched through them."""
        self._run(self.pods, self._sidecars())
        self.pods.wait_until(lambda: all(answers(port) for port in self.sidecars.values()), "listening")
        self._run(self.envoy, self._gateway())
        self.envoy.wait_until(lambda: all(answers(door.port) for door in self.doors), "listening")

    def _run(self, program: Program, rendered: tuple[list[dict], Registry]) -> None:
        listeners, registry = rendered
        file = self.folder / f"{program.name}-listeners.json"
        file.write_text(json.dumps(bootstrap.pushed(listeners)))
        (self.folder / f"{program.name}.yaml").write_text(json.dumps(bootstrap.bootstrap(registry.clusters, file)))
        program.start()

    def push(self) -> None:
        """What istiod does for the gateway when an object or a key set that it fetches has changed."""
        file = self.folder / "envoy-listeners.json"
        new = file.with_suffix(".new")
        new.write_text(json.dumps(bootstrap.pushed(self._gateway()[0])))
        new.rename(file)

    def _gateway(self) -> tuple[list[dict], Registry]:
        registry = self.registry()
        found = [
            listener.gateway(self._mesh(door, registry), door.workload, door.gateway, ["*"], door.port) for door in self.doors]
        return found, registry

    def _mesh(self, door: Door, registry: Registry) -> listener.Mesh:
        """A cluster of one door alone."""
        kubeflow = KUBEFLOW.replace("[kubeflow/kubeflow-gateway]", f"[{door.gateway}]")
        found, config = self.generated(door)
        return listener.Mesh(found + objects.read(kubeflow), config, registry)

    def _sidecars(self) -> tuple[list[dict], Registry]:
        """Of both notebooks, and of Gatehouse as in a mesh that denies nothing by itself."""
        registry, written = self.registry(), self.written[self.doors[0].way]
        mesh = self._mesh(self.doors[0], registry)
        open_mesh = copy.copy(mesh)
        open_mesh.objects = [found for found in mesh.objects if found.name != "global-deny-all"]
        pods = [(mesh, objects.Workload(name, {"app": "lab"}), name, name, Place(getattr(self.applications, name).port), 8888)
                for name in ("alice", "bob")]
        for name, port in written.ports.items():
            if name in PORTS:
                pods.append((open_mesh, written.workload, "gatehouse", PORTS[name], Place(port, http2=name == "grpc"), port))
        found = [
            listener.sidecar(around, workload, self.sidecars[sidecar], place, declared, bootstrap.asks(*self._tls(identity)))
            for around, workload, identity, sidecar, place, declared in pods]
        return found, registry

    def generated(self, door: Door) -> tuple[list[objects.Object], dict]:
        """What the program writes: its objects, and its part of the mesh's configuration."""
        written = self.written[door.way]
        return written.mesh_objects(), written.mesh

    def registry(self) -> Registry:
        shown = bootstrap.shows(*self._tls("gateway"))
        gatehouse = self.written[self.doors[0].way].places({name: self.sidecars[sidecar] for name, sidecar in PORTS.items()}, shown)
        return Registry(gatehouse | {
            "centraldashboard.kubeflow.svc.cluster.local:80": Place(self.applications.dashboard.port),
            "ml-pipeline-ui.kubeflow.svc.cluster.local:80": Place(self.applications.pipelines.port),
            "lab.alice.svc.cluster.local:80": Place(self.sidecars["alice"], tls=shown),
            "lab.bob.svc.cluster.local:80": Place(self.sidecars["bob"], tls=shown),
        })

    def _tls(self, name: str) -> tuple[pathlib.Path, pathlib.Path, pathlib.Path]:
        return (*self._identities[name], self.authority.file)

    def kill(self) -> None:
        super().kill()
        self.pods.kill()
        stops = [threading.Thread(target=server.stop) for server in (*self.applications.all, self.accounts)]
        for stop in stops:
            stop.start()
        for stop in stops:
            stop.join()

    # What tests ask and look at.

    def session(self, email: str) -> str:
        """The session cookie of somebody who has signed in once; tests only read with it."""
        if email not in self._clients:
            self._clients[email] = self.signed_in(email, self.doors[0].url)
        return self._clients[email].cookie(COOKIE)

    def may_sign_in(self, email: str) -> Client:
        """Signed in, whatever the page says that it comes to in the end."""
        client = Client()
        client.sign_in(f"{self.doors[0].url}/", email, password_of(email))
        assert client.cookie(COOKIE)
        return client

    @contextlib.contextmanager
    def what_reaches_an_application(self):
        """A list, which is filled at the end of the block."""
        found: list[Seen] = []
        before = [len(application.seen) for application in self.applications.all]
        yield found
        for application, count in zip(self.applications.all, before):
            found += application.seen[count:]

    @contextlib.contextmanager
    def nothing_reaches_an_application(self):
        with self.what_reaches_an_application() as reached:
            yield
        assert [str(seen) for seen in reached] == []

    def ask_sidecar(self, name: str, target: str, headers: dict[str, str], identity: str | None) -> int:
        """The status of a request to a sidecar by somebody in the cluster, with an identity of the mesh or in plain text; 0 where the
        connection is closed without an answer."""
        address = ("127.0.0.1", self.sidecars[name])
        if identity:
            context = ssl.create_default_context(cafile=self.authority.file)
            context.check_hostname = False
            context.load_cert_chain(*self._identities[identity])
            connection = http.client.HTTPSConnection(*address, timeout=10, context=context)
        else:
            connection = http.client.HTTPConnection(*address, timeout=10)
        with contextlib.closing(connection):
            try:
                connection.request("GET", target, headers=headers)
                return connection.getresponse().status
            except (ConnectionError, http.client.BadStatusLine):
                return 0

    def account_token(self, name: str = "system:serviceaccount:alice:robot", **changes) -> str:
        return self.accounts.token(**({"sub": name, "email": None, "groups": None} | changes))
