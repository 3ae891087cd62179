"""HTTPRoutes of the Gateway API as Envoy's routes."""
from istio.fields import Unknown, reading
from istio.objects import Object

GROUP = "gateway.networking.k8s.io"


def of(route: Object, gateway: str, registry, grants: list[Object]) -> list[tuple[str, list[dict]]]:
    """(host, routes) for the gateway (`namespace/name`), the longest paths first; nothing where the route is not attached to it."""
    with reading(route.spec, f"{route}.spec") as fields:
        parents = [_parent(value, route) for value in fields.take("parentRefs")]
        hosts = fields.strings("hostnames") or ["*"]
        found = [entry for rule in fields.take("rules") for entry in _rule(rule, route, registry, grants)]
    if gateway not in parents:
        return []
    ordered = sorted(found, key=lambda entry: -len(next(iter(entry["match"].values()))))
    return [(host, ordered) for host in hosts]


def _parent(value, route: Object) -> str:
    with reading(value, f"{route}.parentRefs") as fields:
        if fields.take("group", GROUP) != GROUP or fields.take("kind", "Gateway") != "Gateway":
            raise Unknown(f"{route}: a parent that is no Gateway")
        fields.take("sectionName", None)
        return f"{fields.take('namespace', route.namespace)}/{fields.take('name')}"


def _rule(rule, route: Object, registry, grants: list[Object]) -> list[dict]:
    with reading(rule, f"{route}.rules") as fields:
        fields.take("name", None)
        matches = [_match(value, route) for value in fields.take("matches", [{"path": {"type": "PathPrefix", "value": "/"}}])]
        (backend,) = fields.take("backendRefs")
        timeout = fields.take("timeouts", {})
    with reading(timeout, f"{route}.timeouts") as fields:
        action = {"cluster": _cluster(backend, route, registry, grants), "timeout": fields.take("request", "0s")}
    return [{"match": match, "route": action} for match in matches]


def _match(value, route: Object) -> dict:
    with reading(value, f"{route}.matches") as fields, reading(fields.take("path"), f"{route}.path") as path:
        kind, text = path.one_of("type", ("Exact", "PathPrefix"), "PathPrefix"), path.take("value")
    if kind == "Exact":
        return {"path": text}
    # `/dex` is /dex and all below it, but not /dexter.
    return {"prefix": "/"} if text == "/" else {"path_separated_prefix": text.rstrip("/")}


def _cluster(value, route: Object, registry, grants: list[Object]) -> str:
    with reading(value, f"{route}.backendRefs") as fields:
        fields.take("group", "")
        fields.take("kind", "Service")
        fields.take("weight", 1)
        namespace, name, port = fields.take("namespace", route.namespace), fields.take("name"), fields.take("port")
    if namespace != route.namespace and not any(_grants(grant, route, namespace, name) for grant in grants):
        raise Unknown(f"{route}: a backend in {namespace} needs a ReferenceGrant there")
    return registry.cluster(f"{name}.{namespace}.svc.cluster.local", port)


def _grants(grant: Object, route: Object, namespace: str, name: str) -> bool:
    with reading(grant.spec, f"{grant}.spec") as fields:
        sources, targets = fields.take("from"), fields.take("to")
    return (
        grant.namespace == namespace and {"group": GROUP, "kind": "HTTPRoute", "namespace": route.namespace} in sources
        and any(target in targets for target in ({"group": "", "kind": "Service"}, {"group": "", "kind": "Service", "name": name})))
