"""`gatehouse manifests helm`: Helm itself renders the chart, and what comes out is what the other commands write."""
import itertools

import helm_python
import pytest
import yaml

from support import manifests
from support.manifests import SECRETS, configuration, objects, secured, validate, written

SQLITE = configuration(storage={"sqlite": {"path": "gatehouse.db"}})
AUDIENCE = "{{ .Values.image }} `}}`"
BRACES = configuration(authService={"identity": {
    "headers": {"kubeflow-userid": "email"}, "assertion": {"header": "x-gatehouse-assertion", "audience": AUDIENCE}}})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return manifests.prepare(tmp_path_factory.mktemp("helm"))


def chart(folder, name: str, settings: dict, *options):
    made = manifests.manifests(folder, "helm", settings, *options, "--out", folder / name)
    assert made.returncode == 0, made.stderr
    return helm_python.Chart.load(str(folder / name))


@pytest.fixture(scope="module")
def charts(folder):
    made = {
        "grpc": chart(folder, "grpc", configuration()),
        "http": chart(folder, "http", configuration(), "--check", "http"),
        "sqlite": chart(folder, "sqlite", SQLITE),
        "memory": chart(folder, "memory", configuration(storage={"memory": {}})),
        "token": chart(folder, "token", configuration(), "--mode", "token"),
        "envoyfilter": chart(folder, "envoyfilter", configuration(), "--insert", "envoyfilter"),
        "secured": chart(folder, "secured", configuration(listen=secured()), "--no-sidecar", "--ca-configmap", "ca"),
    }
    yield made
    for one in made.values():
        one.close()


def rendered(chart, values: dict, namespace: str = "gatehouse") -> list[dict]:
    texts = chart.render({"secret": "there-already"} | values, name="gatehouse", namespace=namespace)
    return [document for name, text in texts.items() if name.endswith(".yaml") for document in objects(text)]


def by_name(found: list[dict]) -> dict:
    named = {(document["kind"], document["metadata"]["name"]): document for document in found}
    assert len(named) == len(found)
    return named


def values(kind="none", gateway=None, gateway_class="", **further) -> dict:
    namespace, _, name = (gateway or "/gatehouse").partition("/")
    return {"ingress": {"kind": kind, "gateway": {"namespace": namespace, "name": name}, "gatewayClass": gateway_class}, **further}


KINDS = ["none", "gateway-api", "envoy-gateway"]
MATRIX = list(itertools.product(["grpc", "http", "sqlite"], KINDS, [None, "gateways/public"], ["", "eg"], [False, True]))


def test_a_cluster_takes_every_combination_of_values(charts, folder):
    found = []
    for name, kind, gateway, gateway_class, monitored in MATRIX:
        found += rendered(charts[name], values(kind, gateway, gateway_class, serviceMonitor=monitored))
    for name, place, monitored in MESHES:
        found += rendered(charts[name], in_a_mesh(place, serviceMonitor=monitored))
    assert validate(folder, found) > 40


@pytest.mark.parametrize("check", ["grpc", "http"])
@pytest.mark.parametrize("gateway", [None, "gateways/public"])
@pytest.mark.parametrize("gateway_class", ["", "eg"])
@pytest.mark.parametrize("monitored", [False, True])
def test_a_release_is_what_the_command_writes(charts, folder, check, gateway, gateway_class, monitored):
    text = written(
        folder, "envoy-gateway", configuration(), "--check", check, "--secret", "there-already",
        *(["--gateway", gateway] if gateway else []), *(["--gateway-class", gateway_class] if gateway_class else []),
        *(["--service-monitor"] if monitored else []))
    assert_is_written(rendered(charts[check], values("envoy-gateway", gateway, gateway_class, serviceMonitor=monitored)), text)


def assert_is_written(release: list[dict], text: str) -> None:
    expected = by_name([document for document in objects(text) if document["kind"] != "Namespace"])
    found = by_name(release)
    assert set(found) == set(expected)
    for key, document in found.items():
        if key[0] == "Deployment":
            for one in (document, expected[key]):
                assert len(one["spec"]["template"]["metadata"]["annotations"].pop("checksum/config")) == 64
        if key[0] == "Gateway":
            for one in (document, expected[key]):
                one["spec"]["listeners"] = [named_once(listener) for listener in one["spec"]["listeners"]]
        assert document == expected[key], key


def named_once(listener: dict) -> dict:
    """A chart names the Gateway's namespace and the release's, also where they are one."""
    [expression] = listener["allowedRoutes"]["namespaces"]["selector"]["matchExpressions"]
    expression["values"] = sorted(set(expression["values"]))
    return listener


HOW = {"grpc": "", "http": "--check http", "token": "--mode token", "envoyfilter": "--insert envoyfilter", "secured": "--no-sidecar"}
PLACES = {
    "usual": ({}, ""),
    "another": (
        {"namespace": "infra", "labels": {"app": "door", "tier": "edge"}, "gateway": "infra/public", "hosts": ["*"],
         "meshNamespace": "mesh"},
        "--ingress-namespace infra --ingress-label app=door --ingress-label tier=edge --istio-gateway infra/public --host * "
        "--mesh-namespace mesh"),
}
MESHES = list(itertools.product(HOW, PLACES, [False, True]))


def in_a_mesh(place: str, **further) -> dict:
    return {"ingress": {"kind": "istio", "istio": PLACES[place][0]}, **further}


@pytest.mark.parametrize(("name", "place", "monitored"), MESHES)
def test_a_release_in_a_mesh_is_what_the_command_writes(charts, folder, name, place, monitored):
    settings = configuration(listen=secured()) if name == "secured" else configuration()
    text = written(
        folder, "istio", settings, "--secret", "there-already", *HOW[name].split(), *PLACES[place][1].split(),
        *(["--service-monitor"] if monitored else []))
    assert_is_written(rendered(charts[name], in_a_mesh(place, serviceMonitor=monitored)), text)
    comment = text.partition("---\n")[0].splitlines()
    told = yaml.safe_load("\n".join(line[4:] for line in comment if line.startswith("#   ")))
    [notes] = [text for name, text in charts[name].render(
        {"secret": "there-already"} | in_a_mesh(place), name="gatehouse", namespace="gatehouse").items() if name.endswith("NOTES.txt")]
    assert yaml.safe_load(notes.partition("mesh.yaml:\n\n")[2]) == told and (told is None) == (name == "envoyfilter")
    assert ("namespace gatehouse has to have the label istio-injection=enabled" in notes) == (name != "secured")
    assert "Nothing in this release makes a gateway ask" not in notes


def test_a_mesh_is_told_the_releases_namespace(charts):
    texts = charts["token"].render({"secret": "there-already"} | in_a_mesh("usual"), name="gatehouse", namespace="elsewhere")
    text = "".join(texts.values())
    assert 'service: "gatehouse.elsewhere.svc.cluster.local"' in text and "gatehouse.gatehouse." not in text


def test_listeners_with_tls_have_no_sidecar(folder):
    made = manifests.manifests(
        folder, "helm", configuration(listen=secured()), "--ca-configmap", "ca", "--out", folder / "with-both")
    assert made.returncode == 0 and "the chart is not for Istio: `listen` has TLS" in made.stderr
    with helm_python.Chart.load(str(folder / "with-both")) as one, pytest.raises(helm_python.HelmError):
        one.validate_schema({"secret": "there-already", "ingress": {"kind": "istio", "gateway": {}}})


def test_a_release_is_in_its_own_namespace(charts):
    found = rendered(charts["grpc"], values("envoy-gateway"), namespace="elsewhere")
    assert {document["metadata"].get("namespace") for document in found} == {"elsewhere"}
    assert "gatehouse.elsewhere.svc.cluster.local" in yaml.safe_dump_all(found)
    assert "gatehouse.gatehouse." not in yaml.safe_dump_all(found)


def test_replicas_are_a_value(charts):
    def kinds(replicas: int, most: int) -> tuple:
        found = {document["kind"]: document for document in rendered(charts["grpc"], {"replicas": replicas, "maxReplicas": most})}
        scaler = found.get("HorizontalPodAutoscaler", {"spec": {}})["spec"]
        return (found["Deployment"]["spec"].get("replicas", "the autoscaler's"), "PodDisruptionBudget" in found,
                scaler.get("minReplicas"), scaler.get("maxReplicas"))

    assert kinds(3, 9) == ("the autoscaler's", True, 3, 9)
    assert kinds(3, 3) == (3, True, None, None)
    assert kinds(1, 1) == (1, False, None, None)


def test_another_configuration_makes_new_pods(charts):
    def checksum(config: str) -> str:
        [deployment] = [document for document in rendered(charts["grpc"], {"config": config}) if document["kind"] == "Deployment"]
        return deployment["spec"]["template"]["metadata"]["annotations"]["checksum/config"]

    assert checksum("a: 1\n") == checksum("a: 1\n") != checksum("a: 2\n")


def test_a_values_text_stays_a_text(charts):
    image = 'a"\n  b: {{ .Values.secret }} \\ é'
    [deployment] = [document for document in rendered(charts["grpc"], {"image": image}) if document["kind"] == "Deployment"]
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == image


def test_a_configurations_text_is_no_template(folder):
    with chart(folder, "braces", BRACES) as one:
        found = rendered(one, values("envoy-gateway"))
    [policy] = [document for document in found if document["kind"] == "SecurityPolicy"]
    assert policy["spec"]["jwt"]["providers"][0]["audiences"] == [AUDIENCE]


def test_no_secret_is_in_the_chart(charts, folder):
    texts = [file.read_text() for name in charts for file in (folder / name).rglob("*") if file.is_file()]
    assert len(texts) > 30 and not [value for value in SECRETS.values() if any(value in text for text in texts)]
    for one in charts.values():
        assert "Secret" not in {document["kind"] for document in rendered(one, {})}


def test_a_chart_needs_no_secret(folder, tmp_path):
    with chart(tmp_path, "without", configuration()) as without, chart(folder, "with", configuration()) as with_files:
        assert rendered(without, {}) == rendered(with_files, {})


@pytest.mark.parametrize("wrong", [
    {"secret": ""}, {"replicas": "two"}, {"replicas": 0}, {"ingress": {"kind": "nginx", "gateway": {}}}, {"unknown": True},
    {"ingress": {"kind": "istio", "gateway": {}, "istio": {"gateway": "public"}}},
    {"ingress": {"kind": "istio", "gateway": {}, "istio": {"hosts": []}}}], ids=str)
def test_wrong_values_are_refused(charts, wrong):
    with pytest.raises(helm_python.HelmError):
        charts["grpc"].validate_schema({"secret": "there-already"} | wrong)
        rendered(charts["grpc"], wrong)


@pytest.mark.parametrize("store", ["sqlite", "memory"])
def test_a_store_of_one_process_has_one_replica(charts, store):
    for wrong in ({"replicas": 2}, {"maxReplicas": 2}):
        with pytest.raises(helm_python.HelmError):
            charts[store].validate_schema(wrong)
    [deployment] = [document for document in rendered(charts[store], {}) if document["kind"] == "Deployment"]
    assert deployment["spec"]["replicas"] == 1


def test_helm_finds_nothing_wrong(charts, folder):
    for name in charts:
        found = helm_python.lint(str(folder / name), {"secret": "there-already"})
        # 1: a hint, such as that a chart may have an icon.
        assert found["total_charts_linted"] == 1 and not found["errors"], found
        assert not [message for message in found["messages"] if message["severity"] > 1], found


def test_the_notes_say_which_keys_the_secret_has_to_have(charts):
    texts = charts["grpc"].render({"secret": "there-already"}, name="gatehouse", namespace="auth")
    [notes] = [text for name, text in texts.items() if name.endswith("NOTES.txt")]
    assert "the Secret there-already in auth has to have these keys:" in notes
    assert all(key in notes for key in ("cookie.key", "client.secret", "postgres.password"))
    assert "Nothing in this release makes a gateway ask" in notes
