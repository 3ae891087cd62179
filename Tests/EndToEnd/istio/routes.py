"""VirtualServices as Envoy's routes."""
from istio import httproutes
from istio.fields import Unknown, reading
from istio.objects import Object


def table(objects: list[Object], gateway: str, hosts: list[str], registry) -> dict:
    """The RouteConfiguration of one gateway (`namespace/name`), of VirtualServices, HTTPRoutes and the ReferenceGrants for these: all of
    a host together, one after the other, those for everything last. Where two of them lead the same path to different places, Istio
    promises no order: an error. A host of its own is a virtual host of its own, where nothing of `*` is reached."""
    grants = [entry for entry in objects if entry.kind == "ReferenceGrant"]
    found: dict[str, list[dict]] = {host: [] for host in hosts}
    for service in objects:
        for host, routes in _routes_of(service, gateway, registry, grants):
            if not any(_is_within(host, outer) for outer in hosts):
                raise Unknown(f"{service}: the host {host} is not the gateway's")
            found.setdefault(host, []).extend(routes)
    return {"name": "http", "virtual_hosts": [
        {"name": f"{host}:80", "domains": [host] if host == "*" else [host, f"{host}:*"], "routes": _ordered(routes)}
        for host, routes in found.items() if routes]}


def _routes_of(entry: Object, gateway: str, registry, grants: list[Object]) -> list[tuple[str, list[dict]]]:
    match entry.kind:
        case "VirtualService":
            return _of(entry, gateway, registry)
        case "HTTPRoute":
            return httproutes.of(entry, gateway, registry, grants)
    return []


def _is_within(host: str, outer: str) -> bool:
    return outer == "*" or host == outer or outer.startswith("*.") and host.endswith(outer[1:])


def _of(service: Object, gateway: str, registry) -> list[tuple[str, list[dict]]]:
    with reading(service.spec, f"{service}.spec") as fields:
        names = [name if "/" in name else f"{service.namespace}/{name}" for name in fields.strings("gateways")]
        hosts, rules = fields.strings("hosts"), fields.take("http")
        fields.take("exportTo", None)
    if gateway not in names:
        return []
    routes = [route for rule in rules for route in _routes(rule, service, registry)]
    return [(host, routes) for host in hosts]


def _routes(rule, service: Object, registry) -> list[dict]:
    with reading(rule, f"{service}.http") as fields:
        fields.take("name", None)
        matches = [_match(entry, f"{service}.match") for entry in fields.take("match", [{"uri": {"prefix": "/"}}])]
        (destination,) = fields.take("route")
        action = {"cluster": _cluster(destination, service, registry), "timeout": fields.take("timeout", "0s")}
        action["retry_policy"] = _retries(fields.take("retries", None), service)
        if (rewrite := fields.take("rewrite", None)) is not None:
            with reading(rewrite, f"{service}.rewrite") as part:
                action["prefix_rewrite"] = part.take("uri")
        headers = _headers(fields.take("headers", None), service)
    return [{"match": match, "route": action} | headers for match in matches]


def _retries(value, service: Object) -> dict:
    """Without a word, Istio tries twice more what has not been answered."""
    if value is None:
        return {"num_retries": 2, "retry_on": "connect-failure,refused-stream,unavailable,cancelled"}
    with reading(value, f"{service}.retries") as fields:
        return {
            "num_retries": fields.take("attempts"), "per_try_timeout": fields.take("perTryTimeout", "0s"),
            "retry_on": fields.take("retryOn", "connect-failure,refused-stream,unavailable,cancelled")}


def _match(entry, where: str) -> dict:
    with reading(entry, where) as fields, reading(fields.take("uri"), f"{where}.uri") as uri:
        return {"path": uri.take("exact")} if uri.has("exact") else {"prefix": uri.take("prefix")}


def _cluster(destination, service: Object, registry) -> str:
    with reading(destination, f"{service}.route") as fields:
        fields.take("weight", 100)
        with reading(fields.take("destination"), f"{service}.destination") as part:
            host = part.take("host")
            with reading(part.take("port"), f"{service}.port") as port:
                return registry.cluster(host if "." in host else f"{host}.{service.namespace}.svc.cluster.local", port.take("number"))


def _headers(value, service: Object) -> dict:
    """`headers.request` only: set replaces, remove takes away."""
    if value is None:
        return {}
    with reading(value, f"{service}.headers") as fields, reading(fields.take("request"), f"{service}.headers.request") as part:
        sets = [
            {"header": {"key": name, "value": text}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
            for name, text in part.take("set", {}).items()]
        return {"request_headers_to_add": sets, "request_headers_to_remove": part.strings("remove")}


def _ordered(routes: list[dict]) -> list[dict]:
    """As they came, but for the one that takes everything. An earlier, shorter prefix would hide a later one."""
    for index, route in enumerate(routes):
        hidden = [other for other in routes[:index] if _hides(other, route)]
        if hidden and hidden[0]["route"] != route["route"]:
            raise Unknown(f"{route['match']} is hidden by {hidden[0]['match']}")
    return sorted(routes, key=lambda route: route["match"] == {"prefix": "/"})


def _hides(other: dict, route: dict) -> bool:
    if other["match"] == {"prefix": "/"}:
        return route["match"] == {"prefix": "/"}
    (text,), ((kind, before),) = route["match"].values(), other["match"].items()
    if kind == "path":
        return text == before
    return text.startswith(before) if kind == "prefix" else f"{text}/".startswith(f"{before}/")
