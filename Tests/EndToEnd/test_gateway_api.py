"""`gatehouse manifests gateway-api` and `envoy-gateway`: every combination is taken by a cluster, closes, and exempts nothing."""
import concurrent.futures
import itertools

import pytest
import yaml

from support import manifests
from support.manifests import SECRETS, configuration, objects, secured, the, validate, written

CONFIGURATIONS = {
    "clear": (configuration(), []),
    "tls": (configuration(listen=secured()), ["--ca-configmap", "gatehouse-ca"]),
    "sqlite": (
        configuration(storage={"sqlite": {"path": "gatehouse.db"}}, listen={"checkGRPC": "0.0.0.0:9102"}), ["--replicas", 1]),
}
ASKING = {"grpc": [], "http": ["--check", "http"], "token": ["--mode", "token"]}
GATEWAYS = {"own": [], "other": ["--gateway", "gateways/public"]}
CLASSES = {"there": [], "written": ["--gateway-class", "eg", "--routes-from", "notebooks"]}
FURTHER = {"plain": [], "more": ["--trusted-hops", 1, "--service-monitor", "--secret", "there-already"]}


def combinations():
    parts = [CONFIGURATIONS, ASKING, GATEWAYS, CLASSES, FURTHER]
    for names in itertools.product(*parts):
        settings, options = CONFIGURATIONS[names[0]]
        yield names, "envoy-gateway", settings, [*options, *(o for part, name in zip(parts[1:], names[1:]) for o in part[name])]
    for name, (settings, options) in CONFIGURATIONS.items():
        for enforcer, check, kind in itertools.product(["istio", "envoy-gateway"], ["grpc", "http"], CLASSES):
            yield ((name, enforcer, check, kind), "gateway-api", settings,
                   [*options, "--enforced-by", enforcer, "--check", check, *CLASSES[kind]])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return manifests.prepare(tmp_path_factory.mktemp("gateway-api"))


@pytest.fixture(scope="module")
def made(folder):
    """The text of every combination, by its names."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        tasks = {names: pool.submit(written, folder, kind, settings, *options)
                 for names, kind, settings, options in combinations()}
        return {names: task.result() for names, task in tasks.items()}


@pytest.fixture(scope="module")
def of_envoy_gateway(made):
    return {names: objects(text) for names, text in made.items() if len(names) == 5}


def test_a_cluster_takes_every_combination(made, folder):
    assert validate(folder, [document for text in made.values() for document in objects(text)]) > 40


def test_the_whole_gateway_asks_and_is_closed_when_nobody_answers(of_envoy_gateway):
    for names, found in of_envoy_gateway.items():
        policy = the(found, "SecurityPolicy")  # one: another, on a route, would take this one's place there
        gateway = {"other": ("gateways", "public"), "own": ("gatehouse", "gatehouse")}[names[2]]
        assert policy["metadata"]["namespace"] == gateway[0], names
        assert policy["spec"]["targetRefs"] == [
            {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": gateway[1]}], names
        check = policy["spec"]["extAuth"]
        assert check["failOpen"] is False and check["statusOnError"] == 503 and check["timeout"] == "10s", names
        assert policy["spec"].get("jwt", {}).get("failOpen") is None, names


def test_the_check_goes_to_the_port_that_answers_it(of_envoy_gateway):
    for names, found in of_envoy_gateway.items():
        ports = {port["name"]: port["port"] for port in the(found, "Service")["spec"]["ports"]}
        check = the(found, "SecurityPolicy")["spec"]["extAuth"]
        way = "http" if names[1] == "http" else "grpc"
        assert {"grpc", "http"} & set(check) == {way}, names
        assert check[way]["backendRefs"] == [{"name": "gatehouse", "namespace": "gatehouse", "port": ports[way]}], names
        assert check[way].get("path") == ("/envoy" if way == "http" else None), names
        [rule] = the(found, "HTTPRoute")["spec"]["rules"]
        assert rule["backendRefs"] == [{"name": "gatehouse", "port": ports["web"]}], names


def test_policies_elsewhere_may_name_our_service(of_envoy_gateway):
    for names, found in of_envoy_gateway.items():
        grants = [document["spec"] for document in found if document["kind"] == "ReferenceGrant"]
        assert grants == ([] if names[2] == "own" else [{
            "from": [{"group": "gateway.envoyproxy.io", "kind": "SecurityPolicy", "namespace": "gateways"}],
            "to": [{"group": "", "kind": "Service", "name": "gatehouse"}]}]), names


def test_certificates_are_verified_where_there_are_some(made):
    for names, text in made.items():
        policies = [document["spec"] for document in objects(text) if document["kind"] == "BackendTLSPolicy"]
        assert len(policies) == (names[0] == "tls"), names
        for policy in policies:
            assert policy["validation"] == {
                "hostname": "gatehouse.gatehouse.svc.cluster.local",
                "caCertificateRefs": [{"group": "", "kind": "ConfigMap", "name": "gatehouse-ca"}]}, names
            way = "http" if "http" in names else "grpc"
            assert {target["sectionName"] for target in policy["targetRefs"]} == {"web", way}, names


# The lists agree with those of a plain Envoy, which are tried with all of Gatehouse's own tests.

def envoy(folder, check: str, hops: int) -> dict:
    """The connection manager of a plain Envoy for the same configuration."""
    text = written(folder, "envoy", configuration(), "--listen", f"{check}=0.0.0.0:8080", "--trusted-hops", hops)
    [listener] = yaml.safe_load(text)["static_resources"]["listeners"]
    return listener["filter_chains"][0]["filters"][0]["typed_config"]


@pytest.mark.parametrize(("further", "hops"), [("plain", 0), ("more", 1)])
def test_the_same_headers_are_taken_from_requests(of_envoy_gateway, folder, further, hops):
    early = envoy(folder, "grpc", hops)["early_header_mutation_extensions"][0]["typed_config"]["mutations"]
    names = [mutation["remove"] for mutation in early if "remove" in mutation]
    matches = [mutation["remove_on_match"]["key_matcher"] for mutation in early if "remove_on_match" in mutation]
    patterns = [("Prefix", match["prefix"]) if "prefix" in match else ("RegularExpression", match["safe_regex"]["regex"])
                for match in matches]
    assert {"kubeflow-userid", "x-gatehouse-assertion", "x-forwarded-user"} <= set(names)
    found = of_envoy_gateway["clear", "grpc", "own", "there", further]
    removed = the(found, "ClientTrafficPolicy")["spec"]["headers"]["earlyRequestHeaders"]
    assert removed["remove"] == names
    assert [(match["type"], match["value"]) for match in removed["removeOnMatch"]] == patterns


def test_the_same_headers_go_to_the_check_and_come_from_it_over_http(of_envoy_gateway, folder):
    [plain] = [part["typed_config"] for part in envoy(folder, "http", 0)["http_filters"]
               if part["name"] == "envoy.filters.http.ext_authz"]
    check = the(of_envoy_gateway["clear", "http", "own", "there", "plain"], "SecurityPolicy")["spec"]["extAuth"]
    taken = plain["http_service"]["authorization_response"]["allowed_upstream_headers"]["patterns"]
    assert check["http"]["headersToBackend"] == [pattern["exact"] for pattern in taken]
    told = plain["allowed_headers"]["patterns"]
    assert {pattern["exact"] for pattern in told if "exact" in pattern} <= set(check["headersToExtAuth"])
    prefixes = tuple(pattern["prefix"] for pattern in told if "prefix" in pattern)
    more = set(check["headersToExtAuth"]) - {pattern.get("exact") for pattern in told}
    assert more and all(name.startswith(prefixes) for name in more)


def test_the_same_paths_are_ours(of_envoy_gateway, folder):
    [host] = envoy(folder, "grpc", 0)["route_config"]["virtual_hosts"]
    ours = [route["match"]["path_separated_prefix"] for route in host["routes"]]
    assert {"/_gatehouse", "/dex", "/oauth2/callback"} <= set(ours)
    for names, found in of_envoy_gateway.items():
        [rule] = the(found, "HTTPRoute")["spec"]["rules"]
        assert [match["path"]["value"] for match in rule["matches"]] == ours, names


def test_paths_are_read_in_one_way(of_envoy_gateway):
    for names, found in of_envoy_gateway.items():
        policy = the(found, "ClientTrafficPolicy")["spec"]
        assert policy["path"] == {"escapedSlashesAction": "RejectRequest", "disableMergeSlashes": False}, names
        assert policy["headers"]["withUnderscoresAction"] == "DropHeader", names


def test_headers_come_from_the_answer_or_from_the_token_and_never_from_both(of_envoy_gateway):
    for names, found in of_envoy_gateway.items():
        spec = the(found, "SecurityPolicy")["spec"]
        if names[1] == "http":
            assert "jwt" not in spec, names
            continue
        [provider] = spec["jwt"]["providers"]
        assert provider["issuer"] == "https://apps.example.com" and provider["audiences"] == ["apps"], names
        assert provider["extractFrom"] == {"headers": [{"name": "x-gatehouse-assertion"}]}, names
        claims = {entry["header"]: entry["claim"] for entry in provider.get("claimToHeaders", [])}
        assert claims == (
            {"kubeflow-userid": "email", "x-auth-request-user": "preferred_username"} if names[1] == "token" else {}), names


def test_a_written_gateway_takes_routes_with_http_in_them_from_named_namespaces(of_envoy_gateway):
    for names, found in of_envoy_gateway.items():
        gateways = [document for document in found if document["kind"] == "Gateway"]
        assert len(gateways) == (names[3] == "written"), names
        for listener in (listener for gateway in gateways for listener in gateway["spec"]["listeners"]):
            assert {kind["kind"] for kind in listener["allowedRoutes"]["kinds"]} == {"HTTPRoute", "GRPCRoute"}
            [expression] = listener["allowedRoutes"]["namespaces"]["selector"]["matchExpressions"]
            assert set(expression["values"]) == {"gatehouse", "notebooks", *(["gateways"] if names[2] == "other" else [])}
            assert listener["protocol"] == "HTTPS" and listener["hostname"].endswith(".example.com")


def test_secrets_are_in_the_secret_alone(made):
    for names, text in made.items():
        assert not [value for value in SECRETS.values() if value in text], names
        kinds = {document["kind"] for document in objects(text)}
        assert ("Secret" in kinds) == ("more" not in names), names
        assert "GRPCRoute" not in kinds, names  # to the checks there is no route


# What cannot be said is refused.

ASSERTED = {"assertion": {"header": "x-gatehouse-assertion", "audience": "apps"}}
REFUSED = {
    "a proxy's secret": (configuration(listen={"proxySecret": {"file": "proxy.secret"}}), [], "`listen.proxySecret`"),
    "sessions in cookies over HTTP": (
        configuration(authService={"session": {"store": "cookie"}}), ["--check", "http"], "sessions in cookies"),
    "tokens over HTTP": (configuration(), ["--check", "http", "--mode", "token"], "no assertion is an empty one"),
    "tokens without an assertion": (
        configuration(authService={"identity": {"headers": {"kubeflow-userid": "email"}}}), ["--mode", "token"],
        "there is no `authService.identity.assertion`"),
    "a rule's header in token mode": (
        configuration(authService={"rules": [{"paths": ["/*"], "allow": "signedIn", "headers": {"kubeflow-userid": "sub"}}]}),
        ["--mode", "token"], "`authService.rules[0]` sets `kubeflow-userid`"),
    "TLS that nobody verifies": (configuration(listen=secured()), [], "give --ca-configmap"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_gateway_cannot_do_is_refused(name, folder):
    settings, options, says = REFUSED[name]
    made = manifests.manifests(folder, "envoy-gateway", settings, *options)
    assert made.returncode == 78 and says in made.stderr and not made.stdout, made.stderr


def deployed(found: list[dict]) -> dict:
    """`identity` as Gatehouse has it in the cluster."""
    return yaml.safe_load(the(found, "ConfigMap")["data"]["gatehouse.yaml"])["authService"]["identity"]


def test_in_token_mode_gatehouse_takes_the_headers_away_and_sets_none(of_envoy_gateway):
    for names, found in of_envoy_gateway.items():
        identity = deployed(found)
        if names[1] == "token":
            assert "headers" not in identity and {"kubeflow-userid", "x-auth-request-user"} <= set(identity["strip"]), names
        else:
            assert set(identity["headers"]) == {"kubeflow-userid", "x-auth-request-user"}, names


def test_a_list_is_no_header_of_a_token_and_nobody_else_sets_it(folder):
    settings = configuration(authService={"identity": {"headers": {"kubeflow-groups": "groups"}, **ASSERTED}})
    made = manifests.manifests(folder, "envoy-gateway", settings, "--mode", "token")
    assert made.returncode == 0 and "`kubeflow-groups` (groups) is no single claim" in made.stderr, made.stderr
    found = objects(made.stdout)
    assert deployed(found)["strip"] == ["kubeflow-groups"]
    assert "kubeflow-groups" in the(found, "ClientTrafficPolicy")["spec"]["headers"]["earlyRequestHeaders"]["remove"]
    assert "claimToHeaders" not in made.stdout


def test_a_gateway_that_is_there_may_have_policies_of_its_own(folder):
    found = manifests.manifests(folder, "envoy-gateway", configuration(), "--gateway", "gateways/public")
    assert "kubectl get securitypolicies,clienttrafficpolicies --namespace gateways`" in found.stderr, found.stderr
    ours = manifests.manifests(folder, "envoy-gateway", configuration(), "--gateway-class", "eg")
    assert ours.returncode == 0 and "securitypolicies" not in ours.stderr


def test_forms_are_not_kept_and_that_is_said(folder):
    made = manifests.manifests(folder, "envoy-gateway", configuration(authService={"signIn": {"keepPosts": "64KiB"}}))
    assert made.returncode == 0 and "`signIn.keepPosts` does nothing here" in made.stderr, made.stderr
    assert "bodyToExtAuth" not in made.stdout


@pytest.mark.parametrize(("namespace", "options"), [
    ("default", []), ("kube-public", []), ("envoy-gateway-system", []), ("gateways", ["--gateway", "gateways/public"])])
def test_a_namespace_of_others_is_neither_labelled_nor_deleted(namespace, options, folder):
    refused = manifests.manifests(folder, "envoy-gateway", configuration(), "--namespace", namespace, *options)
    assert refused.returncode == 2 and "--existing-namespace" in refused.stderr and not refused.stdout
    text = written(folder, "envoy-gateway", configuration(), "--namespace", namespace, "--existing-namespace", *options)
    assert "Namespace" not in {document["kind"] for document in objects(text)}


def test_gateway_api_alone_promises_no_check(folder):
    unsaid = manifests.manifests(folder, "gateway-api", configuration())
    assert unsaid.returncode == 2 and "--enforced-by" in unsaid.stderr
    said = manifests.manifests(folder, "gateway-api", configuration(), "--enforced-by", "istio")
    assert said.returncode == 0 and "nothing in these objects makes the Gateway ask Gatehouse" in said.stderr
    assert "manifests istio --gateway gatehouse --ingress-namespace gatehouse --existing-namespace`" in said.stderr
    assert not {"SecurityPolicy", "AuthorizationPolicy"} & {document["kind"] for document in objects(said.stdout)}
