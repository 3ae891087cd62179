"""`gatehouse manifests istio`: every combination is taken by a cluster, asks about everything, and keeps secrets secret."""
import base64
import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest
import yaml

from support import manifests, paths
from support.ledger import LEDGER
from support.manifests import SECRETS, configuration, objects, secured, the, validate, written

INLINE = {
    "clients": [{
        "id": "gatehouse", "secret": "written-into-the-file-itself", "redirectURIs": [
            f"https://{host}.example.com/oauth2/callback" for host in ("apps", "admin")]}],
    "users": [{"email": "ada@example.com", "hash": "$2b$10$1x0OVZ3KF/z6GUh6/XJSFuHim3oFwdrq0KlJdt4k920Qfda/E8Dk."}],
}
CONFIGURATIONS = {
    "clear": (configuration(provider={"issuer": "https://apps.example.com/dex"} | INLINE), []),
    "tls": (configuration(listen=secured() | {"admin": "0.0.0.0:9003"}), ["--no-sidecar"]),
    "sqlite": (
        configuration(
            storage={"sqlite": {"path": "gatehouse.db"}}, listen={"checkGRPC": "0.0.0.0:9102"},
            authService={"signIn": {"keepPosts": "64KiB"}}),
        ["--replicas", 1]),
}
ASKING = {"grpc": [], "http": ["--check", "http"], "token": ["--mode", "token"]}
INSERTIONS = {"mesh": [], "filter": ["--insert", "envoyfilter"]}
GATEWAYS = {
    "usual": [],
    "labels": ["--ingress-namespace", "edge", "--ingress-label", "app=edge", "--istio-gateway", "edge/public"],
    "api": ["--ingress-namespace", "edge", "--gateway", "public"],
}
FURTHER = {"plain": [], "more": ["--trusted-hops", 1, "--service-monitor", "--secret", "there-already", "--namespace", "login"]}
ALL = list(itertools.product(CONFIGURATIONS, ASKING, INSERTIONS, GATEWAYS, FURTHER))


class Made:
    """What was written for one combination."""

    def __init__(self, folder: pathlib.Path, names: tuple):
        self.settings, own = CONFIGURATIONS[names[0]]
        _, self.asking, self.insertion, self.gateway, self.further = names
        self.store = names[0]
        parts = [ASKING[self.asking], INSERTIONS[self.insertion], GATEWAYS[self.gateway], FURTHER[self.further]]
        self.text = written(folder, "istio", self.settings, *own, *itertools.chain(*parts))
        self.objects = objects(self.text)
        comment = [line[4:] for line in self.text.splitlines() if line.startswith("#   ")]
        self.mesh = (yaml.safe_load("\n".join(comment)) or {}).get("meshConfig")

    def named(self, kind: str) -> dict[str, dict]:
        return {found["metadata"]["name"]: found for found in self.objects if found["kind"] == kind}

    def at_gateway(self) -> dict[str, dict]:
        """The policies but the one of Gatehouse's own pods."""
        return {name: policy for name, policy in self.named("AuthorizationPolicy").items() if name != "gatehouse"}

    @property
    def pod(self) -> dict:
        return the(self.objects, "Deployment")["spec"]["template"]

    @property
    def host(self) -> str:
        return f"gatehouse.{the(self.objects, 'Deployment')['metadata']['namespace']}.svc.cluster.local"

    def port(self, name: str) -> int:
        [port] = [port for port in the(self.objects, "Service")["spec"]["ports"] if port["name"] == name]
        return port["port"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return manifests.prepare(tmp_path_factory.mktemp("istio"))


@pytest.fixture(scope="module")
def everything(folder) -> list[Made]:
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda names: Made(folder, names), ALL))


def test_a_cluster_takes_every_object(everything, folder):
    assert validate(folder, [found for made in everything for found in made.objects]) > 60


# What asks, and what nothing gets past.

def test_every_request_is_asked_about(everything):
    for made in everything:
        policies = made.at_gateway()
        for policy in policies.values():
            text = json.dumps(policy)
            assert "aths" not in text and '"to"' not in text and "osts" not in text, text
        if made.insertion == "mesh":
            spec = policies["gatehouse-check"]["spec"]
            assert (spec["action"], spec["provider"], spec["rules"]) == ("CUSTOM", {"name": "gatehouse"}, [{}])
        else:
            assert "gatehouse-check" not in policies and made.mesh is None
            [patch] = made.named("EnvoyFilter")["gatehouse-check"]["spec"]["configPatches"]
            assert patch["patch"]["operation"] == "INSERT_FIRST" and patch["match"]["context"] == "GATEWAY"
            assert patch["patch"]["value"]["typed_config"]["failure_mode_allow"] is False


def test_behind_the_check_is_a_second_lock(everything):
    for made in everything:
        denied = {name: policy["spec"]["rules"] for name, policy in made.at_gateway().items()
                  if policy["spec"]["action"] == "DENY"}
        mark = "request.headers[kubeflow-userid]" if made.asking == "http" else "experimental.envoy.filters.http.ext_authz[rule]"
        assert denied.pop("gatehouse-require-check") == [{"when": [{"key": mark, "notValues": ["*"]}]}]
        assert set(denied) == ({"gatehouse-require-assertion"} if made.asking == "token" else set())
        for [rule] in denied.values():
            assert rule["from"] == [{"source": {"notRequestPrincipals": ["https://apps.example.com/*"]}}]
            assert rule["when"] == [{"key": "experimental.envoy.filters.http.ext_authz[user]", "values": ["*"]}]


@pytest.mark.parametrize(("identity", "mark"), [
    ({"authorization": "idToken", "accessTokenHeader": "x-access-token"}, "x-access-token"), ({"authorization": "idToken"}, None)])
def test_a_header_that_clients_send_themselves_is_no_lock(folder, identity, mark):
    settings = configuration(authService={"identity": identity})
    made = manifests.manifests(folder, "istio", settings, "--check", "http")
    assert made.returncode == 0, made.stderr
    locks = [found["spec"]["rules"] for found in objects(made.stdout) if found["metadata"]["name"] == "gatehouse-require-check"]
    assert locks == ([[{"when": [{"key": f"request.headers[{mark}]", "notValues": ["*"]}]}]] if mark else [])
    assert ("there is no second lock" in made.stderr) == (mark is None)


def test_everything_is_attached_to_the_gateway(everything):
    labels = {"usual": {"istio": "ingressgateway"}, "labels": {"app": "edge"},
              "api": {"gateway.networking.k8s.io/gateway-name": "public"}}
    target = [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "public"}]
    for made in everything:
        own = made.named("AuthorizationPolicy").get("gatehouse")
        for found in made.objects:
            spec = found.get("spec", {})
            if found is own:
                continue
            if found["kind"] in ("AuthorizationPolicy", "RequestAuthentication"):
                if made.gateway == "api":
                    assert spec["targetRefs"] == target and "selector" not in spec
                else:
                    assert spec["selector"] == {"matchLabels": labels[made.gateway]} and "targetRefs" not in spec
            if found["kind"] == "EnvoyFilter":
                assert spec["workloadSelector"] == {"labels": labels[made.gateway]}
            if found["apiVersion"].split("/")[0] == "security.istio.io" and found["kind"] != "PeerAuthentication":
                assert found["metadata"]["namespace"] == ("istio-system" if made.gateway == "usual" else "edge")


def test_the_mesh_closes_when_nobody_answers(everything):
    for made in [made for made in everything if made.insertion == "mesh"]:
        assert made.mesh["pathNormalization"] == {"normalization": "DECODE_AND_MERGE_SLASHES"}
        [provider] = made.mesh["extensionProviders"]
        asked = provider["envoyExtAuthzHttp" if made.asking == "http" else "envoyExtAuthzGrpc"]
        assert (asked["failOpen"], asked["statusOnError"], asked["timeout"]) == (False, "503", "10s")
        assert (asked["service"], asked["port"]) == (made.host, made.port("http" if made.asking == "http" else "grpc"))
        assert ("includeRequestBodyInCheck" in asked) == (made.store == "sqlite")


def test_headers_are_told_in_one_way_only(everything):
    for made in everything:
        told = yaml.safe_load(the(made.objects, "ConfigMap")["data"]["gatehouse.yaml"])["authService"]["identity"]
        if made.asking == "token":
            assert "headers" not in told and {"kubeflow-userid", "x-auth-request-user"} <= set(told["strip"])
            [rule] = the(made.objects, "RequestAuthentication")["spec"]["jwtRules"]
            assert {entry["header"]: entry["claim"] for entry in rule["outputClaimToHeaders"]} == {
                "kubeflow-userid": "email", "x-auth-request-user": "preferred_username"}
            assert rule["issuer"] == "https://apps.example.com" and rule["audiences"] == ["apps"]
            scheme = "https" if made.store == "tls" else "http"
            assert rule["jwksUri"] == f"{scheme}://{made.host}:{made.port('web')}/_gatehouse/jwks"
            assert rule["fromHeaders"] == [{"name": "x-gatehouse-assertion"}] and rule["forwardOriginalToken"]
        else:
            assert told["headers"] and "outputClaimToHeaders" not in made.text and not made.named("RequestAuthentication")


def filters(folder, settings: dict, mode: str, *options) -> tuple[dict, dict]:
    """The connection manager of a plain Envoy, and its check."""
    secured_by = ["--gatehouse-ca", "ca.crt"] if "tls" in json.dumps(settings["storage"] | settings.get("listen", {})) else []
    text = written(folder, "envoy", settings, "--listen", f"{mode}=127.0.0.1:1", *secured_by, *options)
    [listener] = yaml.safe_load(text)["static_resources"]["listeners"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    return manager, manager["http_filters"][0]["typed_config"]


def test_header_lists_are_those_of_a_plain_envoy(everything, folder):
    plain = {}
    for made in everything:
        mode = "http" if made.asking == "http" else "grpc"
        hops = ["--trusted-hops", 1] if made.further == "more" else []
        key = (made.store, mode, made.further)
        if key not in plain:
            plain[key] = filters(folder, made.settings, mode, *hops)
        manager, check = plain[key]
        [patch] = made.named("EnvoyFilter")["gatehouse-headers"]["spec"]["configPatches"]
        assert patch["patch"]["operation"] == "MERGE" and patch["applyTo"] == "NETWORK_FILTER"
        config = patch["patch"]["value"]["typed_config"]
        assert config["early_header_mutation_extensions"] == manager["early_header_mutation_extensions"]
        assert config.get("path_with_escaped_slashes_action") == (
            "UNESCAPE_AND_FORWARD" if made.insertion == "filter" else None)
        if mode == "http" and made.mesh:
            asked = made.mesh["extensionProviders"][0]["envoyExtAuthzHttp"]
            patterns = [*check["allowed_headers"]["patterns"]]
            told = [next(iter(p.values())) + ("*" if "prefix" in p else "") for p in patterns]
            assert sorted(asked["includeRequestHeadersInCheck"]) == sorted(["authorization", *told])
            answer = check["http_service"]["authorization_response"]
            assert asked["headersToUpstreamOnAllow"] == [p["exact"] for p in answer["allowed_upstream_headers"]["patterns"]]
            assert asked["headersToDownstreamOnAllow"] == ["set-cookie"] and "headersToDownstreamOnDeny" not in asked


def test_only_the_gateway_of_the_mesh_may_ask(everything):
    for made in everything:
        own = made.named("AuthorizationPolicy").get("gatehouse")
        assert bool(own) == (made.store != "tls"), "without a sidecar nobody has an identity"
        if not own:
            continue
        gateway, *open_to_all = own["spec"]["rules"]
        assert own["metadata"]["namespace"] == the(made.objects, "Deployment")["metadata"]["namespace"]
        assert own["spec"]["action"] == "ALLOW"
        assert own["spec"]["selector"]["matchLabels"].items() <= made.pod["metadata"]["labels"].items()
        assert gateway == {
            "from": [{"source": {"namespaces": ["istio-system" if made.gateway == "usual" else "edge"]}}],
            "to": [{"operation": {"ports": [str(made.port(name)) for name in ("grpc", "web", "http")]}}]}
        keys = {"ports": [str(made.port("web"))], "paths": ["/_gatehouse/jwks"]}
        figures = {"ports": [str(made.port("admin"))], "paths": ["/metrics"]}
        assert open_to_all == [{"to": [{"operation": operation}]} for operation in (
            ([keys] if made.asking == "token" else []) + ([figures] if made.further == "more" else []))]


# The workload.

def test_selectors_and_ports_fit(everything):
    for made in everything:
        labels, [container] = made.pod["metadata"]["labels"].items(), made.pod["spec"]["containers"]
        service = the(made.objects, "Service")
        selectors = [service["spec"]["selector"], the(made.objects, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"]]
        selectors += [found["spec"]["selector"]["matchLabels"] for found in made.objects if found["kind"] in (
            "Deployment", "PodDisruptionBudget", "PeerAuthentication")]
        selectors += [spread["labelSelector"]["matchLabels"] for spread in made.pod["spec"]["topologySpreadConstraints"]]
        assert all(selector and selector.items() <= labels for selector in selectors)
        numbers = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert {port["targetPort"]: port["port"] for port in service["spec"]["ports"]} == numbers
        assert {port["name"]: port["appProtocol"] for port in service["spec"]["ports"]} == {
            "grpc": "grpc", "web": "http", "http": "http", "admin": "http"}
        for monitor in made.named("ServiceMonitor").values():
            assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
            assert {endpoint["port"] for endpoint in monitor["spec"]["endpoints"]} <= set(numbers)
        assert the(made.objects, "DestinationRule")["spec"]["host"] == made.host
        if made.insertion == "filter":
            name = "http" if made.asking == "http" else "grpc"
            assert f"outbound|{numbers[name]}||{made.host}" in json.dumps(made.named("EnvoyFilter")["gatehouse-check"])


def test_listeners_with_tls_are_treated_like_the_others(everything):
    for made in everything:
        policy = the(made.objects, "DestinationRule")["spec"]["trafficPolicy"]
        secured_ports = policy.pop("portLevelSettings", [])
        assert set(policy) == {"connectionPool", "outlierDetection"} and len(secured_ports) == (3 if made.store == "tls" else 0)
        for settings in secured_ports:  # Istio takes nothing over from what stands beside them
            assert set(settings) == {"port", "tls"} | set(policy) and settings | policy == settings


def test_pages_are_reached_through_the_gateway(everything):
    hosts, ours = ["apps.example.com", "admin.example.com", "*.apps.example.com"], {"/_gatehouse", "/dex", "/oauth2/callback"}
    for made in everything:
        if made.gateway == "api":
            spec = the(made.objects, "HTTPRoute")["spec"]
            [rule] = spec["rules"]
            assert spec["hostnames"] == hosts and spec["parentRefs"] == [{"name": "public"}]
            assert ours <= {match["path"]["value"] for match in rule["matches"]}
            [backend] = rule["backendRefs"]
            assert backend["port"] == made.port("web")
            assert the(made.objects, "ReferenceGrant")["metadata"]["namespace"] == backend["namespace"]
        else:
            spec = the(made.objects, "VirtualService")["spec"]
            [route] = spec["http"]
            assert spec["hosts"] == hosts and len(spec["gateways"]) == 1
            assert ours <= {match["uri"].get("exact") for match in route["match"]}
            assert route["route"] == [{"destination": {"host": made.host, "port": {"number": made.port("web")}}}]


def test_the_pod_may_do_little(everything):
    for made in everything:
        pod, [container] = made.pod["spec"], made.pod["spec"]["containers"]
        assert pod["automountServiceAccountToken"] is False and pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        assert {"requests", "limits"} == set(container["resources"])
        assert {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")} == {
            "startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
        several = made.store != "sqlite"
        # Beside an autoscaler the number is its own: applied again, it would be undone.
        assert the(made.objects, "Deployment")["spec"].get("replicas") == (None if several else 1)
        assert len(made.named("HorizontalPodAutoscaler")) == len(made.named("PodDisruptionBudget")) == several
        assert len(made.named("PersistentVolumeClaim")) == (not several)
        assert len(made.named("PeerAuthentication")) == (made.store != "tls")
        proxy = made.pod["metadata"]["annotations"].get("proxy.istio.io/config", "{}")
        assert json.loads(proxy) == (
            {"holdApplicationUntilProxyStarts": True, "terminationDrainDuration": "15s"} if made.store != "tls" else {})


def secret_values() -> list[str]:
    inline = [INLINE["clients"][0]["secret"], INLINE["users"][0]["hash"]]
    return [form for text in [*SECRETS.values(), *inline] for form in (text, base64.b64encode(text.encode()).decode())]


def test_secrets_stand_in_the_secret_only(everything):
    values = secret_values()
    for made in everything:
        for found in made.objects:
            if found["kind"] != "Secret":
                text = json.dumps(found) + "".join(found.get("data", {}).values())
                assert not [value for value in values if value in text], f"{found['kind']} {found['metadata']['name']}"
        assert len(made.named("Secret")) == (made.further == "plain")
        [volume] = [volume for volume in made.pod["spec"]["volumes"] if volume["name"] == "secrets"]
        assert volume["secret"]["secretName"] == ("gatehouse" if made.further == "plain" else "there-already")


def deploy(made: Made, folder: pathlib.Path) -> pathlib.Path:
    """The configuration and its Secret as a pod finds them, at another place."""
    text = the(made.objects, "ConfigMap")["data"]["gatehouse.yaml"].replace("/etc/gatehouse/secrets", str(folder))
    for name, value in the(made.objects, "Secret")["data"].items():
        (folder / name).write_bytes(base64.b64decode(value))
        (folder / name).chmod(0o440)
    file = folder / "deployed.yaml"
    file.write_text(text.replace("/var/lib/gatehouse", str(folder)))
    return file


@pytest.mark.parametrize("store", CONFIGURATIONS)
def test_a_pod_finds_a_good_configuration(everything, store):
    made = next(made for made in everything if made.store == store and made.asking == "token" and made.further == "plain")
    place = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-pod-"))
    try:
        file = deploy(made, place)
        place.chmod(0o755)
        someone = {}
        if os.geteuid() == 0:  # as in a pod: the files are root's, and readable for the group alone
            for found in place.iterdir():
                os.chown(found, 0, 65532)
            someone = {"user": 65532, "group": 65532, "extra_groups": []}
        else:
            for found in place.iterdir():
                found.chmod(0o400)
        program = place / "gatehouse"
        shutil.copy(paths.GATEHOUSE, program)
        program.chmod(0o755)
        checked = subprocess.run(
            [program, "config", "check", file], capture_output=True, text=True, timeout=60, check=False, cwd="/", **someone)
        assert checked.returncode == 0, checked.stderr
        listening = yaml.safe_load(file.read_text())["listen"]
        addresses = [value if isinstance(value, str) else value["address"] for value in listening.values()]
        assert len(addresses) == 4 and all(address.startswith("0.0.0.0:") for address in addresses)
    finally:
        shutil.rmtree(place)


def test_a_change_of_a_secret_rolls_out(folder):
    def checksum() -> str:
        text = written(folder, "istio", CONFIGURATIONS["clear"][0])
        return the(objects(text), "Deployment")["spec"]["template"]["metadata"]["annotations"]["checksum/config"]

    before = checksum()
    assert checksum() == before
    key = (folder / "cookie.key").read_text()
    (folder / "cookie.key").write_text(key[::-1])
    assert checksum() != before
    (folder / "cookie.key").write_text(key)


def test_a_secret_that_is_there_is_neither_read_nor_told(folder, tmp_path):
    def deployment(place: pathlib.Path) -> dict:
        return the(objects(written(place, "istio", CONFIGURATIONS["clear"][0], "--secret", "there-already")), "Deployment")

    assert deployment(tmp_path) == deployment(folder), "with files and without, the keys and the checksum are the same"
    (tmp_path / "postgres.password").write_text(LEDGER.add("a-short-one", "the database's password"))
    assert deployment(tmp_path) == deployment(folder), "a password cannot be found out by trying"


def test_a_folder_has_a_file_for_each(folder):
    written(folder, "istio", CONFIGURATIONS["clear"][0], "--out", "written", "--mode", "token")
    place = folder / "written"
    listed = yaml.safe_load((place / "kustomization.yaml").read_text())["resources"]
    assert {*listed, "kustomization.yaml", "mesh.yaml"} == {found.name for found in place.iterdir()}
    assert (place / "secret.yaml").stat().st_mode & 0o777 == 0o600
    assert (place / "service.yaml").stat().st_mode & 0o004


def test_a_cluster_takes_what_the_pages_show(folder):
    shown = [text for page in (paths.ROOT / "docs/kubernetes").glob("*.md")
             for text in re.findall(r"^```yaml\n(apiVersion:.*?)^```$", page.read_text(), re.S | re.M)]
    assert validate(folder, [found for text in shown for found in objects(text)]) >= 4


def test_a_login_screen_is_ten_commands_away():
    page = (paths.ROOT / "docs/kubernetes/istio.md").read_text().split("`https://apps.example.com` now asks")[0]
    lines = "".join(re.findall(r"^```sh\n(.*?)^```$", page, re.S | re.M)).replace("\\\n", "").splitlines()
    assert 5 < len(lines) <= 10


CLEAR = CONFIGURATIONS["clear"][0]
NO_ASSERTION = configuration(authService={"identity": {"headers": {"x-user": "email"}}})


@pytest.mark.parametrize(("settings", "options", "code", "said"), [
    (configuration(storage={"sqlite": {"path": "a.db"}}), [], 78, "give --replicas 1"),
    (configuration(storage={"memory": {}}), [], 78, "each replica's own"),
    (configuration(listen={"web": "unix:/run/web.sock"}), [], 78, "which no other pod reaches"),
    (configuration(listen={"checkGRPC": "0.0.0.0:0"}), [], 78, "port 0"),
    (configuration(listen=secured()), [], 78, "give --no-sidecar"),
    (configuration(listen={"proxySecret": {"file": "proxy.secret"}}), [], 78, "the mesh's mTLS says who asks"),
    (configuration(pages={"theme": "theme"}), [], 78, "put it into an image"),
    (CLEAR, ["--mode", "token", "--check", "http"], 78, "give --check grpc"),
    (NO_ASSERTION, ["--mode", "token"], 78, "identity.assertion"),
    (configuration(authService={"rules": [{"paths": ["/x"], "allow": "signedIn", "headers": {"kubeflow-userid": "sub"}}]}),
     ["--mode", "token"], 78, "`authService.rules[0]` sets `kubeflow-userid`"),
    (CLEAR, ["--mode", "both"], 2, "--mode"),
    (CLEAR, ["--namespace", "No_Such"], 2, "--namespace"),
    (CLEAR, ["--namespace", "default"], 2, "--existing-namespace"),
    (CLEAR, ["--namespace", "kube-system"], 2, "--existing-namespace"),
    (CLEAR, ["--namespace", "istio-system", "--ingress-namespace", "edge"], 2, "--existing-namespace"),
    (CLEAR, ["--namespace", "mesh", "--mesh-namespace", "mesh"], 2, "--existing-namespace"),
    (CLEAR, ["--namespace", "edge", "--ingress-namespace", "edge"], 2, "--existing-namespace"),
    (CLEAR, ["--gateway", "public", "--ingress-label", "a=b"], 2, "--gateway"),
    (CLEAR, ["--istio-gateway", "public"], 2, "namespace/name"),
    (CLEAR, ["--replicas", "0"], 2, "--replicas"),
])
def test_what_does_not_fit_is_refused(folder, settings, options, code, said):
    (folder / "theme").mkdir(exist_ok=True)
    refused = manifests.manifests(folder, "istio", settings, *options)
    assert refused.returncode == code and said in refused.stderr, refused.stderr
    assert refused.stdout == ""


def test_a_namespace_that_is_there_is_not_written(folder):
    made = manifests.manifests(folder, "istio", CLEAR, "--namespace", "default", "--existing-namespace")
    assert made.returncode == 0 and "default has to have the label istio-injection=enabled" in made.stderr
    found = objects(made.stdout)
    assert "Namespace" not in {document["kind"] for document in found}
    assert the(found, "Deployment")["metadata"]["namespace"] == "default"


def test_lists_are_not_made_into_plain_headers(folder):
    settings = configuration(authService={"identity": {
        "headers": {"kubeflow-userid": "email", "kubeflow-groups": "groups"}, "assertion": {"audience": "apps"}}})
    made = manifests.manifests(folder, "istio", settings, "--mode", "token")
    assert made.returncode == 0 and "`kubeflow-groups` (groups) is no single claim of the assertion" in made.stderr
    [rule] = the(objects(made.stdout), "RequestAuthentication")["spec"]["jwtRules"]
    assert [entry["header"] for entry in rule["outputClaimToHeaders"]] == ["kubeflow-userid"]
