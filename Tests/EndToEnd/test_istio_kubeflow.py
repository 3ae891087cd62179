"""The Kustomize overlay over the distribution, built and rendered as Istio would program it: in a real Envoy, before Kubeflow's routes,
with the distribution's policies around it."""
import pathlib
import shutil
import subprocess

import pytest
import yaml

from istio import listener, objects, place
from istio.door import Door, Way
from istio.place import ALICE, BOB, USER, IstioPlace
from istio.written import Written
from support import kustomize, paths
from support.client import NAVIGATION, Client
from support.stack import password_of

DISTRIBUTION = paths.ROOT / "Tests/Fixtures/kubeflow/distribution"
ROBOT = "system:serviceaccount:alice:robot"
OWN, OTHERS = "/notebook/alice/lab/tree", "/notebook/bob/lab/tree"
WAYS = {
    "header": [Way("mesh", "grpc"), Way("envoyfilter", "http")],
    "token": [Way("mesh", "grpc")],
}
# What of the mesh's configuration is rendered; the rest says nothing about requests.
RENDERED = {"extensionProviders", "pathNormalization"}


class Overlay(Written):
    """What `gatehouse manifests kubeflow` and Kustomize make of the distribution, without its applications."""

    @classmethod
    def by(cls, file: pathlib.Path, folder: pathlib.Path, environment: dict, *options: str) -> "Overlay":
        shutil.copytree(DISTRIBUTION, folder / "distribution")
        at = options.index("--istio-gateway")
        made = subprocess.run(
            [paths.GATEHOUSE, "manifests", "kubeflow", "--config", file, "--replicas", "1", "--base", "../distribution",
             *options[:at], *options[at + 2:], "--out", folder / "overlay"],
            capture_output=True, text=True, timeout=60, env=environment)
        assert made.returncode == 0, made.stderr
        built = kustomize.build(folder / "overlay")
        mesh = yaml.safe_load(kustomize.keyed(built)["ConfigMap", "istio-system", "istio"]["data"]["mesh"])
        meant = [thing for thing in built if kustomize.key(thing)[1] in ("gatehouse", "istio-system")]
        return cls(
            [thing for thing in meant if kustomize.key(thing)[1] == "gatehouse" or thing["kind"] in objects.VERSIONS],
            {name: value for name, value in mesh.items() if name in RENDERED})


class Kubeflow(IstioPlace):
    """Kubeflow's routes as they are: for every host."""

    def _mesh(self, door: Door, registry) -> listener.Mesh:
        found, config = self.generated(door)
        named = {str(each) for each in found}
        routes = objects.read(place.KUBEFLOW.replace("[kubeflow-gateway]", f"[{door.gateway}]"))
        return listener.Mesh(found + [each for each in routes if str(each) not in named], config, registry)


@pytest.fixture(scope="module", params=list(WAYS))
def kubeflow(request, artifacts):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "Written", Overlay)
        own = Kubeflow(artifacts / "logs" / f"kubeflow-{request.param}", request.param, WAYS[request.param])
        own.start()
    yield own
    own.kill()


def test_people_sign_in_and_reach_what_is_theirs(kubeflow):
    for door in kubeflow.doors:
        browser = Client()
        with kubeflow.what_reaches_an_application() as reached:
            answer = browser.sign_in(f"{door.url}/", ALICE, password_of(ALICE))
        assert answer.status_code == 200 and [seen.user for seen in reached] == [[ALICE]]
        forged = NAVIGATION | {"kubeflow-userid": BOB, "Kubeflow_Userid": BOB}
        with kubeflow.what_reaches_an_application() as reached:
            assert browser.get(door.url + OWN, headers=forged).status_code == 200
        assert [seen.user for seen in reached] == [[ALICE]]
        with kubeflow.nothing_reaches_an_application():
            assert browser.get(door.url + OTHERS, headers=forged).status_code == 403


def test_nobody_gets_past_the_check(kubeflow):
    for door in kubeflow.doors:
        with kubeflow.nothing_reaches_an_application():
            for path in (OWN, "/dex/..%2f" + OWN[1:], "/oauth2/..%2f..%2f" + OWN[1:], "//apis/v2beta1/runs"):
                for headers in ({"kubeflow-userid": ALICE}, {"authorization": "Bearer x"}, {"authorization": "Basic x"}):
                    assert door.ask(path, [("accept", "application/json"), *headers.items()]).status in (400, 401, 403, 404)


def test_service_accounts_reach_what_they_may(kubeflow):
    for door in kubeflow.doors:
        headers = [("accept", "application/json"), ("authorization", f"Bearer {kubeflow.account_token(ROBOT)}")]
        with kubeflow.what_reaches_an_application() as reached:
            assert door.ask(OWN, headers).status == 200
        assert [seen.user for seen in reached] == [[ROBOT]]
        with kubeflow.nothing_reaches_an_application():
            assert door.ask(OTHERS, headers).status == 403


def test_the_dashboards_button_signs_out(kubeflow):
    for door in kubeflow.doors:
        browser = Client()
        assert browser.sign_in(f"{door.url}/", USER, password_of(USER)).status_code == 200
        click = browser.get(f"{door.url}/oauth2/sign_out", headers=NAVIGATION | {"sec-fetch-site": "same-origin"})
        assert click.status_code == 303
        with kubeflow.nothing_reaches_an_application():
            assert browser.get(f"{door.url}/").status_code == 302
