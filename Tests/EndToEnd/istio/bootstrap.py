"""A whole Envoy around rendered listeners, and the mesh's mTLS."""
import pathlib

from istio import matchers

TLS = matchers.TYPE + "envoy.extensions.transport_sockets.tls.v3."


def bootstrap(clusters: dict[str, dict], listeners: pathlib.Path) -> dict:
    """An Envoy with these clusters. Its listeners are in a file, which it reads again when another takes the file's place: so it
    gets what istiod pushes."""
    return {
        "node": {"id": "istio", "cluster": "istio"},
        "dynamic_resources": {
            "lds_config": {"path_config_source": {"path": str(listeners)}, "resource_api_version": "V3"}},
        "static_resources": {"clusters": list(clusters.values())},
    }


def pushed(listeners: list[dict]) -> dict:
    """The content of that file."""
    return {"resources": [{"@type": matchers.TYPE + "envoy.config.listener.v3.Listener"} | entry for entry in listeners]}


def shows(certificate: pathlib.Path, key: pathlib.Path, authority: pathlib.Path) -> dict:
    """The transport socket of whoever connects within the mesh."""
    return {"name": "envoy.transport_sockets.tls", "typed_config": {
        "@type": TLS + "UpstreamTlsContext", "common_tls_context": _common(certificate, key, authority)}}


def asks(certificate: pathlib.Path, key: pathlib.Path, authority: pathlib.Path) -> dict:
    """The transport socket of a sidecar in STRICT mode."""
    return {"name": "envoy.transport_sockets.tls", "typed_config": {
        "@type": TLS + "DownstreamTlsContext", "require_client_certificate": True,
        "common_tls_context": _common(certificate, key, authority)}}


def _common(certificate: pathlib.Path, key: pathlib.Path, authority: pathlib.Path) -> dict:
    return {
        "tls_certificates": [{"certificate_chain": {"filename": str(certificate)}, "private_key": {"filename": str(key)}}],
        "validation_context": {"trusted_ca": {"filename": str(authority)}},
    }
