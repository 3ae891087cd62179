"""`gatehouse doctor --manifests` against a cluster's objects, sound but for one fault: it names the hole and how to close it."""
import copy
import json
import re
import subprocess

import pytest
import yaml

from support import paths
from support.ledger import LEDGER

HOST = "gatehouse.gatehouse.svc.cluster.local"
HEADERS = ["kubeflow-userid", "kubeflow-groups"]


def namespaced(kind: str, group: str, name: str, spec: dict, namespace: str = "istio-system") -> dict:
    return {"apiVersion": group, "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def cluster() -> dict:
    """A sound one, in header mode over gRPC, each object by a name of its own."""
    return {
        "mesh": {
            "extensionProviders": [
                {"name": "gatehouse", "envoyExtAuthzGrpc": {"service": HOST, "port": 9002, "timeout": "5s"}},
                {"name": "tracing", "opentelemetry": {"service": "otel", "port": 4317}},
            ],
            "pathNormalization": {"normalization": "DECODE_AND_MERGE_SLASHES"},
        },
        "policy": namespaced("AuthorizationPolicy", "security.istio.io/v1", "gatehouse", {
            "action": "CUSTOM", "provider": {"name": "gatehouse"}, "rules": [{}],
            "selector": {"matchLabels": {"app": "istio-ingressgateway"}},
        }),
        "tokens": namespaced("RequestAuthentication", "security.istio.io/v1", "assertion", {"jwtRules": [{
            "issuer": "https://apps.example.com", "jwksUri": f"http://{HOST}:9000/_gatehouse/jwks", "audiences": ["apps"],
            "fromHeaders": [{"name": "x-gatehouse-assertion"}],
        }]}),
        "service": namespaced("Service", "v1", "gatehouse", {"ports": [
            {"name": "grpc", "port": 9002, "targetPort": "grpc"}, {"name": "web", "port": 9000, "targetPort": 9000},
            {"name": "check-http", "port": 9001}]}, "gatehouse"),
        "deployment": namespaced("Deployment", "apps/v1", "gatehouse", {"replicas": 1, "template": {"spec": {"containers": [{
            "image": "registry.example.com/gatehouse:1", "ports": [{"name": "grpc", "containerPort": 9002}],
        }]}}}, "gatehouse"),
        "istiod": namespaced("Deployment", "apps/v1", "istiod", {"template": {"spec": {"containers": [
            {"env": [{"name": "PILOT_JWT_PUB_KEY_REFRESH_INTERVAL", "value": "20m0s"}]}]}}}),
        "route": namespaced("VirtualService", "networking.istio.io/v1", "gatehouse", {
            "hosts": ["*"], "gateways": ["kubeflow/kubeflow-gateway"], "http": [{
                "match": [{"uri": {"prefix": "/dex/"}}], "route": [{"destination": {"host": HOST, "port": {"number": 9000}}}],
            }],
        }, "gatehouse"),
    }


def ext_authz(operation: str, neighbour: str | None = None, **config) -> dict:
    """An EnvoyFilter that asks Gatehouse in place of the policy."""
    match = {"context": "GATEWAY"}
    if neighbour:
        match["listener"] = {"filterChain": {"filter": {
            "name": "envoy.filters.network.http_connection_manager", "subFilter": {"name": f"envoy.filters.http.{neighbour}"}}}}
    return namespaced("EnvoyFilter", "networking.istio.io/v1alpha3", "gatehouse", {"configPatches": [{
        "applyTo": "HTTP_FILTER", "match": match, "patch": {"operation": operation, "value": {
            "name": "envoy.filters.http.ext_authz", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
                "grpc_service": {"envoy_grpc": {"cluster_name": f"outbound|9002||{HOST}"}},
            } | config,
        }},
    }]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("cluster")
    for name in ("cookie.key", "client.secret"):
        (made / name).write_text("0123456789abcdef" * 4)
        (made / name).chmod(0o600)
    (made / "gatehouse.yaml").write_text(yaml.safe_dump({
        "listen": {"web": "0.0.0.0:9000", "checkHTTP": "0.0.0.0:9001", "checkGRPC": "0.0.0.0:9002"},
        "authService": {
            "publicURL": "https://apps.example.com", "secrets": [{"file": "cookie.key"}],
            "providers": [{"id": "local", "embedded": True, "clientID": "gatehouse"}],
            "identity": {"headers": dict(zip(HEADERS, ("email", "groups"))), "assertion": {
                "header": "x-gatehouse-assertion", "audience": "apps"}},
        },
        "provider": {
            "issuer": "https://apps.example.com/dex", "storedUsers": {},
            "clients": [{"id": "gatehouse", "secret": {"file": "client.secret"},
                         "redirectURIs": ["https://apps.example.com/_gatehouse/callback"]}],
        },
    }))
    return made


def ask(folder, objects: dict) -> list[dict]:
    """As a ConfigMap, several documents and a list, the way kubectl writes them."""
    objects = copy.deepcopy(objects)
    mesh = objects.pop("mesh", None)
    documents = [{"apiVersion": "v1", "kind": "List", "items": list(objects.values())}]
    if mesh is not None:
        documents.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio", "namespace": "istio-system"},
                          "data": {"mesh": yaml.safe_dump(mesh), "meshNetworks": "networks: {}"}})
    (folder / "objects").mkdir(exist_ok=True)
    (folder / "objects" / "all.yaml").write_text(yaml.safe_dump_all(documents))
    result = subprocess.run(
        [paths.GATEHOUSE, "doctor", "--json", "--config", folder / "gatehouse.yaml", "--manifests", folder / "objects"],
        capture_output=True, text=True, timeout=90)
    assert result.stdout, result.stderr
    return json.loads(result.stdout)["findings"]


OF_THE_CLUSTER = {
    "objects", "gateway asks", "mesh providers", "mesh services", "exemptions", "filter order", "identity headers",
    "path normalisation", "token keys", "key refresh", "routes", "other policies", "replicas"}


def cluster_findings(folder, objects: dict, outcome: str) -> list[tuple[str, str, str]]:
    return [
        (one["check"], one["found"], one.get("mend", "")) for one in ask(folder, objects)
        if one["outcome"] == outcome and one["check"] in OF_THE_CLUSTER]


def test_a_sound_cluster_has_no_failure(folder):
    findings = ask(folder, cluster())
    assert [one for one in findings if one["check"] in OF_THE_CLUSTER and one["outcome"] != "ok"] == []
    assert {one["check"] for one in findings} >= OF_THE_CLUSTER - {"filter order", "other policies", "replicas"}


def test_headers_made_of_our_own_assertion_are_sound(folder):
    objects = cluster()
    objects["tokens"]["spec"]["jwtRules"][0]["outputClaimToHeaders"] = [{"header": "kubeflow-userid", "claim": "email"}]
    assert cluster_findings(folder, objects, "failure") == []


def test_a_sound_filter_has_no_failure(folder):
    objects = cluster() | {"policy": ext_authz("INSERT_FIRST")}
    assert cluster_findings(folder, objects, "failure") == []


@pytest.mark.parametrize(("least", "most", "target"), [(1, 1, "gatehouse"), (2, 9, "dashboard")])
def test_an_autoscaler_of_one_replica_or_of_others_is_sound(folder, least, most, target):
    objects = cluster() | {"scaler": scaled(least, most, name=target)}
    assert cluster_findings(folder, objects, "failure") == []


def exempted_provider_path(objects):
    objects["policy"]["spec"]["rules"] = [{"to": [{"operation": {"notPaths": ["/dex/*"]}}]}]


def exempted_path(objects):
    objects["policy"]["spec"]["rules"] = [{"to": [{"operation": {"notPaths": ["/healthz"]}}]}]


def only_without_authorization(objects):
    objects["policy"]["spec"]["rules"] = [{"when": [{"key": "request.headers[authorization]", "notValues": ["*"]}]}]


def only_some_paths(objects):
    objects["policy"]["spec"]["rules"] = [{"to": [{"operation": {"paths": ["/app/*"]}}]}]


def narrow(**operation):
    def change(objects):
        objects["policy"]["spec"]["rules"] = [{"to": [{"operation": operation}]}]
    return change


def only_another_host(objects):
    narrow(hosts=["other.example.com", "*.example.org"])(objects)


def only_some_methods(objects):
    narrow(methods=["GET"], paths=["/*"])(objects)


def no_host_at_all(objects):
    narrow(notHosts=["*"])(objects)


def half_of_them(objects):
    objects["policy"] = ext_authz("INSERT_FIRST", filter_enabled={"default_value": {"numerator": 50, "denominator": "HUNDRED"}})


def some_of_them(objects):
    objects["policy"] = ext_authz("INSERT_FIRST", filter_enabled_metadata={"filter": "x", "path": [], "value": {}})


def filter_off(objects):
    objects["policy"] = ext_authz("INSERT_FIRST")
    objects["policy"]["spec"]["configPatches"][0]["patch"]["value"]["disabled"] = True


def other_patch(apply_to: str, patch: dict, sub_filter: str | None = None) -> dict:
    filters = {"listener": {"filterChain": {"filter": {"name": "hcm", "subFilter": {"name": sub_filter}}}}} if sub_filter else {}
    return namespaced("EnvoyFilter", "networking.istio.io/v1alpha3", "other", {
        "workloadSelector": {"labels": {"istio": "ingressgateway"}},
        "configPatches": [{"applyTo": apply_to, "match": {"context": "GATEWAY", **filters}, "patch": patch}]})


def route_off(objects):
    objects["other"] = other_patch("HTTP_ROUTE", {"operation": "MERGE", "value": {"typed_per_filter_config": {
        "envoy.filters.http.ext_authz": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute", "disabled": True}}}})


def filter_removed(objects):
    objects["other"] = other_patch("HTTP_FILTER", {"operation": "REMOVE"}, "envoy.filters.http.ext_authz")


def filter_of_sidecars(objects):
    objects["policy"] = ext_authz("INSERT_FIRST")
    objects["policy"]["spec"]["configPatches"][0]["match"]["context"] = "SIDECAR_INBOUND"


def stripped_elsewhere(objects):
    over_http(objects)
    objects["strip"] = stripping()
    objects["strip"]["spec"]["workloadSelector"] = {"labels": {"app": "dashboard"}}


def stripped_at_sidecars(objects):
    over_http(objects)
    objects["strip"] = stripping()
    objects["strip"]["spec"]["configPatches"][0]["match"] = {"context": "SIDECAR_INBOUND"}


def keys_outside(objects):
    objects["tokens"]["spec"]["jwtRules"][0]["jwksUri"] = "https://elsewhere.example.com/_gatehouse/jwks"


def keys_of_another_service(objects):
    objects["another"] = namespaced("Service", "v1", "another", {"ports": [{"port": 9000}]}, "gatehouse")
    objects["tokens"]["spec"]["jwtRules"][0]["jwksUri"] = "http://another.gatehouse.svc.cluster.local:9000/_gatehouse/jwks"


def no_rule(objects):
    del objects["policy"]["spec"]["rules"]


def no_policy(objects):
    del objects["policy"]


def no_provider(objects):
    objects["mesh"]["extensionProviders"][0]["name"] = "oauth2-proxy"


def wrong_service(objects):
    objects["mesh"]["extensionProviders"][0]["envoyExtAuthzGrpc"]["service"] = "gatehouse.auth.svc.cluster.local"


def wrong_port(objects):
    objects["mesh"]["extensionProviders"][0]["envoyExtAuthzGrpc"]["port"] = 8080


def port_of_another_dialect(objects):
    objects["mesh"]["extensionProviders"][0]["envoyExtAuthzGrpc"]["port"] = 9001


def fails_open(objects):
    objects["mesh"]["extensionProviders"][0]["envoyExtAuthzGrpc"]["failOpen"] = True


def behind_the_router(objects):
    objects["policy"] = ext_authz("INSERT_AFTER", "router")


def behind_tokens(objects):
    objects["policy"] = ext_authz("INSERT_BEFORE", "router")


def before_no_tokens(objects):
    objects["policy"] = ext_authz("INSERT_BEFORE", "jwt_authn")
    del objects["tokens"]


def filter_fails_open(objects):
    objects["policy"] = ext_authz("INSERT_FIRST", failure_mode_allow=True)


def both_modes(objects):
    objects["tokens"]["spec"]["jwtRules"].append({
        "issuer": "http://dex.auth.svc.cluster.local:5556/dex", "outputClaimToHeaders": [
            {"header": "Kubeflow-UserID", "claim": "email"}]})


def over_http(objects):
    objects["mesh"]["extensionProviders"][0] = {"name": "gatehouse", "envoyExtAuthzHttp": {
        "service": HOST, "port": 9001, "timeout": "5s", "pathPrefix": "/envoy",
        "includeRequestHeadersInCheck": ["authorization", "cookie"],
        "headersToUpstreamOnAllow": [*HEADERS, "x-gatehouse-assertion"]}}
    objects["route"]["spec"]["http"][0]["match"].append({"uri": {"prefix": "/_gatehouse/"}})


def http_without_cookies(objects):
    over_http(objects)
    objects["strip"] = stripping()
    objects["mesh"]["extensionProviders"][0]["envoyExtAuthzHttp"]["includeRequestHeadersInCheck"] = ["authorization"]


def http_without_headers(objects):
    over_http(objects)
    objects["strip"] = stripping()
    objects["mesh"]["extensionProviders"][0]["envoyExtAuthzHttp"]["headersToUpstreamOnAllow"] = ["authorization"]


def http_without_prefix(objects):
    over_http(objects)
    objects["strip"] = stripping()
    del objects["mesh"]["extensionProviders"][0]["envoyExtAuthzHttp"]["pathPrefix"]


def no_normalisation(objects):
    exempted_provider_path(objects)
    del objects["mesh"]["pathNormalization"]


def another_issuer(objects):
    objects["tokens"]["spec"]["jwtRules"][0]["issuer"] += "/"


def wrong_keys(objects):
    objects["tokens"]["spec"]["jwtRules"][0]["jwksUri"] = f"http://{HOST}:9000/dex/keys"


def keys_elsewhere(objects):
    objects["tokens"]["spec"]["jwtRules"][0]["jwksUri"] = "http://dex.auth.svc.cluster.local:5556/_gatehouse/jwks"


def no_keys(objects):
    del objects["tokens"]["spec"]["jwtRules"][0]["jwksUri"]


def another_header(objects):
    del objects["tokens"]["spec"]["jwtRules"][0]["fromHeaders"]


def another_audience(objects):
    objects["tokens"]["spec"]["jwtRules"][0]["audiences"] = ["others"]


def slow_keys(objects):
    env = objects["istiod"]["spec"]["template"]["spec"]["containers"][0]["env"]
    env[0]["value"] = "3h"


def no_route(objects):
    objects["route"]["spec"]["http"][0]["match"] = [{"uri": {"prefix": "/oauth2/"}}]


def route_elsewhere(objects):
    objects["route"]["spec"]["http"][0]["route"] = [{"destination": {"host": "dex.auth.svc.cluster.local"}}]


def another_sign_in(objects):
    objects["old"] = copy.deepcopy(objects["policy"])
    objects["old"]["metadata"]["name"] = "istio-ingressgateway-oauth2-proxy"
    objects["old"]["spec"]["provider"]["name"] = "oauth2-proxy"
    objects["mesh"]["extensionProviders"].append({"name": "oauth2-proxy", "envoyExtAuthzGrpc": {
        "service": HOST, "port": 9002, "timeout": "5s"}})


def demanded_tokens(objects):
    objects["tokens"]["spec"]["jwtRules"][0] = {
        "issuer": "http://dex.auth.svc.cluster.local:5556/dex", "jwksUri": "http://dex.auth.svc.cluster.local:5556/dex/keys"}
    objects["require"] = namespaced("AuthorizationPolicy", "security.istio.io/v1", "istio-ingressgateway-require-jwt", {
        "action": "DENY", "rules": [{"from": [{"source": {"notRequestPrincipals": ["*"]}}]}]})


def several_replicas(objects):
    objects["deployment"]["spec"]["replicas"] = 2


def scaled(least: int, most: int, **target) -> dict:
    return namespaced("HorizontalPodAutoscaler", "autoscaling/v2", "gatehouse", {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "gatehouse"} | target,
        "minReplicas": least, "maxReplicas": most}, "gatehouse")


def scaled_up(objects):
    objects["scaler"] = scaled(1, 5)


def scaled_from_two(objects):
    objects["scaler"] = scaled(2, 2)


def scaled_without_its_deployment(objects):
    objects["scaler"] = scaled(1, 5)
    del objects["deployment"]


def stripping() -> dict:
    return namespaced("EnvoyFilter", "networking.istio.io/v1alpha3", "strip", {"configPatches": [{
        "applyTo": "NETWORK_FILTER", "patch": {"operation": "MERGE", "value": {"typed_config": {
            "early_header_mutation_extensions": [{"name": "strip", "typed_config": {
                "mutations": [{"remove": name} for name in [*HEADERS, "x-gatehouse-assertion"]]}}]}}},
    }]})


FAULTS = [
    (exempted_provider_path, {"exemptions"}, "it exempts the provider's path `/dex/\\*`", "remove it from `notPaths`"),
    (exempted_path, {"exemptions"}, "it exempts the path `/healthz`", "`allow: anyone`"),
    (only_without_authorization, {"exemptions"}, "only about requests without an Authorization header", "`authService.bearer`"),
    (only_some_paths, {"exemptions"}, "it asks only where `paths` fits", "remove `paths`"),
    (only_another_host, {"exemptions"}, "so not about apps.example.com", "remove `hosts`"),
    (only_some_methods, {"exemptions"}, "it asks only where `methods` fits", "remove `methods`"),
    (no_host_at_all, {"exemptions"}, "it asks only where `notHosts` fits", "remove `notHosts`"),
    (half_of_them, {"exemptions"}, "`filter_enabled` is below 100 %", "remove it"),
    (some_of_them, {"exemptions"}, "`filter_enabled_metadata`", "remove it"),
    (filter_off, {"exemptions"}, "`disabled` is true", "remove it"),
    (route_off, {"exemptions"}, "turns the question off for routes", "`allow: anyone`"),
    (filter_removed, {"exemptions"}, "removes the filter that asks", "delete it"),
    (filter_of_sidecars, {"gateway asks"}, "nobody is asked", "manifests istio"),
    (no_rule, {"exemptions"}, "it has no rule", "every request"),
    (no_policy, {"gateway asks"}, "nobody is asked", "manifests istio"),
    (no_provider, {"mesh providers"}, "`gatehouse` is not among .*`oauth2-proxy`", "ConfigMap istio"),
    (wrong_service, {"mesh services"}, "service `gatehouse.auth.svc.cluster.local` is not there", "NAME.NAMESPACE"),
    (wrong_port, {"mesh services"}, r"its port 8080 is none of Service gatehouse/gatehouse \(9002, 9000, 9001\)", "over gRPC"),
    (port_of_another_dialect, {"mesh services"}, "leads to 9001, and the check over gRPC listens on 9002", "targetPort"),
    (fails_open, {"mesh services"}, "`failOpen` is true", "remove it"),
    (behind_the_router, {"filter order"}, "behind the router", "INSERT_FIRST"),
    (behind_tokens, {"filter order"}, "behind jwt_authn", "INSERT_FIRST"),
    (before_no_tokens, {"filter order"}, "not there without a RequestAuthentication", "INSERT_FIRST"),
    (filter_fails_open, {"mesh services"}, "`failure_mode_allow` is true", "remove it"),
    (both_modes, {"identity headers"}, "sets `kubeflow-userid` by another's token, which `identity` sets, too", "remove it"),
    (over_http, {"identity headers"}, "takes a client's own [a-z, -]*kubeflow-userid", "ask over gRPC"),
    (stripped_elsewhere, {"identity headers"}, "no EnvoyFilter for the gateway takes a client's own", "ask over gRPC"),
    (stripped_at_sidecars, {"identity headers"}, "no EnvoyFilter for the gateway takes a client's own", "ask over gRPC"),
    (http_without_cookies, {"mesh services"}, "lacks cookie", "add it"),
    (http_without_headers, {"mesh services"}, "lacks kubeflow-groups, kubeflow-userid", "every identity header"),
    (http_without_prefix, {"mesh services"}, "`pathPrefix` is not `/envoy`", "pathPrefix: /envoy"),
    (no_normalisation, {"path normalisation", "exemptions"}, "by BASE only", "DECODE_AND_MERGE_SLASHES"),
    (another_issuer, {"token keys"}, "it has a `/` at its end", "write `issuer: https://apps.example.com`"),
    (wrong_keys, {"token keys"}, "ends in `/dex/keys`", "/_gatehouse/jwks"),
    (keys_elsewhere, {"token keys"}, "service of `jwksUri` `dex.auth.svc.cluster.local` is not there", "Gatehouse's Service"),
    (keys_outside, {"token keys"}, "`elsewhere.example.com`, which is neither a public URL's host", "Gatehouse's Service"),
    (keys_of_another_service, {"token keys"}, "`another.gatehouse.svc.cluster.local` is not the one", "Gatehouse's Service"),
    (no_keys, {"token keys"}, "no `jwksUri`", "/_gatehouse/jwks"),
    (another_header, {"token keys"}, "does not look for the assertion in `x-gatehouse-assertion`", "fromHeaders"),
    (another_audience, {"token keys"}, "the assertion is for `apps`, which is none of its `audiences`", "add `apps`"),
    (slow_keys, {"key refresh"}, r"is 3h: .*published ahead \(2h\)", "publishAhead"),
    (no_route, {"routes"}, "no VirtualService leads to it", "prefix `/dex/`"),
    (route_elsewhere, {"routes"}, "leads it elsewhere", "prefix `/dex/`"),
    (another_sign_in, {"other policies"}, "another provider for the same gateway", "delete the policy"),
    (demanded_tokens, {"other policies"}, "everybody who has signed in gets 403", "add a RequestAuthentication"),
    (several_replicas, {"replicas"}, "it has 2 replicas, and `storage` is `sqlite`", "postgres"),
    (scaled_up, {"replicas"}, "it may make 5 replicas, and `storage` is `sqlite`", "delete the HorizontalPodAutoscaler"),
    (scaled_from_two, {"replicas"}, "it may make 2 replicas, and `storage` is `sqlite`", "postgres"),
    (scaled_without_its_deployment, {"replicas"}, "it may make 5 replicas, and `storage` is `sqlite`", "postgres"),
]


@pytest.mark.parametrize(("change", "checks", "found", "mend"), FAULTS, ids=[fault[0].__name__ for fault in FAULTS])
def test_it_names_the_hole_and_nothing_else(folder, change, checks, found, mend):
    objects = cluster()
    change(objects)
    failures = cluster_findings(folder, objects, "failure")
    assert any(check in checks and re.search(found, text) and mend in how for check, text, how in failures), failures
    assert {check for check, _, _ in failures} == checks


@pytest.mark.parametrize("operation", [
    {"paths": ["*"]}, {"paths": ["/*"]}, {"hosts": ["*"], "paths": ["/a", "/*"]}, {"methods": ["*"]}])
def test_what_takes_everything_is_no_exemption(folder, operation):
    objects = cluster()
    narrow(**operation)(objects)
    assert [one for one in ask(folder, objects) if one["check"] in OF_THE_CLUSTER and one["outcome"] != "ok"] == []


@pytest.mark.parametrize("hosts", [["apps.example.com"], ["*.example.com"], ["Apps.*"]])
def test_hosts_that_take_the_public_one_leave_others_out(folder, hosts):
    objects = cluster()
    narrow(hosts=hosts)(objects)
    assert cluster_findings(folder, objects, "failure") == []
    assert [check for check, text, _ in cluster_findings(folder, objects, "warning") if "by another name" in text] == ["exemptions"]


def gateway(selector: dict, namespace: str = "kubeflow") -> dict:
    return namespaced("Gateway", "networking.istio.io/v1", "kubeflow-gateway", {"selector": selector}, namespace)


def workload(labels: dict, namespace: str) -> dict:
    return namespaced("Deployment", "apps/v1", "ingress", {"template": {"metadata": {"labels": labels}}}, namespace)


def of_other_pods(objects):
    objects["policy"]["spec"]["selector"]["matchLabels"] = {"app": "dashboard"}


def in_another_namespace(objects):
    objects["policy"]["metadata"]["namespace"] = "kubeflow"


def filter_of_other_pods(objects):
    objects["policy"] = ext_authz("INSERT_FIRST")
    objects["policy"]["spec"]["workloadSelector"] = {"labels": {"app": "dashboard"}}


def of_another_target(objects):
    objects["policy"]["spec"].pop("selector")
    objects["policy"]["spec"]["targetRefs"] = [{"kind": "Gateway", "group": "gateway.networking.k8s.io", "name": "internal"}]


def of_another_gateway(objects):
    objects["gateway"] = gateway({"istio": "public"})


def beside_the_workload(objects):
    of_another_gateway(objects)
    objects["policy"]["spec"]["selector"]["matchLabels"] = {"istio": "public"}
    objects["policy"]["metadata"]["namespace"] = "kubeflow"
    objects["ingress"] = workload({"istio": "public"}, "ingress")


@pytest.mark.parametrize("change", [
    of_other_pods, in_another_namespace, filter_of_other_pods, of_another_target, of_another_gateway, beside_the_workload],
    ids=lambda change: change.__name__)
def test_a_question_at_other_pods_is_a_warning(folder, change):
    objects = cluster()
    change(objects)
    warned = [(text, mend) for check, text, mend in cluster_findings(folder, objects, "warning") if check == "gateway asks"]
    assert len(warned) == 1 and "nobody may be asked there" in warned[0][0] and "selector" in warned[0][1]


def test_a_question_at_the_gateways_own_pods_is_sound(folder):
    for labels, namespace, more in (
        ({"istio": "ingressgateway"}, "istio-system", {"gateway": gateway({"app": "istio-ingressgateway"})}),
        ({"app": "public"}, "ingress", {
            "gateway": gateway({"istio": "public"}), "ingress": workload({"app": "public", "istio": "public"}, "ingress")}),
    ):
        objects = cluster() | more
        objects["policy"]["spec"]["selector"]["matchLabels"] = labels
        objects["policy"]["metadata"]["namespace"] = namespace
        assert [one for one in ask(folder, objects) if one["check"] in OF_THE_CLUSTER and one["outcome"] != "ok"] == []


def test_foreign_names_cannot_write_to_the_terminal(folder):
    objects = cluster()
    objects["policy"]["metadata"]["name"] = "gate\x1b]0;owned\x07house"
    ask(folder, objects)
    result = subprocess.run(
        [paths.GATEHOUSE, "doctor", "--config", folder / "gatehouse.yaml", "--manifests", folder / "objects"],
        capture_output=True, text=True, timeout=90)
    assert "gate?]0;owned?house" in result.stdout and "\x1b" not in result.stdout


def test_what_is_no_yaml_is_told_without_its_text(folder, tmp_path):
    secret = LEDGER.add("c2VjcmV0LW9mLWEtY2x1c3Rlcg-of-the-doctor", "a cluster's secret in a broken file")
    (tmp_path / "broken.yaml").write_text(f"kind: Secret\ndata:\n  token: {secret}: @{secret}\n")
    result = subprocess.run(
        [paths.GATEHOUSE, "doctor", "--config", folder / "gatehouse.yaml", "--manifests", tmp_path],
        capture_output=True, text=True, timeout=90)
    assert result.returncode == 1 and "broken.yaml: not readable: line 3 is not YAML" in result.stderr
    assert secret not in result.stdout + result.stderr


def test_a_timeout_that_is_not_set_is_a_warning(folder):
    objects = cluster()
    del objects["mesh"]["extensionProviders"][0]["envoyExtAuthzGrpc"]["timeout"]
    assert any("up to 600 s" in text for _, text, _ in cluster_findings(folder, objects, "warning"))


def test_what_is_not_among_the_files_is_a_warning(folder):
    objects = cluster()
    for name in ("mesh", "service", "route"):
        del objects[name]
    assert cluster_findings(folder, objects, "failure") == []
    texts = " ".join(text for _, text, _ in cluster_findings(folder, objects, "warning"))
    assert "mesh's configuration is not among the files" in texts and "no VirtualService is among the files" in texts


def test_every_check_of_a_cluster_is_documented():
    table = (paths.ROOT / "docs" / "doctor.md").read_text().partition("## A cluster's objects")[2]
    assert set(re.findall(r"^\| `([a-z ]+)` \|", table, re.M)) == OF_THE_CLUSTER


def test_kubeflows_own_policy_is_understood(folder):
    """As the community distribution has it, with our provider in the place of oauth2-proxy."""
    objects = cluster()
    objects["policy"]["spec"]["rules"] = [{
        "to": [{"operation": {"notPaths": ["/dex/*", "/dex/**", "/oauth2/*"]}}],
        "when": [{"key": "request.headers[authorization]", "notValues": ["*"]}]}]
    texts = [text for check, text, _ in cluster_findings(folder, objects, "failure") if check == "exemptions"]
    assert len(texts) == 4


def test_manifests_that_are_not_there_are_named(folder):
    result = subprocess.run(
        [paths.GATEHOUSE, "doctor", "--config", folder / "gatehouse.yaml", "--manifests", folder / "nowhere"],
        capture_output=True, text=True, timeout=90)
    assert result.returncode == 1 and "no such file or folder" in result.stderr


@pytest.mark.parametrize("options", [
    "--mode header", "--mode token", "--check http", "--insert envoyfilter", "--insert envoyfilter --check http",
    "--insert envoyfilter --mode token", "--gateway web"])
def test_what_gatehouse_writes_for_istio_is_sound(folder, tmp_path, options):
    subprocess.run(
        [paths.GATEHOUSE, "manifests", "istio", "--config", folder / "gatehouse.yaml", "--replicas", "1", "--max-replicas", "1",
         "--out", tmp_path, *options.split()], capture_output=True, timeout=60, check=True)
    result = subprocess.run(
        [paths.GATEHOUSE, "doctor", "--json", "--config", folder / "gatehouse.yaml", "--manifests", tmp_path],
        capture_output=True, text=True, timeout=90)
    findings = [one for one in json.loads(result.stdout)["findings"] if one["check"] in OF_THE_CLUSTER]
    assert [one for one in findings if one["outcome"] != "ok"] == []
    assert {"objects", "gateway asks", "mesh services", "identity headers", "routes"} <= {one["check"] for one in findings}
