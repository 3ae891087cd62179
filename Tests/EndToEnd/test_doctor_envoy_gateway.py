"""`gatehouse doctor --manifests` against the objects of an Envoy Gateway, sound but for one fault."""
import json
import re
import subprocess

import pytest

import test_doctor_cluster
from support import paths
from test_doctor_cluster import HEADERS, OF_THE_CLUSTER, ask, cluster_findings, namespaced

folder = test_doctor_cluster.folder
POLICIES = "gateway.envoyproxy.io/v1alpha1"
ROUTES = "gateway.networking.k8s.io/v1"


def on(name: str, kind: str = "Gateway", **further) -> dict:
    return {"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": kind, "name": name, **further}]}


def policy(name: str, spec: dict, namespace: str = "gateways", kind: str = "SecurityPolicy") -> dict:
    return namespaced(kind, POLICIES, name, spec, namespace)


def backend(port: int, **changes) -> dict:
    return {"backendRefs": [{"name": "gatehouse", "namespace": "gatehouse", "port": port} | changes]}


def route(name: str, namespace: str, path: str, gateway: str = "public") -> dict:
    return namespaced("HTTPRoute", ROUTES, name, {
        "parentRefs": [{"name": gateway, "namespace": "gateways"}], "rules": [{
            "matches": [{"path": {"type": "PathPrefix", "value": path}}], "backendRefs": [{"name": name, "port": 9000}]}],
    }, namespace)


def cluster() -> dict:
    """A sound one over gRPC: the Gateway in a namespace of its own, an application's route beside ours."""
    mesh = test_doctor_cluster.cluster()
    return {
        "service": mesh["service"], "deployment": mesh["deployment"],
        "gateway": namespaced("Gateway", ROUTES, "public", {"gatewayClassName": "eg"}, "gateways"),
        "policy": policy("gatehouse", on("public") | {"extAuth": {"failOpen": False, "grpc": backend(9002)}}),
        "grant": namespaced("ReferenceGrant", "gateway.networking.k8s.io/v1beta1", "gatehouse", {
            "from": [{"group": "gateway.envoyproxy.io", "kind": "SecurityPolicy", "namespace": "gateways"}],
            "to": [{"group": "", "kind": "Service", "name": "gatehouse"}]}, "gatehouse"),
        "route": route("gatehouse", "gatehouse", "/dex"),
        "shop": route("shop", "shop", "/"),
    }


def question(objects) -> dict:
    return objects["policy"]["spec"]["extAuth"]


def over_http(objects):
    objects["policy"]["spec"]["extAuth"] = {
        "headersToExtAuth": ["Cookie"], "http": backend(9001) | {
            "path": "/envoy", "headersToBackend": [*HEADERS, "x-gatehouse-assertion"]}}
    objects["route"]["spec"]["rules"][0]["matches"].append({"path": {"type": "PathPrefix", "value": "/_gatehouse"}})
    objects["traffic"] = policy("gatehouse", on("public") | {"headers": {"earlyRequestHeaders": {
        "remove": ["Kubeflow-UserID"], "removeOnMatch": [
            {"type": "Prefix", "value": "kubeflow-g"}, {"value": "x-gatehouse-assertion"}]}}}, kind="ClientTrafficPolicy")


def over_http_not_stripped(objects):
    over_http(objects)
    del objects["traffic"]


def over_http_stripped_elsewhere(objects):
    over_http(objects)
    objects["traffic"]["spec"] |= on("public", sectionName="internal")


def a_listener_without_stripping(objects):
    over_http(objects)
    objects["own"] = policy("timeouts", on("public", sectionName="https") | {"timeout": {}}, kind="ClientTrafficPolicy")


def fails_open(objects):
    question(objects)["failOpen"] = True


def of_no_service(objects):
    question(objects)["grpc"] = backend(9002, namespace="auth")


def of_no_port(objects):
    question(objects)["grpc"] = backend(8080)


def of_another_dialect(objects):
    question(objects)["grpc"] = backend(9001)


def of_nobody(objects):
    question(objects)["grpc"] = {}


def by_the_older_word(objects):
    question(objects)["grpc"] = {"backendRef": backend(9000)["backendRefs"][0]}


def of_no_gateway(objects):
    objects["policy"]["spec"] |= on("internal")


def away_from_the_gateway(objects):
    objects["policy"]["metadata"]["namespace"] = "gatehouse"


def of_no_route(objects):
    objects["policy"]["spec"] |= on("shop", "HTTPRoute")


def no_policy(objects):
    del objects["policy"]


def no_question(objects):
    del objects["policy"]["spec"]["extAuth"]


def no_grant(objects):
    del objects["grant"]


def grant_for_others(objects):
    objects["grant"]["spec"]["from"][0]["namespace"] = "shop"


def grant_of_another_service(objects):
    objects["grant"]["spec"]["to"][0]["name"] = "shop"


def without_cookies(objects):
    over_http(objects)
    question(objects)["headersToExtAuth"] = ["x-tenant"]


def without_a_list(objects):
    over_http(objects)
    del question(objects)["headersToExtAuth"]


def with_a_list_over_grpc(objects):
    question(objects)["headersToExtAuth"] = ["x-tenant", "Authorization"]


def without_path(objects):
    over_http(objects)
    del question(objects)["http"]["path"]


def without_headers(objects):
    over_http(objects)
    question(objects)["http"]["headersToBackend"] = ["kubeflow-userid"]


def route_with_its_own(objects):
    objects["own"] = policy("cors", on("shop", "HTTPRoute") | {"cors": {"allowOrigins": ["*"]}}, "shop")


def routes_with_their_own_by_label(objects):
    objects["shop"]["metadata"]["labels"] = {"team": "shop", "tier": "web"}
    selectors = [{"kind": "HTTPRoute", "matchLabels": {"team": "shop"}}]
    objects["own"] = policy("cors", {"targetSelectors": selectors, "cors": {}}, "shop")


def routes_with_their_own_by_expression(objects):
    objects["shop"]["metadata"]["labels"] = {"team": "shop"}
    selectors = [{"kind": "HTTPRoute", "matchExpressions": [
        {"key": "team", "operator": "In", "values": ["shop", "cart"]}, {"key": "tier", "operator": "DoesNotExist"}]}]
    objects["own"] = policy("cors", {"targetSelectors": selectors, "cors": {}}, "shop")


def listener_with_its_own(objects):
    objects["own"] = policy("cors", on("public", sectionName="https") | {"cors": {}})


def an_older_policy(objects):
    objects["own"] = policy("cors", on("public") | {"cors": {}})
    objects["own"]["metadata"]["creationTimestamp"] = "2025-01-01T00:00:00Z"
    objects["policy"]["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"


def an_older_question(objects):
    an_older_policy(objects)
    former = {"backendRefs": [{"name": "oauth2-proxy", "namespace": "gatehouse", "port": 9002}]}
    objects["own"]["spec"] = on("public") | {"extAuth": {"grpc": former}}
    objects["former"] = objects["service"] | {"metadata": objects["service"]["metadata"] | {"name": "oauth2-proxy"}}
    objects["grant"]["spec"]["to"].append({"group": "", "kind": "Service", "name": "oauth2-proxy"})


def a_merged_listener(objects):
    listener_with_its_own(objects)
    objects["own"]["spec"]["mergeType"] = "StrategicMerge"


def claims_of_others(objects):
    objects["policy"]["spec"]["jwt"] = {"providers": [{"name": "other", "issuer": "https://other.example.com", "claimToHeaders": [
        {"header": "Kubeflow-UserID", "claim": "email"}]}]}


def verifying(objects, **changes):
    """As `gatehouse manifests envoy-gateway` has it, but for one member."""
    objects["policy"]["spec"]["jwt"] = {"optional": True, "providers": [{
        "name": "gatehouse", "issuer": "https://apps.example.com", "audiences": ["apps"],
        "extractFrom": {"headers": [{"name": "X-Gatehouse-Assertion"}]},
        "remoteJWKS": {"uri": "http://gatehouse.gatehouse.svc.cluster.local:9000/_gatehouse/jwks"} | backend(9000),
    } | changes]}


def verified(objects):
    verifying(objects, claimToHeaders=[{"header": "kubeflow-userid", "claim": "email"}])


def another_issuer(objects):
    verifying(objects, issuer="https://apps.example.com/")


def another_place(objects):
    verifying(objects, extractFrom={"headers": [{"name": "Authorization"}]})


def another_audience(objects):
    verifying(objects, audiences=["others"])


def keys_of_another_path(objects):
    verifying(objects, remoteJWKS={"uri": "http://gatehouse.gatehouse.svc.cluster.local:9000/dex/keys"})


def keys_outside(objects):
    verifying(objects, remoteJWKS={"uri": "https://elsewhere.example.com/_gatehouse/jwks"})


def no_keys(objects):
    verifying(objects, remoteJWKS={})


def no_route(objects):
    objects["route"]["spec"]["rules"][0]["matches"][0]["path"]["value"] = "/other"


FAULTS = [
    (fails_open, "mesh services", "`failOpen` is true", "remove it"),
    (of_no_service, "mesh services", "its service `gatehouse.auth` is not there", "Gatehouse's Service"),
    (of_no_port, "mesh services", r"its port 8080 is none of Service gatehouse/gatehouse", "over gRPC"),
    (of_another_dialect, "mesh services", "leads to 9001, and the check over gRPC listens on 9002", "targetPort"),
    (by_the_older_word, "mesh services", "leads to 9000, and the check over gRPC listens on 9002", "targetPort"),
    (of_nobody, "mesh services", "names nobody to ask", "`backendRefs`"),
    (no_grant, "mesh services", "no ReferenceGrant in gatehouse lets SecurityPolicies of gateways name", "envoy-gateway"),
    (grant_for_others, "mesh services", "no ReferenceGrant in gatehouse lets", "envoy-gateway"),
    (grant_of_another_service, "mesh services", "no ReferenceGrant in gatehouse lets", "envoy-gateway"),
    (without_cookies, "mesh services", "`headersToExtAuth` lacks cookie: nobody is known", "add it"),
    (without_a_list, "mesh services", "`headersToExtAuth` lacks cookie: nobody is known", "add it"),
    (with_a_list_over_grpc, "mesh services", "`headersToExtAuth` lacks cookie: nobody is known", "remove the list"),
    (without_path, "mesh services", "`path` is not `/envoy`", "path: /envoy"),
    (without_headers, "mesh services", "`headersToBackend` lacks kubeflow-groups: applications get", "every identity header"),
    (of_no_gateway, "gateway asks", "Gateway gateways/internal, which it is for, is not among the files", "own namespace"),
    (away_from_the_gateway, "gateway asks", "Gateway gatehouse/public, which it is for, is not among", "own namespace"),
    (of_no_route, "gateway asks", "HTTPRoute gateways/shop, which it is for, is not among the files", "own namespace"),
    (no_policy, "gateway asks", "no SecurityPolicy with extAuth is there: nobody is asked", "manifests envoy-gateway"),
    (no_question, "gateway asks", "no SecurityPolicy with extAuth is there: nobody is asked", "manifests envoy-gateway"),
    (route_with_its_own, "exemptions", "the place of the Gateway's policy for HTTPRoute shop/shop", "mergeType"),
    (routes_with_their_own_by_label, "exemptions", "the Gateway's policy for HTTPRoute shop/shop", "mergeType"),
    (routes_with_their_own_by_expression, "exemptions", "the Gateway's policy for HTTPRoute shop/shop", "mergeType"),
    (a_merged_listener, "exemptions", r"for Gateway gateways/public \(section https\), and has nobody asked", "delete it"),
    (listener_with_its_own, "exemptions", r"for Gateway gateways/public \(section https\), and has nobody asked", "delete it"),
    (an_older_policy, "other policies", "SecurityPolicy gateways/cors is for Gateway gateways/public, too", "delete it"),
    (an_older_question, "other policies", "SecurityPolicy gateways/cors is for Gateway gateways/public, too", "delete it"),
    (a_listener_without_stripping, "identity headers", "own .*kubeflow-userid.* gets through", "earlyRequestHeaders"),
    (claims_of_others, "identity headers", "`claimToHeaders` sets `kubeflow-userid` by another's token", "remove it"),
    (over_http_not_stripped, "identity headers", "no ClientTrafficPolicy for the gateway takes", "earlyRequestHeaders"),
    (over_http_stripped_elsewhere, "identity headers", "no ClientTrafficPolicy for the gateway takes", "earlyRequestHeaders"),
    (another_issuer, "token keys", "it has a `/` at its end", "write `issuer: https://apps.example.com`"),
    (another_place, "token keys", "does not look for the assertion in `x-gatehouse-assertion`", "extractFrom"),
    (another_audience, "token keys", "the assertion is for `apps`, which is none of its `audiences`", "add `apps`"),
    (keys_of_another_path, "token keys", "`remoteJWKS.uri` ends in `/dex/keys`", "/_gatehouse/jwks"),
    (keys_outside, "token keys", "`remoteJWKS.uri` is at `elsewhere.example.com`", "Gatehouse's Service"),
    (no_keys, "token keys", "no `remoteJWKS.uri`", "/_gatehouse/jwks"),
    (no_route, "routes", "no HTTPRoute leads to it", "prefix `/dex/`"),
]


@pytest.mark.parametrize(("change", "check", "found", "mend"), FAULTS, ids=[fault[0].__name__ for fault in FAULTS])
def test_it_names_the_fault_and_nothing_else(folder, change, check, found, mend):
    objects = cluster()
    change(objects)
    [(by, text, how)] = cluster_findings(folder, objects, "failure")
    assert by == check and re.search(found, text) and mend in how, (by, text, how)


def test_the_documented_faults_are_told_so(folder):
    objects = cluster()
    fails_open(objects)
    route_with_its_own(objects)
    ask(folder, objects)
    result = subprocess.run(
        [paths.GATEHOUSE, "doctor", "--config", folder / "gatehouse.yaml", "--manifests", folder / "objects"],
        capture_output=True, text=True, timeout=90)
    documented = (paths.ROOT / "docs/doctor.md").read_text().partition("With [Envoy Gateway]")[2]
    lines = documented.partition("```text\n")[2].partition("```")[0].splitlines()
    assert len(lines) == 5 and set(lines) <= set(result.stdout.splitlines())


def beside_another_gateway(objects):
    objects["internal"] = namespaced("Gateway", ROUTES, "internal", {"gatewayClassName": "eg"}, "gateways")
    objects["shop"] = route("shop", "shop", "/", gateway="internal")
    objects["own"] = policy("cors", on("shop", "HTTPRoute") | {"cors": {}}, "shop")


def merged_with_the_gateways(objects):
    route_with_its_own(objects)
    objects["own"]["spec"]["mergeType"] = "StrategicMerge"


def selecting_others(objects):
    objects["shop"]["metadata"]["labels"] = {"team": "shop"}
    expressions = [{"key": "team", "operator": "Exists"}, {"key": "team", "operator": "NotIn", "values": ["shop"]}]
    selectors = [{"kind": "HTTPRoute", "matchExpressions": expressions}]
    objects["own"] = policy("cors", {"targetSelectors": selectors, "cors": {}}, "shop")


def a_second_question_of_ours(objects):
    objects["own"] = policy("copy", objects["policy"]["spec"])


def a_younger_policy(objects):
    an_older_policy(objects)
    objects["own"]["metadata"]["creationTimestamp"] = "2026-02-01T00:00:00Z"


def every_service_granted(objects):
    del objects["grant"]["spec"]["to"][0]["name"]


def with_both_headers_over_grpc(objects):
    question(objects)["headersToExtAuth"] = ["Cookie", "authorization", "x-forwarded-for"]


@pytest.mark.parametrize("change", [
    lambda objects: None, over_http, beside_another_gateway, merged_with_the_gateways, selecting_others,
    a_second_question_of_ours, a_younger_policy, every_service_granted,
    with_both_headers_over_grpc, verified], ids=lambda change: change.__name__)
def test_a_sound_gateway_has_no_fault(folder, change):
    objects = cluster()
    change(objects)
    findings = [one for one in ask(folder, objects) if one["check"] in OF_THE_CLUSTER]
    assert [one for one in findings if one["outcome"] != "ok"] == []
    assert {one["check"] for one in findings} - {"token keys"} == {
        "objects", "gateway asks", "mesh services", "exemptions", "identity headers", "routes"}


def only_one_route(objects):
    objects["policy"] = policy("gatehouse", on("gatehouse", "HTTPRoute") | {"extAuth": {"grpc": backend(9002)}}, "gatehouse")


def only_one_listener(objects):
    objects["policy"]["spec"] |= on("public", sectionName="https")


def another_gateway(objects):
    beside_another_gateway(objects)
    objects["policy"]["spec"] |= on("internal")


def a_second_gateway(objects):
    objects["internal"] = namespaced("Gateway", ROUTES, "internal", {"gatewayClassName": "eg"}, "gateways")
    objects["route"]["spec"]["parentRefs"].append({"name": "internal", "namespace": "gateways"})


def bodies(objects):
    question(objects)["bodyToExtAuth"] = {"maxRequestBytes": 4096}


def another_backend(objects):
    question(objects)["grpc"] = backend(9002, group="gateway.envoyproxy.io", kind="Backend")


@pytest.mark.parametrize(("change", "found"), [
    (only_one_route, "HTTPRoute gatehouse/gatehouse asked about, and no others"),
    (only_one_listener, r"Gateway gateways/public \(section https\) asked about, and no others"),
    (another_gateway, r"do not name the gateway of browsers \(gateway public in gateways\): nobody may be asked there"),
    (a_second_gateway, r"browsers may come through it as well, and no SecurityPolicy for the whole of it has anybody asked"),
    (bodies, r"refuses \(413\) what is longer than 4096 bytes"),
    (another_backend, "Backend gatehouse.gatehouse, and whether that is ours cannot be told"),
], ids=lambda value: getattr(value, "__name__", ""))
def test_what_deserves_a_look_is_a_warning(folder, change, found):
    objects = cluster()
    change(objects)
    assert cluster_findings(folder, objects, "failure") == []
    [(_, text, _)] = cluster_findings(folder, objects, "warning")
    assert re.search(found, text), text


@pytest.mark.parametrize("options", [
    "--gateway-class eg", "--gateway-class eg --check http", "--gateway-class eg --mode token", "--gateway gateways/public",
    "--gateway gateways/public --gateway-class eg --check http"])
def test_what_gatehouse_writes_for_envoy_gateway_is_sound(folder, tmp_path, options):
    subprocess.run(
        [paths.GATEHOUSE, "manifests", "envoy-gateway", "--config", folder / "gatehouse.yaml", "--replicas", "1", "--out", tmp_path,
         *options.split()], capture_output=True, timeout=60, check=True)
    result = subprocess.run(
        [paths.GATEHOUSE, "doctor", "--json", "--config", folder / "gatehouse.yaml", "--manifests", tmp_path],
        capture_output=True, text=True, timeout=90)
    findings = [one for one in json.loads(result.stdout)["findings"] if one["check"] in OF_THE_CLUSTER]
    assert [one for one in findings if one["outcome"] != "ok"] == []
    assert {"objects", "gateway asks", "mesh services", "exemptions", "identity headers", "routes"} <= {
        one["check"] for one in findings}
