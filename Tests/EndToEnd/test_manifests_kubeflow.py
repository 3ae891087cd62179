"""`gatehouse manifests kubeflow` over the distribution's objects: Kustomize builds it, nothing of Dex and oauth2-proxy is left."""
import itertools
import json
import os
import re
import secrets
import shutil
import subprocess

import pytest
import yaml

from support import jws, kustomize, paths
from support.ledger import LEDGER

DISTRIBUTIONS = paths.ROOT / "Tests/Fixtures/kubeflow"
MESH = "istio-system"
GATEWAY_LABELS = {"app": "istio-ingressgateway", "istio": "ingressgateway"}
# What stays, under its names.
KEPT = {
    ("Namespace", None, "istio-system"), ("ConfigMap", MESH, "istio"), ("Service", MESH, "istio-ingressgateway"),
    ("Gateway", "kubeflow", "kubeflow-gateway"), ("AuthorizationPolicy", MESH, "global-deny-all"),
    ("AuthorizationPolicy", MESH, "istio-ingressgateway"), ("Service", MESH, "cluster-jwks-proxy"),
    ("Namespace", None, "kubeflow"), ("Deployment", "kubeflow", "centraldashboard"),
    ("Service", "kubeflow", "centraldashboard"), ("VirtualService", "kubeflow", "centraldashboard"),
    ("Profile", None, "kubeflow-user-example-com"),
}


def gatehouse(*arguments, cwd=None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, *map(str, arguments)], capture_output=True, text=True, timeout=30, cwd=cwd)


class Place:
    """A folder with a configuration, a distribution beside it, and the overlay that was written."""

    def __init__(self, folder, change=lambda text: text):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        text = gatehouse("config", "example", "--for", "kubeflow").stdout
        (folder / "gatehouse.yaml").write_text(change(text))
        for name in ("cookie.key", "client.secret"):
            (folder / name).write_text(LEDGER.add(secrets.token_hex(32), name))
            (folder / name).chmod(0o600)
        (folder / "cluster.jwks").write_text(json.dumps({"keys": [jws.Key("cluster").jwk()]}))
        shutil.copytree(DISTRIBUTIONS, folder / "manifests")
        self.overlay = folder / "overlay"

    def write(self, *options, distribution="distribution") -> subprocess.CompletedProcess:
        shutil.rmtree(self.overlay, ignore_errors=True)
        replicas = [] if "--replicas" in options else ["--replicas", 1]
        return gatehouse(
            "manifests", "kubeflow", "--config", "gatehouse.yaml", "--base", f"../manifests/{distribution}", *replicas,
            *options, "--out", "overlay", cwd=self.folder)

    def build(self, *options, **where) -> dict[tuple, dict]:
        result = self.write(*options, **where)
        assert result.returncode == 0, result.stderr
        return kustomize.keyed(kustomize.build(self.overlay))

    def own(self) -> dict[tuple, dict]:
        return kustomize.keyed(kustomize.build(self.overlay / "gatehouse"))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """With an assertion, which only token mode asks for."""
    return Place(tmp_path_factory.mktemp("kubeflow"), lambda text: text.replace("# assertion:", "assertion:"))


def mesh_of(objects: dict) -> dict:
    return yaml.safe_load(objects["ConfigMap", MESH, "istio"]["data"]["mesh"])


@pytest.mark.parametrize("distribution", ["distribution", "authservice"])
def test_nothing_of_dex_and_oauth2_proxy_is_left(place, distribution):
    objects = place.build(distribution=distribution)
    assert set(objects) - set(place.own()) == KEPT
    leftovers = [
        name for name, thing in objects.items()
        for word in ("dex.auth", "oauth2-proxy.oauth2-proxy", "authservice.istio-system", "oauth2_proxy_kubeflow")
        if word in json.dumps(thing)]
    assert leftovers == []
    assert not {"auth", "oauth2-proxy"} & {name[1] for name in objects}


OPTIONS = [
    [(), ("--mode", "token")], [(), ("--insert", "envoyfilter")], [(), ("--check", "http")], [(), ("--no-sidecar",)],
]
# Over HTTP the gateway could not tell a request without a user from one with a bad assertion.
MATRIX = [
    options for options in (sum(choice, ()) for choice in itertools.product(*OPTIONS))
    if not {"token", "http"} <= set(options)]


@pytest.fixture(scope="module")
def built(place, tmp_path_factory) -> dict[tuple, dict]:
    """The objects for each choice of options, all of them valid: the validator reads its schemas once."""
    found = {options: place.build(*options, "--service-monitor") for options in MATRIX}
    # The Prometheus operator's schemas are not among those to validate with.
    different = {
        json.dumps(thing, sort_keys=True) for objects in found.values() for thing in objects.values()
        if thing["kind"] != "ServiceMonitor"}
    file = tmp_path_factory.mktemp("built") / "objects.yaml"
    file.write_text("".join(f"---\n{thing}\n" for thing in sorted(different)))
    kustomize.validate(file)
    return found


@pytest.mark.parametrize("options", MATRIX, ids=lambda options: " ".join(options) or "none")
def test_every_object_is_right_and_finds_what_it_names(built, options):
    objects = built[options]
    assert_references(objects, "envoyfilter" in options)
    assert_one_way_of_identity(objects, "token" in options)
    assert ("AuthorizationPolicy", "gatehouse", "gatehouse") in objects or "--no-sidecar" in options


@pytest.mark.parametrize("options", [(), ("--mode", "token"), ("--insert", "envoyfilter"), ("--check", "http")], ids=" ".join)
def test_the_doctor_finds_nothing_wrong_with_them(place, built, tmp_path, options):
    (tmp_path / "objects.yaml").write_text(yaml.safe_dump_all(built[options].values()))
    result = gatehouse("doctor", "--json", "--config", place.folder / "gatehouse.yaml", "--manifests", tmp_path)
    findings = json.loads(result.stdout)["findings"]
    findings = findings[[one["check"] for one in findings].index("objects"):]
    assert [one for one in findings if one["outcome"] == "failure"] == []
    asked = [one["outcome"] for one in findings if one["check"] in ("gateway asks", "mesh services", "token keys")]
    assert len(asked) > 1 and set(asked) == {"ok"}


def assert_references(objects: dict, by_filter: bool) -> None:
    for (kind, namespace, name), thing in objects.items():
        spec = thing.get("spec", {})
        if kind == "VirtualService":
            assert spec["hosts"] == ["*"], "of a host that is named, the gateway would know this route only"
            for route in spec["http"]:
                for target in route["route"]:
                    assert_service(objects, target["destination"]["host"], target["destination"]["port"]["number"])
        elif kind == "AuthorizationPolicy" and spec.get("action") == "CUSTOM":
            assert spec["provider"]["name"] in {provider["name"] for provider in mesh_of(objects)["extensionProviders"]}
        elif kind == "Deployment" and name == "gatehouse":
            assert_pod(objects, namespace, spec["template"])
        if kind in ("AuthorizationPolicy", "RequestAuthentication", "EnvoyFilter") and namespace == MESH and name != "global-deny-all":
            labels = spec.get("selector", spec.get("workloadSelector", {}))
            assert (labels.get("matchLabels") or labels["labels"]).items() <= GATEWAY_LABELS.items(), name
    assert mesh_of(objects)["pathNormalization"] == {"normalization": "DECODE_AND_MERGE_SLASHES"}
    providers = mesh_of(objects).get("extensionProviders", [])
    assert [provider["name"] for provider in providers] == ([] if by_filter else ["gatehouse"])
    assert (("AuthorizationPolicy", MESH, "gatehouse-check") in objects) is not by_filter
    assert (("EnvoyFilter", MESH, "gatehouse-check") in objects) is by_filter
    for provider in providers:
        [asked] = [value for key, value in provider.items() if key != "name"]
        assert_service(objects, asked["service"], asked["port"])
        assert asked["timeout"] and asked["failOpen"] is False, "Istio waits ten minutes otherwise"


def assert_service(objects: dict, host: str, port: int) -> None:
    """There is such a Service, and where it is ours, pods that it selects."""
    name, namespace, suffix = host.split(".", 2)
    service = objects["Service", namespace, name]
    assert suffix == "svc.cluster.local" and port in {each["port"] for each in service["spec"]["ports"]}
    if name == "gatehouse":
        pod = objects["Deployment", namespace, "gatehouse"]["spec"]["template"]
        assert service["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
        ports = {each["name"] for container in pod["spec"]["containers"] for each in container["ports"]}
        assert {each["targetPort"] for each in service["spec"]["ports"]} <= ports


def assert_pod(objects: dict, namespace: str, pod: dict) -> None:
    kinds = {"configMap": ("ConfigMap", "name"), "secret": ("Secret", "secretName"),
             "persistentVolumeClaim": ("PersistentVolumeClaim", "claimName")}
    for volume in pod["spec"]["volumes"]:
        for field, (kind, named) in kinds.items():
            if field in volume:
                assert (kind, namespace, volume[field][named]) in objects
    assert ("ServiceAccount", namespace, pod["spec"]["serviceAccountName"]) in objects
    assert pod["spec"]["automountServiceAccountToken"] is False


def assert_one_way_of_identity(objects: dict, by_token: bool) -> None:
    """Either the answer of the check says who it is, or a token that the gateway verifies; with both, neither does."""
    written = [
        claim["header"] for (kind, namespace, _), thing in objects.items() if kind == "RequestAuthentication"
        for rule in thing["spec"].get("jwtRules", []) for claim in rule.get("outputClaimToHeaders", [])]
    [text] = [
        thing["data"]["gatehouse.yaml"] for (kind, _, name), thing in objects.items() if (kind, name) == ("ConfigMap", "gatehouse")]
    identity = yaml.safe_load(text)["authService"]["identity"]
    if by_token:
        # Of a list, such as the groups, the gateway would make base64 of JSON.
        assert written == ["kubeflow-userid"] and not {"presets", "headers"} & set(identity)
        assert {"kubeflow-userid", "kubeflow-groups"} <= set(identity["strip"])
    else:
        assert written == [] and identity["presets"] == ["kubeflow"]


def test_the_way_there_and_back(place):
    """`kubectl apply` takes nothing away: what is left over is deleted by its own list, on the way back by folder."""
    place.write()
    before = kustomize.build(place.folder / "manifests/authservice")
    wanted = kustomize.build(place.overlay)
    cluster = kustomize.Cluster()
    cluster.apply(before)
    cluster.apply(wanted)
    leftovers = list(yaml.safe_load_all((place.overlay / "leftovers.yaml").read_text()))
    assert leftovers[0]["kind"] == "AuthorizationPolicy", "until they are gone, nobody is let in"
    cluster.delete(leftovers)
    assert cluster.objects == kustomize.keyed(wanted)
    cluster.apply(before)
    cluster.delete(list(place.own().values()))
    assert cluster.objects == kustomize.keyed(before)


def test_the_dashboard_signs_out_where_the_configuration_says(place, tmp_path):
    def logout_url(objects: dict) -> dict:
        [container] = objects["Deployment", "kubeflow", "centraldashboard"]["spec"]["template"]["spec"]["containers"]
        assert container["image"] and len(container["env"]) == 3
        return {each["name"]: each["value"] for each in container["env"]}

    assert logout_url(place.build())["LOGOUT_URL"] == "/oauth2/sign_out"
    for compatibility, callback, path in (
            ("[arrikto]", "/authservice/oidc/callback", "/authservice/logout"),
            ("[]", "/_gatehouse/callback", "/_gatehouse/sign-out")):
        other = Place(tmp_path / path.split("/")[1], lambda text: text.replace(
            "[oauth2-proxy, arrikto]", compatibility).replace("/oauth2/callback", callback))
        assert logout_url(other.build())["LOGOUT_URL"] == path


def test_the_mesh_keeps_what_it_has(place):
    mine = {
        "trustDomain": "example.org", "enableTracing": True,
        "extensionProviders": [
            {"name": "oauth2-proxy", "envoyExtAuthzHttp": {"service": "oauth2-proxy.oauth2-proxy.svc.cluster.local", "port": 80}},
            {"name": "zipkin", "zipkin": {"service": "zipkin.tracing.svc.cluster.local", "port": 9411}}]}
    forms = {
        "mesh.yaml": yaml.safe_dump(mine),
        "map.yaml": yaml.safe_dump({"apiVersion": "v1", "kind": "ConfigMap", "data": {"mesh": yaml.safe_dump(mine)}}),
    }
    for name, text in forms.items():
        (place.folder / name).write_text(text)
        mesh = mesh_of(place.build("--mesh", name))
        assert mesh["trustDomain"] == "example.org" and mesh["enableTracing"] is True
        assert [provider["name"] for provider in mesh["extensionProviders"]] == ["zipkin", "gatehouse"]
        assert mesh["pathNormalization"] == {"normalization": "DECODE_AND_MERGE_SLASHES"}


def test_without_a_mesh_of_its_own_it_gets_the_distributions(place):
    theirs = mesh_of(kustomize.keyed(kustomize.build(place.folder / "manifests/distribution")))
    ours = mesh_of(place.build())
    for key in ("trustDomain", "rootNamespace", "accessLogFile"):
        assert ours[key] == theirs[key]
    assert ours["defaultConfig"]["discoveryAddress"] == theirs["defaultConfig"]["discoveryAddress"]


@pytest.mark.parametrize("options, says", [
    (("--namespace", "auth"), "goes"), (("--base", "/srv/manifests/example"), "--base"), (("--mesh", "missing.yaml"), "missing.yaml"),
])
def test_what_cannot_be_is_refused(place, options, says):
    result = place.write(*options)
    assert result.returncode != 0 and says in result.stderr and not place.overlay.exists()


def test_no_secret_is_readable_by_everybody(place):
    place.write()
    for file in place.overlay.rglob("*.yaml"):
        assert "\ndata:" not in file.read_text() or "kind: Secret" not in file.read_text() or file.stat().st_mode & 0o007 == 0
    assert (place.overlay / "gatehouse/secret.yaml").stat().st_mode & 0o777 == 0o600


PAGE = (paths.ROOT / "docs/kubernetes/kubeflow.md").read_text()
THERE, BACK = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.S | re.M)[:2]
# kubectl with a cluster of files: what is applied and deleted is written down, in its order.
KUBECTL = """#!/bin/sh
case "$1 $2" in
"get --raw") cat "$CLUSTER/keys.json" ;;
"get configmap") cat "$CLUSTER/istio.yaml" ;;
"kustomize "*) exec "$REAL" "$@" ;;
"apply "*) cat > "$CLUSTER/$(ls "$CLUSTER" | wc -l).apply" ;;
"delete --kustomize") exec "$REAL" kustomize "$3" > "$CLUSTER/$(ls "$CLUSTER" | wc -l).delete" ;;
"delete --ignore-not-found") cp "$4" "$CLUSTER/$(ls "$CLUSTER" | wc -l).delete" ;;
"rollout status") ;;
*) exit 64 ;;
esac
"""


def test_the_pages_commands_lead_there_and_back(tmp_path):
    assert max(len(block.splitlines()) for block in (THERE, BACK)) <= 10
    shutil.copytree(DISTRIBUTIONS / "distribution", tmp_path / "manifests/example")
    before = kustomize.build(tmp_path / "manifests/example")
    state, tools = tmp_path / "cluster", tmp_path / "tools"
    state.mkdir(), tools.mkdir()
    (state / "keys.json").write_text(json.dumps({"keys": [jws.Key("cluster").jwk()]}))
    (state / "istio.yaml").write_text(yaml.safe_dump(kustomize.keyed(before)["ConfigMap", MESH, "istio"]))
    (tools / "kubectl").write_text(KUBECTL)
    (tools / "kubectl").chmod(0o755)
    (tools / "gatehouse").symlink_to(paths.GATEHOUSE)
    environment = os.environ | {
        "PATH": f"{tools}:{os.environ['PATH']}", "CLUSTER": str(state), "REAL": str(kustomize.KUBECTL)}
    cluster = kustomize.Cluster()
    cluster.apply(before)

    def run(block: str) -> None:
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block], capture_output=True, text=True, timeout=120, cwd=tmp_path, env=environment)
        assert result.returncode == 0, result.stderr
        for file in sorted(state.glob("*.*")):
            if file.suffix in (".apply", ".delete"):
                getattr(cluster, file.suffix[1:])([each for each in yaml.safe_load_all(file.read_text()) if each])
                file.unlink()

    run(THERE)
    for name in ("cookie.key", "client.secret"):
        LEDGER.add((tmp_path / name).read_text().strip(), name)
    assert KEPT < set(cluster.objects) and ("Deployment", "gatehouse", "gatehouse") in cluster.objects
    assert not {"auth", "oauth2-proxy"} & {name[1] for name in cluster.objects}
    run(BACK)
    assert cluster.objects == kustomize.keyed(before)
