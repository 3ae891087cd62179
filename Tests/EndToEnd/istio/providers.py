"""`extensionProviders` of the mesh's configuration as ext_authz (`envoy.extensions.filters.http.ext_authz.v3`)."""
from istio import matchers
from istio.fields import Fields, Unknown, reading
from istio.policies import CUSTOM_PREFIX

RBAC_FILTER = "envoy.filters.http.rbac"
SHADOW_PREFIX = "istio_ext_authz_"
TYPE = matchers.TYPE + "envoy.extensions.filters.http.ext_authz.v3.ExtAuthz"


def check_filter(provider: dict, registry) -> dict:
    """The ext_authz filter of one entry, which runs where a CUSTOM policy of that provider has matched."""
    with reading(provider, f"extensionProviders {provider.get('name')}") as outer:
        name = outer.take("name")
        if outer.has("envoyExtAuthzGrpc"):
            with reading(outer.take("envoyExtAuthzGrpc"), f"{name}.envoyExtAuthzGrpc") as fields:
                config = _common(fields) | _grpc(fields, registry)
        else:
            with reading(outer.take("envoyExtAuthzHttp"), f"{name}.envoyExtAuthzHttp") as fields:
                config = _common(fields) | _http(fields, registry)
    return {"name": "envoy.filters.http.ext_authz", "typed_config": {"@type": TYPE} | config | {
        "transport_api_version": "V3",
        "filter_enabled_metadata": matchers.metadata(
            RBAC_FILTER, [SHADOW_PREFIX + "shadow_effective_policy_id"],
            {"string_match": {"prefix": f"{CUSTOM_PREFIX}-{name}-"}}),
    }}


def _common(fields: Fields) -> dict:
    config = {"failure_mode_allow": fields.take("failOpen", False)}
    if (status := fields.take("statusOnError", None)) is not None:
        config["status_on_error"] = {"code": int(status)}
    if fields.take("clearRouteCache", False):
        config["clear_route_cache"] = True
    if (body := fields.take("includeRequestBodyInCheck", None)) is not None:
        with reading(body, f"{fields.where}.includeRequestBodyInCheck") as part:
            config["with_request_body"] = {
                "max_request_bytes": part.take("maxRequestBytes"), "allow_partial_message": part.take("allowPartialMessage", False),
                "pack_as_bytes": part.take("packAsBytes", False)}
    return config


def _grpc(fields: Fields, registry) -> dict:
    host, port = fields.take("service"), fields.take("port")
    return {"grpc_service": {
        "envoy_grpc": {"cluster_name": registry.cluster(host, port, http2=True), "authority": _host(host)},
        "timeout": fields.take("timeout", "600s"),
    }}


def _http(fields: Fields, registry) -> dict:
    host, port = fields.take("service"), fields.take("port")
    service = {"server_uri": {
        "uri": f"http://{_host(host)}", "cluster": registry.cluster(host, port), "timeout": fields.take("timeout", "600s")}}
    if (prefix := fields.take("pathPrefix", "")):
        if not prefix.startswith("/"):
            raise Unknown(f"{fields.where}.pathPrefix: {prefix}")
        service["path_prefix"] = prefix
    added = fields.take("includeAdditionalHeadersInCheck", {})
    request = _present({
        "allowed_headers": matchers.headers_list(fields.strings("includeRequestHeadersInCheck")),
        "headers_to_add": [{"key": name, "value": added[name]} for name in sorted(added)] or None,
    })
    answer = _present({
        "allowed_upstream_headers": matchers.headers_list(fields.strings("headersToUpstreamOnAllow")),
        "allowed_client_headers": matchers.headers_list(fields.strings("headersToDownstreamOnDeny")),
        "allowed_client_headers_on_success": matchers.headers_list(fields.strings("headersToDownstreamOnAllow")),
    })
    return {"http_service": service | _present({"authorization_request": request, "authorization_response": answer})}


def _host(service: str) -> str:
    """A service can be named with its namespace in front: `auth/gatehouse.auth.svc.cluster.local`."""
    return service.rpartition("/")[2]


def _present(values: dict) -> dict:
    return {name: value for name, value in values.items() if value}
