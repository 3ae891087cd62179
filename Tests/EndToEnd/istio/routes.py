"""VirtualServices as Envoy's routes."""
from istio import httproutes
from istio.fields import Unknown, reading
from istio.objects import Object


def table(services: list[Object], gateway: str, hosts: list[str], registry) -> dict:
    """The RouteConfiguration of one gateway (`namespace/name`): the VirtualServices and HTTPRoutes of a host together, one after the
    other, those for everything last. Where two of them lead the same path to different places, Istio promises no order: an error."""
    found: dict[str, list[dict]] = {host: [] for host in hosts}
    for service in services:
        routes_of = httproutes.of if service.kind == "HTTPRoute" else _of
        for host, routes in routes_of(service, gateway, registry):
            if host not in found:
                raise Unknown(f"{service}: the host {host} is not the gateway's")
            found[host] += routes
    return {"name": "http", "virtual_hosts": [
        {"name": f"{host}:80", "domains": [host], "routes": _ordered(routes)} for host, routes in found.items()]}


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
        if (rewrite := fields.take("rewrite", None)) is not None:
            with reading(rewrite, f"{service}.rewrite") as part:
                action["prefix_rewrite"] = part.take("uri")
        headers = _headers(fields.take("headers", None), service)
    return [{"match": match, "route": action} | headers for match in matches]


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
