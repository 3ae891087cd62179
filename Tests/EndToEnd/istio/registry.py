"""The services of the cluster, each at a port of loopback, and Envoy's clusters for them."""
import dataclasses
import urllib.request

from istio import authentication, matchers
from istio.fields import Unknown

DOMAIN = ".svc.cluster.local"


@dataclasses.dataclass
class Place:
    """A port of a service: where it is on loopback, and how the mesh speaks to it."""

    port: int
    http2: bool = False
    # The transport socket of mTLS, where the service has a sidecar.
    tls: dict | None = None


def speaks_http2(port: dict) -> bool:
    """Istio takes the protocol from `appProtocol` or else from the name of a Service's port: HTTP/1 unless told otherwise."""
    said = port.get("appProtocol") or port.get("name", "").partition("-")[0]
    return said in ("grpc", "http2", "kubernetes.io/h2c")


class Registry:
    """`places` by `service.namespace.svc.cluster.local:port`. As in Istio there is a cluster for each of them."""

    def __init__(self, places: dict[str, Place]):
        self.places = places
        self.clusters = {}
        for key, place in places.items():
            host, _, port = key.rpartition(":")
            self._add(f"outbound|{port}||{host}", place)

    def cluster(self, service: str, port: int, http2: bool = False) -> str:
        """The name of a service's cluster. `namespace/host` is allowed for a host, as in extensionProviders."""
        host = _full(service.rpartition("/")[2])
        place = self._place(host, port)
        if http2 and not place.http2:
            raise Unknown(f"{host}:{port} is asked over gRPC, but its Service does not say so, so Istio would speak HTTP/1")
        return f"outbound|{port}||{host}"

    def local(self, place: Place) -> str:
        """An application, as its own sidecar reaches it."""
        return self._add(f"inbound|{place.port}||", place)

    def fetch(self, url: str) -> str:
        """What istiod gets from a service: OSError when it is away."""
        host, port = authentication.host_and_port(url)
        place = self._place(_full(host), port)
        with urllib.request.urlopen(f"http://127.0.0.1:{place.port}/{url.split('/', 3)[3]}", timeout=10) as response:
            return response.read().decode()

    def _place(self, host: str, port: int) -> Place:
        if f"{host}:{port}" not in self.places:
            raise Unknown(f"no service {host}:{port}")
        return self.places[f"{host}:{port}"]

    def _add(self, name: str, place: Place) -> str:
        cluster = {
            "name": name, "type": "STATIC", "connect_timeout": "10s",
            "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {
                "socket_address": {"address": "127.0.0.1", "port_value": place.port}}}}]}]},
        }
        if place.http2:
            cluster["typed_extension_protocol_options"] = {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": matchers.TYPE + "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                "explicit_http_config": {"http2_protocol_options": {}}}}
        if place.tls:
            cluster["transport_socket"] = place.tls
        self.clusters[name] = cluster
        return name


def _full(host: str) -> str:
    """A service may be named in several ways that the cluster's DNS knows."""
    return host if host.endswith(DOMAIN) else host.removesuffix(".svc") + DOMAIN
