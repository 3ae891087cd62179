"""A cluster with Kubeflow's gateway and applications behind Gatehouse, on loopback: Gatehouse, one Envoy that has the listeners of the
gateway (one for each way of inserting the check) and of two notebooks' sidecars, and the applications' stand-in."""
import contextlib
import dataclasses
import http.client
import json
import pathlib
import ssl
import threading

from istio import bootstrap, listener, objects
from istio.applications import Applications, Seen
from istio.handwritten import objects as handwritten
from istio.registry import Place, Registry
from support import raw
from support.certificates import Authority
from support.client import Client
from support.ports import answers, free_ports
from support.stack import COOKIE, Stack, hash_of, password_of
from support.token_issuer import TokenIssuer

ALICE, BOB, USER = "alice@example.com", "bob@example.com", "user@example.com"
GATEWAY = objects.Workload("istio-system", {"istio": "ingressgateway", "app": "istio-ingressgateway"}, ("kubeflow-gateway",))
# How the check comes into the gateway, and what it is asked over.
# An assertion that is not there is an empty header over HTTP, which no RequestAuthentication lets pass: token mode asks over gRPC.
WAYS = {
    "header": [(insertion, check) for insertion in ("provider", "envoyfilter") for check in ("grpc", "http")],
    "token": [(insertion, "grpc") for insertion in ("provider", "envoyfilter")],
}
PROGRAM = ("accept", "application/json")
NAVIGATION = [("accept", "text/html"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")]


@dataclasses.dataclass
class Door:
    """One of the gateway's listeners."""

    insertion: str
    check: str
    port: int
    place: "IstioPlace"

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def ask(self, target: str, headers=(PROGRAM,), as_user: str | None = None, **options) -> raw.RawResponse:
        """One request as it stands, with the cookie of a user's session where one is named."""
        cookie = [("cookie", f"{COOKIE}={self.place.session(as_user)}")] if as_user else []
        return raw.request(self.port, target, [*headers, *cookie], **options)


class IstioPlace(Stack):
    """`mode` is header or token: who sets kubeflow-userid, our answer or the gateway from our assertion."""

    def __init__(self, folder: pathlib.Path, mode: str, ways: list[tuple[str, str]] | None = None):
        self.mode = mode
        ways = ways or WAYS[mode]
        self.doors = [Door(*way, port, self) for way, port in zip(ways, free_ports(len(ways)))]
        self._clients: dict[str, Client] = {}
        self.applications = Applications.started()
        self.sidecars = dict(zip(("alice", "bob"), free_ports(2)))
        # Service accounts' tokens of another cluster's issuer.
        self.accounts = TokenIssuer(free_ports(1)[0], "kubeflow")
        super().__init__(folder)
        self.authority = Authority(folder)
        self._identities = {
            name: self.authority.issue(name, f"spiffe://cluster.local/ns/{namespace}/sa/{account}")
            for name, namespace, account in [
                ("gateway", "istio-system", "istio-ingressgateway-service-account"), ("alice", "alice", "default-editor"),
                ("bob", "bob", "default-editor")]}

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
        service["identity"] = (
            {"presets": ["kubeflow"]} if self.mode == "header"
            else {"headers": {}, "strip": ["kubeflow-userid", "kubeflow-groups"],
                  "assertion": {"header": "x-gatehouse-assertion", "audience": "kubeflow"}})
        client = configuration["provider"]["clients"][0]
        client["redirectURIs"] = [f"{url}/{path}" for url in self.gateways for path in ("oauth2/callback", "_gatehouse/callback")]
        return configuration

    # Running it.

    def start(self) -> None:
        self.write()
        self.start_gatehouse()
        self.start_envoy()

    def start_envoy(self) -> None:
        listeners, clusters = self.listeners()
        self._listeners.write_text(json.dumps(bootstrap.pushed(listeners)))
        (self.folder / "envoy.yaml").write_text(json.dumps(bootstrap.bootstrap(clusters, self._listeners)))
        self.envoy.start()
        self.envoy.wait_until(lambda: all(answers(door.port) for door in self.doors), "listening")

    def push(self) -> None:
        """What istiod does when an object or a fetched key set has changed."""
        new = self._listeners.with_suffix(".new")
        new.write_text(json.dumps(bootstrap.pushed(self.listeners()[0])))
        new.rename(self._listeners)

    @property
    def _listeners(self) -> pathlib.Path:
        return self.folder / "listeners.json"

    def listeners(self) -> tuple[list[dict], dict]:
        """All listeners, with the clusters that they use."""
        registry = self.registry()
        kubeflow = objects.read((pathlib.Path(__file__).parent / "kubeflow.yaml").read_text())
        found = []
        for door in self.doors:
            text, config = self.generated(door)
            mesh = listener.Mesh(objects.read(text) + kubeflow, config, registry)
            found.append(listener.gateway(mesh, GATEWAY, "kubeflow/kubeflow-gateway", ["*"], door.port))
        mesh = listener.Mesh(kubeflow, {}, registry)
        for name, port in self.sidecars.items():
            workload = objects.Workload(name, {"app": "lab"})
            application = getattr(self.applications, name).port
            found.append(listener.sidecar(mesh, workload, port, application, bootstrap.asks(*self._tls(name))))
        return found, registry.clusters

    def generated(self, door: Door) -> tuple[str, dict]:
        return handwritten(self.mode, door.insertion, door.check, self.doors[0].url)

    def registry(self) -> Registry:
        shown = bootstrap.shows(*self._tls("gateway"))
        gatehouse = "gatehouse.gatehouse.svc.cluster.local"
        return Registry({
            f"{gatehouse}:9000": Place(self.ports.web), f"{gatehouse}:9001": Place(self.ports.check_http),
            f"{gatehouse}:9002": Place(self.ports.check_grpc, http2=True),
            "centraldashboard.kubeflow.svc.cluster.local:80": Place(self.applications.dashboard.port),
            "ml-pipeline-ui.kubeflow.svc.cluster.local:80": Place(self.applications.pipelines.port),
            "lab.alice.svc.cluster.local:80": Place(self.sidecars["alice"], tls=shown),
            "lab.bob.svc.cluster.local:80": Place(self.sidecars["bob"], tls=shown),
        })

    def _tls(self, name: str) -> tuple[pathlib.Path, pathlib.Path, pathlib.Path]:
        return (*self._identities[name], self.authority.file)

    def kill(self) -> None:
        super().kill()
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
        """The status of a request to a namespace's sidecar by somebody in the cluster, with an identity of the mesh or none."""
        context = ssl.create_default_context(cafile=self.authority.file)
        context.check_hostname = False
        if identity:
            context.load_cert_chain(*self._identities[identity])
        connection = http.client.HTTPSConnection("127.0.0.1", self.sidecars[name], timeout=10, context=context)
        with contextlib.closing(connection):
            connection.request("GET", target, headers=headers)
            return connection.getresponse().status

    def account_token(self, name: str = "system:serviceaccount:alice:robot", **changes) -> str:
        return self.accounts.token(**({"sub": name, "email": None, "groups": None} | changes))
