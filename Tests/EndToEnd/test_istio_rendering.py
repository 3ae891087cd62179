"""What Istio makes of its objects, as far as we render it: the chain of filters in order, matchers, and nothing that goes unnoticed."""
import pathlib

import pytest
import yaml

from istio import listener, matchers, objects, routes
from istio.fields import Unknown
from istio.registry import Place, Registry

GATEWAY = objects.Workload("istio-system", {"istio": "ingressgateway"}, ("kubeflow-gateway",))
KEYS = '{"keys": []}'
CHECK = {"name": "check", "envoyExtAuthzGrpc": {"service": "auth/check.auth.svc.cluster.local", "port": 9002}}


def registry() -> Registry:
    return Registry({"check.auth.svc.cluster.local:9002": Place(9002, http2=True), "app.a.svc.cluster.local:80": Place(80)})


def document(kind: str, spec: dict, version: str = "security.istio.io/v1", **metadata) -> str:
    meta = {"name": "x", "namespace": "istio-system"} | metadata
    return yaml.safe_dump({"apiVersion": version, "kind": kind, "metadata": meta, "spec": spec})


def policy(**spec) -> str:
    return document("AuthorizationPolicy", spec)


def token(**rule) -> str:
    rule = {"issuer": "https://a", "jwks": KEYS} | rule
    return document("RequestAuthentication", {"jwtRules": [{name: value for name, value in rule.items() if value}]})


def patch(apply_to: str, operation: str, value: dict, before: str | None = None, **match) -> str:
    part = {"name": "envoy.filters.network.http_connection_manager"} | ({"subFilter": {"name": before}} if before else {})
    return document("EnvoyFilter", {"configPatches": [{
        "applyTo": apply_to, "match": {"context": "GATEWAY", "listener": {"filterChain": {"filter": part}}} | match,
        "patch": {"operation": operation, "value": value}}]}, "networking.istio.io/v1alpha3")


def manager(*documents: str, **config) -> dict:
    """The gateway's connection manager."""
    mesh = listener.Mesh(objects.read("---\n".join(documents)), config, registry())
    found = listener.gateway(mesh, GATEWAY, "kubeflow/kubeflow-gateway", ["*"], 8080)
    return found["filter_chains"][0]["filters"][0]["typed_config"]


def names(found: dict) -> list[str]:
    return [entry["name"].removeprefix("envoy.filters.http.") for entry in found["http_filters"]]


ASKED = policy(action="CUSTOM", provider={"name": "check"}, rules=[{}])
DENIED = policy(action="DENY", rules=[{"from": [{"source": {"notRequestPrincipals": ["*"]}}]}])


def test_the_filters_are_in_istios_order():
    found = manager(policy(rules=[{}]), DENIED, token(), ASKED, extensionProviders=[CHECK])
    assert names(found) == ["rbac", "ext_authz", "jwt_authn", "rbac", "rbac", "router"]
    shadow, check, _, deny, allow, _ = (entry["typed_config"] for entry in found["http_filters"])
    assert "rules" not in shadow and shadow["shadow_rules"]["action"] == "DENY"
    (name,) = shadow["shadow_rules"]["policies"]
    enabled = check["filter_enabled_metadata"]
    assert enabled["path"] == [{"key": shadow["shadow_rules_stat_prefix"] + "shadow_effective_policy_id"}]
    assert name.startswith(enabled["value"]["string_match"]["prefix"])
    assert deny["rules"]["action"] == "DENY" and allow["rules"]["action"] == "ALLOW"


def test_a_check_takes_ten_minutes_unless_told_otherwise():
    found = manager(ASKED, extensionProviders=[CHECK])["http_filters"][1]["typed_config"]
    assert found["grpc_service"]["timeout"] == "600s" and found["failure_mode_allow"] is False


@pytest.mark.parametrize("operation, before, expected", [
    ("INSERT_FIRST", None, ["mine", "jwt_authn", "router"]), ("INSERT_BEFORE", None, ["mine", "jwt_authn", "router"]),
    ("INSERT_BEFORE", "envoy.filters.http.router", ["jwt_authn", "mine", "router"]),
    ("INSERT_AFTER", "envoy.filters.http.jwt_authn", ["jwt_authn", "mine", "router"]),
])
def test_an_envoyfilter_inserts_where_it_says(operation, before, expected):
    assert names(manager(patch("HTTP_FILTER", operation, {"name": "mine"}, before), token())) == expected


def test_an_envoyfilter_changes_the_manager():
    kind = matchers.TYPE + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
    value = {"typed_config": {"@type": kind, "common_http_protocol_options": {"headers_with_underscores_action": "DROP_HEADER"}}}
    found = manager(patch("NETWORK_FILTER", "MERGE", value))
    assert found["common_http_protocol_options"] == {"headers_with_underscores_action": "DROP_HEADER"}
    assert found["use_remote_address"] is True


@pytest.mark.parametrize("spec, applies", [
    ({}, True), ({"selector": {"matchLabels": {"istio": "ingressgateway"}}}, True), ({"selector": {"matchLabels": {"app": "x"}}}, False),
    ({"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "kubeflow-gateway"}]}, True),
    ({"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "other"}]}, False),
])
def test_a_policy_is_where_it_says(spec, applies):
    assert names(manager(policy(rules=[{}], **spec))) == (["rbac", "router"] if applies else ["router"])


def test_a_policy_of_another_namespace_is_not_the_gateways():
    assert names(manager(document("AuthorizationPolicy", {"rules": [{}]}, namespace="alice"))) == ["router"]


@pytest.mark.parametrize("pattern, expected", [
    ("/x", {"url_path": {"path": {"exact": "/x"}}}), ("/x/*", {"url_path": {"path": {"prefix": "/x/"}}}),
    ("*/x", {"url_path": {"path": {"suffix": "/x"}}}), ("*", {"url_path": {"path": {"safe_regex": {"regex": ".+"}}}}),
    # As in Kubeflow's policies: no template, but a prefix that ends in a star.
    ("/dex/**", {"url_path": {"path": {"prefix": "/dex/*"}}}),
])
def test_paths(pattern, expected):
    assert matchers.path(pattern) == expected


def test_a_template():
    found = matchers.path("/a/{*}/b/{**}")["uri_template"]["typed_config"]
    assert found["path_template"] == "/a/*/b/**"


@pytest.mark.parametrize("normalization, expected", [
    (None, (True, None, "KEEP_UNCHANGED")), ("NONE", (False, None, "KEEP_UNCHANGED")), ("BASE", (True, None, "KEEP_UNCHANGED")),
    ("MERGE_SLASHES", (True, True, "KEEP_UNCHANGED")), ("DECODE_AND_MERGE_SLASHES", (True, True, "UNESCAPE_AND_FORWARD")),
])
def test_normalization(normalization, expected):
    config = {"pathNormalization": {"normalization": normalization}} if normalization else {}
    found = manager(**config)
    assert tuple(found.get(name) for name in ("normalize_path", "merge_slashes", "path_with_escaped_slashes_action")) == expected


def test_a_policy_without_rules_allows_nothing():
    (found, _) = manager(policy())["http_filters"]
    assert found["typed_config"]["rules"]["policies"]["ns[istio-system]-policy[x]-rule[0]"]["permissions"] == [
        {"not_rule": {"any": True}}]


def test_several_issuers_are_one_requirement():
    found = manager(token(), token(issuer="https://b"))["http_filters"][0]["typed_config"]
    alternatives = found["rules"][0]["requires"]["requires_any"]["requirements"]
    assert alternatives[:2] == [{"provider_name": "origins-0"}, {"provider_name": "origins-1"}]
    assert len(alternatives[2]["requires_all"]["requirements"]) == 2


SERVICE = {"gateways": ["kubeflow/kubeflow-gateway"], "hosts": ["*"]}


def service(prefix: str, host: str = "app.a.svc.cluster.local", **more) -> objects.Object:
    rule = {"match": [{"uri": {"prefix": prefix}}], "route": [{"destination": {"host": host, "port": {"number": 80}}}]} | more
    (found,) = objects.read(document("VirtualService", SERVICE | {"http": [rule]}, "networking.istio.io/v1"))
    return found


def test_the_route_for_everything_comes_last():
    found = routes.table([service("/"), service("/a/"), service("/b/")], "kubeflow/kubeflow-gateway", ["*"], registry())
    assert [route["match"]["prefix"] for route in found["virtual_hosts"][0]["routes"]] == ["/a/", "/b/", "/"]


def test_a_route_that_another_service_hides_is_an_error():
    places = Registry({f"{name}.a.svc.cluster.local:80": Place(80) for name in ("app", "other")})
    with pytest.raises(Unknown, match="hidden"):
        routes.table(
            [service("/a/"), service("/a/b/", "other.a.svc.cluster.local")], "kubeflow/kubeflow-gateway", ["*"], places)


def test_a_host_with_a_route_of_its_own_has_none_of_those_for_any():
    (own,) = objects.read(document(
        "VirtualService", service("/dex/").spec | {"hosts": ["kubeflow.example.com"]}, "networking.istio.io/v1"))
    found = routes.table([service("/"), own], "kubeflow/kubeflow-gateway", ["*"], registry())["virtual_hosts"]
    assert [(host["domains"], len(host["routes"])) for host in found] == [
        (["*"], 1), (["kubeflow.example.com", "kubeflow.example.com:*"], 1)]


def test_an_httproute():
    text = document("HTTPRoute", {
        "parentRefs": [{"name": "kubeflow-gateway", "namespace": "kubeflow"}],
        "rules": [{
            "matches": [{"path": {"value": "/"}}, {"path": {"value": "/dex/"}}, {"path": {"type": "Exact", "value": "/oauth2/callback"}}],
            "backendRefs": [{"name": "app", "port": 80}]}],
    }, "gateway.networking.k8s.io/v1", namespace="a")
    (host,) = routes.table(objects.read(text), "kubeflow/kubeflow-gateway", ["*"], registry())["virtual_hosts"]
    assert [route["match"] for route in host["routes"]] == [
        {"path": "/oauth2/callback"}, {"path_separated_prefix": "/dex"}, {"prefix": "/"}]
    assert {route["route"]["cluster"] for route in host["routes"]} == {"outbound|80||app.a.svc.cluster.local"}


UNKNOWN = {
    "a kind": document("Telemetry", {}, "telemetry.istio.io/v1"),
    "a version": document("AuthorizationPolicy", {}, "security.istio.io/v2"),
    "a field of a policy": policy(rules=[{}], priority=1),
    "an action": policy(action="AUDIT", rules=[{}]),
    "a field of a rule": policy(rules=[{"unless": []}]),
    "a field of a source": policy(rules=[{"from": [{"source": {"serviceAccounts": ["a"]}}]}]),
    "a field of an operation": policy(rules=[{"to": [{"operation": {"bodies": ["a"]}}]}]),
    "a condition": policy(rules=[{"when": [{"key": "request.auth.claims[a]", "values": ["b"]}]}]),
    "a dry run": document("AuthorizationPolicy", {"rules": [{}]}, annotations={"istio.io/dry-run": "true"}),
    "a request principal before jwt_authn": policy(
        action="CUSTOM", provider={"name": "check"}, rules=[{"from": [{"source": {"requestPrincipals": ["*"]}}]}]),
    "a provider that the mesh does not have": policy(action="CUSTOM", provider={"name": "other"}, rules=[{}]),
    "a field of a token's rule": token(cacheDuration="5m"),
    "a token's service that is not there": token(jwks=None, jwksUri="http://nowhere.a:80/keys"),
    "an insertion before what is not there": patch("HTTP_FILTER", "INSERT_BEFORE", {"name": "a"}, "envoy.filters.http.jwt_authn"),
    "an operation": patch("HTTP_FILTER", "REMOVE", {}, "envoy.filters.http.router"),
    "what is patched": patch("CLUSTER", "ADD", {}),
    "a patch's proxy": patch("HTTP_FILTER", "INSERT_FIRST", {"name": "a"}, proxy={"proxyVersion": "1"}),
    "a path template": policy(rules=[{"to": [{"operation": {"paths": ["/a/{id}"]}}]}]),
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not_known_is_an_error(text):
    with pytest.raises(Unknown):
        manager(text, extensionProviders=[CHECK])


@pytest.mark.parametrize("config", [
    {"defaultConfig": {}}, {"extensionProviders": [CHECK | {"zipkin": {}}]}, {"extensionProviders": [CHECK, CHECK]},
    {"extensionProviders": [{"name": "check", "envoyExtAuthzGrpc": CHECK["envoyExtAuthzGrpc"] | {"retries": 1}}]},
    {"extensionProviders": [{"name": "check", "envoyExtAuthzGrpc": {"service": "app.a.svc.cluster.local", "port": 80}}]},
    {"pathNormalization": {"normalization": "BASE", "more": 1}},
], ids=["a field", "a field of a provider", "a provider twice", "a field of a check", "gRPC to a port of HTTP", "a normalisation"])
def test_what_is_not_known_of_the_mesh_is_an_error(config):
    with pytest.raises(Unknown):
        manager(ASKED, **config)


def test_kubeflows_own_objects_are_known():
    text = (pathlib.Path(listener.__file__).parent / "kubeflow.yaml").read_text()
    assert {found.kind for found in objects.read(text)} == {"VirtualService", "AuthorizationPolicy"}
