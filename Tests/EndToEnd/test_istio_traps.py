"""What Kubeflow's policies of before let through, seen through the same rendering, Envoy and applications as ours: so the tables of
test_istio.py can see it, too."""
import pytest

from istio import objects
from istio.door import PROGRAM, Way
from istio.place import ALICE, BOB, IstioPlace

# As in the community distribution, but for the provider's name.
BEFORE = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: istio-ingressgateway-oauth2-proxy, namespace: istio-system }
spec:
  action: CUSTOM
  selector: { matchLabels: { app: istio-ingressgateway } }
  provider: { name: gatehouse }
  rules:
    - to: [{ operation: { notPaths: [/dex/*, /dex/**, /oauth2/*] } }]
      when: [{ key: "request.headers[authorization]", notValues: ["*"] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: gatehouse, namespace: gatehouse }
spec:
  gateways: [kubeflow/kubeflow-gateway]
  hosts: ["*"]
  http:
    - match: [{ uri: { prefix: /_gatehouse/ } }, { uri: { prefix: /dex/auth } }, { uri: { prefix: /oauth2/ } }]
      route: [{ destination: { host: gatehouse.gatehouse.svc.cluster.local, port: { number: PORT } } }]
"""
CHECK = {"service": "gatehouse.gatehouse.svc.cluster.local", "timeout": "10s"}


class Before(IstioPlace):
    """The policy that skips the check, and nothing that strips headers; the gateway may ask Gatehouse."""

    def generated(self, door):
        access = [found for found in super().generated(door)[0] if str(found) == "AuthorizationPolicy gatehouse/gatehouse"]
        found = objects.read(BEFORE.replace("PORT", str(self.ports.web))) + access
        return found, {"extensionProviders": [{"name": "gatehouse", "envoyExtAuthzGrpc": CHECK | {"port": self.ports.check_grpc}}]}


@pytest.fixture(scope="module")
def before(artifacts):
    place = Before(artifacts / "logs" / "istio-before", "header", [Way("mesh", "grpc")])
    try:
        place.start()
        yield place
    finally:
        place.kill()


def test_any_authorization_header_goes_round_the_check(before):
    (door,) = before.doors
    with before.nothing_reaches_an_application():
        assert door.ask("/pipeline/").status == 401
    with before.what_reaches_an_application() as reached:
        assert door.ask("/pipeline/", [PROGRAM, ("authorization", "x"), ("kubeflow-userid", BOB)]).status == 200
        assert door.ask("/notebook/bob/lab/tree", [PROGRAM, ("authorization", "x"), ("kubeflow-userid", BOB)]).status == 200
    assert [seen.user for seen in reached] == [[BOB], [BOB]]


def test_what_is_exempted_is_open_to_other_spellings(before):
    """`/dex/*` is exempted, and what comes of the path afterwards is another application's."""
    (door,) = before.doors
    with before.what_reaches_an_application() as reached:
        door.ask("/dex/..%2fpipeline/", [PROGRAM, ("kubeflow-userid", ALICE)])
    assert [(str(seen), seen.user) for seen in reached] == [("GET /dex/..%2fpipeline/", [ALICE])]


def test_a_wrong_header_of_a_namespaces_owner_is_all_that_a_sidecar_looks_at(before):
    """Why nothing may reach the gateway's router with a client's own kubeflow-userid."""
    assert before.ask_sidecar("bob", "/", {"kubeflow-userid": BOB}, identity="gateway") == 200
