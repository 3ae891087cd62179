"""A listener of the gateway, and the ways in which the check gets into it."""
import dataclasses
import typing

from istio import objects
from support import raw
from support.stack import COOKIE

if typing.TYPE_CHECKING:
    from istio.place import IstioPlace

LABELS = {"istio": "ingressgateway", "app": "istio-ingressgateway"}
PROGRAM = ("accept", "application/json")
NAVIGATION = [("accept", "text/html"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")]


class Way(typing.NamedTuple):
    """Options of `gatehouse manifests istio`; `api` is whose Gateway it is, Istio's or the Gateway API's."""

    insertion: str
    check: str
    api: str = "istio"

    def __str__(self) -> str:
        return "-".join(self)


# An assertion that is not there is an empty header over HTTP, which no RequestAuthentication lets pass: token mode asks over gRPC.
WAYS = {
    "header": [Way("mesh", "grpc"), Way("mesh", "http"), Way("envoyfilter", "grpc"), Way("envoyfilter", "http", "gateway")],
    "token": [Way("mesh", "grpc", "gateway"), Way("envoyfilter", "grpc")],
}


@dataclasses.dataclass
class Door:
    """One of the gateway's listeners."""

    way: Way
    port: int
    place: "IstioPlace"

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def options(self) -> list[str]:
        """Those of the command."""
        gateway = (
            ["--istio-gateway", self.gateway] if self.way.api == "istio"
            else ["--gateway", "kubeflow-gateway", "--ingress-namespace", "istio-system"])
        return ["--mode", self.place.mode, "--insert", self.way.insertion, "--check", self.way.check, *gateway]

    @property
    def gateway(self) -> str:
        return "kubeflow/kubeflow-gateway" if self.way.api == "istio" else "istio-system/kubeflow-gateway"

    @property
    def workload(self) -> objects.Workload:
        if self.way.api == "istio":
            return objects.Workload("istio-system", LABELS)
        labels = LABELS | {"gateway.networking.k8s.io/gateway-name": "kubeflow-gateway"}
        return objects.Workload("istio-system", labels, ("kubeflow-gateway",))

    def ask(self, target: str, headers=(PROGRAM,), as_user: str | None = None, **options) -> raw.RawResponse:
        """One request as it stands, with the cookie of a user's session where one is named."""
        cookie = [("cookie", f"{COOKIE}={self.place.session(as_user)}")] if as_user else []
        return raw.request(self.port, target, [*headers, *cookie], **options)
