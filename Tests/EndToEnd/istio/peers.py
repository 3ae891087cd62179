"""PeerAuthentication: whether a workload hears those who show no identity of the mesh."""
from istio.fields import Unknown, reading
from istio.objects import Object

MODES = ("UNSET", "PERMISSIVE", "STRICT", "DISABLE")


def mode(objects: list[Object], port: int) -> str:
    """The most particular object counts: one with a selector, then its namespace's, then the mesh's. Without any, PERMISSIVE."""
    found = "PERMISSIVE"
    for entry in sorted(objects, key=_particularity):
        whole, ports = _read(entry)
        here = ports.get(port, "UNSET")
        found = next((value for value in (here, whole) if value != "UNSET"), found)
    return found


def _particularity(entry: Object) -> tuple[bool, bool]:
    return (bool(entry.selector), entry.namespace != "istio-system")


def _read(entry: Object) -> tuple[str, dict[int, str]]:
    with reading(entry.spec, f"{entry}.spec") as fields:
        whole = _mode(fields.take("mtls", {}), entry)
        ports = {int(port): _mode(value, entry) for port, value in fields.take("portLevelMtls", {}).items()}
    if ports and not entry.selector:
        raise Unknown(f"{entry}: modes of ports need a selector")
    return whole, ports


def _mode(value, entry: Object) -> str:
    with reading(value, f"{entry}.mtls") as fields:
        return fields.one_of("mode", MODES, "UNSET")
