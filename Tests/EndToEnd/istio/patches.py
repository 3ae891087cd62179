"""EnvoyFilter: what it changes in a connection manager, in the order in which pilot applies it."""
from istio import matchers
from istio.fields import Unknown, reading
from istio.objects import Object

MANAGER = "envoy.filters.network.http_connection_manager"
OPERATIONS = {"NETWORK_FILTER": ("MERGE",), "HTTP_FILTER": ("INSERT_FIRST", "INSERT_BEFORE", "INSERT_AFTER", "MERGE")}


def apply(manager: dict, objects: list[Object], context: str, port: int) -> None:
    """Patches of the connection manager come before those of its HTTP filters; each in the order of the objects.
    `context` is GATEWAY or SIDECAR_INBOUND."""
    patches = [patch for entry in objects for patch in _patches(entry, context, port)]
    for kind in OPERATIONS:
        for patch in patches:
            if patch["kind"] == kind:
                _network(manager, patch) if kind == "NETWORK_FILTER" else _http(manager["http_filters"], patch)


def _patches(entry: Object, context: str, port: int) -> list[dict]:
    with reading(entry.spec, f"{entry}.spec") as fields:
        fields.take("priority", 0)
        found = [_patch(value, f"{entry}.configPatches[{index}]") for index, value in enumerate(fields.take("configPatches"))]
    return [patch for patch in found if patch["context"] in (context, "ANY") and patch["port"] in (None, port)]


def _patch(value, where: str) -> dict:
    with reading(value, where) as fields:
        kind = fields.one_of("applyTo", tuple(OPERATIONS))
        match = _match(fields.take("match"), where)
        with reading(fields.take("patch"), f"{where}.patch") as patch:
            operation = patch.one_of("operation", OPERATIONS[kind])
            content = patch.take("value")
    return match | {"kind": kind, "operation": operation, "value": content, "where": where}


def _match(value, where: str) -> dict:
    with reading(value, f"{where}.match") as fields:
        context = fields.one_of("context", ("GATEWAY", "SIDECAR_INBOUND", "SIDECAR_OUTBOUND", "ANY"))
        with reading(fields.take("listener"), f"{where}.listener") as listener:
            port = listener.take("portNumber", None)
            with reading(listener.take("filterChain"), f"{where}.filterChain") as chain:
                with reading(chain.take("filter"), f"{where}.filter") as part:
                    part.expect("name", MANAGER)
                    before = part.take("subFilter", {}).get("name")
    return {"context": context, "port": port, "before": before}


def _network(manager: dict, patch: dict) -> None:
    with reading(patch["value"], patch["where"]) as fields:
        if fields.take("name", MANAGER) != MANAGER:
            raise Unknown(f"{patch['where']}: another name")
        merge(manager, _typed(fields, "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"))


def _typed(fields, kind: str) -> dict:
    config = dict(fields.take("typed_config", None) or fields.take("typedConfig"))
    if config.pop("@type", None) != matchers.TYPE + kind:
        raise Unknown(f"{fields.where}: a typed_config of another type")
    return config


def merge(target: dict, source: dict) -> None:
    """As protobuf merges: messages by field, lists one after the other, all else replaced."""
    for name, value in source.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            merge(target[name], value)
        elif isinstance(value, list):
            target[name] = target.get(name, []) + value
        else:
            target[name] = value


def _http(filters: list[dict], patch: dict) -> None:
    """What pilot would leave out without a word is an error here: nothing of ours may be missing unnoticed."""
    operation, names = patch["operation"], [entry["name"] for entry in filters]
    if operation == "INSERT_FIRST" or patch["before"] is None and operation == "INSERT_BEFORE":
        return filters.insert(0, patch["value"])
    if patch["before"] not in names:
        raise Unknown(f"{patch['where']}: there is no {patch['before']}, so Istio would insert nothing")
    place = names.index(patch["before"])
    if operation == "MERGE":
        return merge(filters[place], patch["value"])
    return filters.insert(place + (operation == "INSERT_AFTER"), patch["value"])
