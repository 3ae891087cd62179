"""The listener of a gateway or a sidecar, as pilot builds it from the objects that apply to the workload."""
import dataclasses

from istio import authentication, destinations, matchers, patches, peers, policies, providers, routes
from istio.fields import Unknown, reading
from istio.objects import Object, Workload
from istio.registry import Place, Registry

ROOT = "istio-system"
NORMALIZATION = {
    "NONE": {"normalize_path": False},
    "DEFAULT": {"normalize_path": True},
    "BASE": {"normalize_path": True},
    "MERGE_SLASHES": {"normalize_path": True, "merge_slashes": True},
    "DECODE_AND_MERGE_SLASHES": {
        "normalize_path": True, "merge_slashes": True, "path_with_escaped_slashes_action": "UNESCAPE_AND_FORWARD"},
}


@dataclasses.dataclass
class Mesh:
    """`objects` of the cluster, its mesh configuration (what the ConfigMap `istio` holds), and where its services are."""

    objects: list[Object]
    config: dict
    registry: Registry

    def __post_init__(self):
        with reading(self.config, "meshConfig") as fields:
            entries = fields.take("extensionProviders", [])
            self.providers = {entry["name"]: entry for entry in entries}
            if len(self.providers) != len(entries):
                raise Unknown("meshConfig: two providers of one name")
            with reading(fields.take("pathNormalization", {}), "meshConfig.pathNormalization") as part:
                self.normalization = NORMALIZATION[part.take("normalization", "DEFAULT")]
        for entry in self.objects:
            if entry.kind == "DestinationRule":
                destinations.apply(entry, self.registry.clusters)

    def of(self, kind: str, workload: Workload) -> list[Object]:
        return [entry for entry in self.objects if entry.kind == kind and entry.applies_to(workload, ROOT)]


def gateway(mesh: Mesh, workload: Workload, name: str, hosts: list[str], port: int, declared: int = 80) -> dict:
    """The listener of Istio's Gateway `name` (`namespace/name`) at a port of loopback, for which its objects say `declared`."""
    manager = _manager(mesh) | {
        "stat_prefix": f"outbound_0.0.0.0_{declared}", "use_remote_address": True, "forward_client_cert_details": "SANITIZE_SET",
        "set_current_client_cert_details": {"subject": True, "cert": True, "uri": True, "dns": True},
        "http_filters": _filters(mesh, workload, {declared: port}),
        "route_config": routes.table(
            [entry for entry in mesh.objects if entry.kind in ("VirtualService", "HTTPRoute", "ReferenceGrant")], name, hosts,
            mesh.registry),
    }
    patches.apply(manager, mesh.of("EnvoyFilter", workload), "GATEWAY", declared)
    return _listener(f"gateway-{port}", port, [_chain(manager)])


def sidecar(mesh: Mesh, workload: Workload, port: int, application: Place, declared: int, tls: dict) -> dict:
    """The inbound listener of an application, which for its pod listens at `declared`. `tls` is what mTLS shows and asks for;
    unless a PeerAuthentication is STRICT, those without an identity are heard too."""
    manager = _manager(mesh) | {
        "stat_prefix": f"inbound_0.0.0.0_{declared}", "use_remote_address": False, "forward_client_cert_details": "APPEND_FORWARD",
        "set_current_client_cert_details": {"subject": True, "uri": True, "dns": True},
        "http_filters": _filters(mesh, workload, {declared: port}),
        "route_config": {"name": f"inbound|{declared}||", "virtual_hosts": [{
            "name": "inbound|http", "domains": ["*"], "routes": [
                {"match": {"prefix": "/"}, "route": {"cluster": mesh.registry.local(application), "timeout": "0s"}}]}]},
    }
    patches.apply(manager, mesh.of("EnvoyFilter", workload), "SIDECAR_INBOUND", declared)
    mode = peers.mode(mesh.of("PeerAuthentication", workload), declared)
    return _listener(f"sidecar-{port}", port, [
        *([_chain(manager, "tls", tls)] if mode != "DISABLE" else []),
        *([_chain(manager, "raw_buffer")] if mode != "STRICT" else [])])


def _manager(mesh: Mesh) -> dict:
    return {
        "server_name": "istio-envoy", "stream_idle_timeout": "0s", "path_with_escaped_slashes_action": "KEEP_UNCHANGED",
        "upgrade_configs": [{"upgrade_type": "websocket"}],
    } | mesh.normalization


def _filters(mesh: Mesh, workload: Workload, ports: dict[int, int]) -> list[dict]:
    found = {"CUSTOM": [], "DENY": [], "ALLOW": []}
    for policy in mesh.of("AuthorizationPolicy", workload):
        action = policy.spec.get("action", "ALLOW")
        if action not in found:
            raise Unknown(f"{policy}: the action {action}")
        if (action == "CUSTOM") != ("provider" in policy.spec):
            raise Unknown(f"{policy}: a provider belongs to CUSTOM")
        found[action].append(policy)
    token = authentication.token_filter(mesh.of("RequestAuthentication", workload), mesh.registry.fetch)
    return [
        *_custom(mesh, found["CUSTOM"], ports), *([token] if token else []),
        *(_rbac({"rules": policies.rules(found[action], action, ports)}) for action in ("DENY", "ALLOW") if found[action]),
        {"name": "envoy.filters.http.router",
         "typed_config": {"@type": matchers.TYPE + "envoy.extensions.filters.http.router.v3.Router"}},
    ]


def _custom(mesh: Mesh, found: list[Object], ports: dict[int, int]) -> list[dict]:
    """Rules that only leave metadata (in its shadow, a DENY that denies nothing), then the check where they have matched."""
    names = sorted({policy.spec["provider"]["name"] for policy in found})
    if len(names) > 1:
        raise Unknown(f"several providers for one workload: {names}")
    if not names:
        return []
    if names[0] not in mesh.providers:
        raise Unknown(f"the mesh has no provider {names[0]}, so Istio would deny everything")
    shadow = policies.rules(found, "DENY", ports, provider=names[0])
    return [
        _rbac({"shadow_rules": shadow, "shadow_rules_stat_prefix": providers.SHADOW_PREFIX}),
        providers.check_filter(mesh.providers[names[0]], mesh.registry),
    ]


def _rbac(content: dict) -> dict:
    return {"name": providers.RBAC_FILTER, "typed_config": {"@type": policies.RBAC_TYPE} | content}


def _chain(manager: dict, transport: str | None = None, tls: dict | None = None) -> dict:
    kind = matchers.TYPE + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
    chain = {"filters": [{"name": patches.MANAGER, "typed_config": {"@type": kind} | manager}]}
    if transport:
        chain |= {"name": transport, "filter_chain_match": {"transport_protocol": transport}}
    return chain | ({"transport_socket": tls} if tls else {})


def _listener(name: str, port: int, chains: list[dict]) -> dict:
    kind = matchers.TYPE + "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"
    return {
        "name": name, "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
        "listener_filters": [{"name": "envoy.filters.listener.tls_inspector", "typed_config": {"@type": kind}}],
        "filter_chains": chains,
    }
