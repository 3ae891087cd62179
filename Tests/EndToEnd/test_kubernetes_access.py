"""Rules that ask a Kubernetes API server (SubjectAccessReview): a real HTTPS server answers, and the applications are watched."""
import concurrent.futures
import json
import re
import subprocess
import time

import pytest

from support import paths
from support.client import NAVIGATION
from support.kubernetes_api import KubernetesAPI
from support.ports import free_ports
from test_bearer import send

PROGRAM = {"accept": "application/json"}
USER = "bob@example.com"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    api = KubernetesAPI(free_ports(1)[0], tmp_path_factory.mktemp("cluster"))
    yield api
    api.stop()


def configure(configuration: dict, cluster: KubernetesAPI, **more) -> None:
    service = configuration["authService"]
    service["kubernetes"] = {
        "server": cluster.url, "caFile": str(cluster.ca_file), "tokenFile": str(cluster.token_file),
        "cache": {"allowed": "60s", "denied": "60s"}} | more
    service["bearer"] = [{
        "issuer": cluster.issuer, "audiences": ["gatehouse"], "email": "sub", "caFile": str(cluster.ca_file),
        "tokenFile": str(cluster.token_file)}]
    notebooks = {"group": "kubeflow.org", "resource": "notebooks"}
    service["rules"] = [
        {"paths": ["/echo/ns/*"], "allow": {"kubernetes": notebooks | {"namespace": "{path.3}", "name": "{path.4}"}}},
        {"paths": ["/echo/team/*"], "tenant": {"path": "/echo/team/*"},
         "allow": {"groups": ["admins"], "kubernetes": {"verb": "list", "resource": "pods", "namespace": "{tenant}"}}},
        {"paths": ["/echo/metrics"], "allow": {"kubernetes": {"nonResourcePath": "/metrics"}}},
        {"paths": ["/echo/lately/*"], "onFailure": {"known-sessions": "10m"},
         "allow": {"kubernetes": {"resource": "lately", "namespace": "{path.3}"}}},
        {"paths": ["/public/*"], "allow": "anyone"},
    ]


@pytest.fixture(scope="module")
def asking(make_stack, cluster):
    stack = make_stack("kubernetes-access", lambda configuration: configure(configuration, cluster))
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def bob(asking):
    return {url: asking.signed_in(USER, url) for url in asking.gateways}


@pytest.fixture(params=["grpc_url", "http_url"])
def url(request, asking) -> str:
    return getattr(asking, request.param)


@pytest.fixture
def namespace() -> str:
    """One that nobody has asked about yet."""
    return f"team-{time.monotonic_ns()}"


def test_the_cluster_lets_somebody_in(url, asking, bob, cluster, namespace):
    cluster.allowed.add((USER, "get", "notebooks", namespace))
    before = len(cluster.access_reviews)
    for _ in range(4):
        response = bob[url].get(f"{url}/echo/ns/{namespace}/nb-1", headers=PROGRAM)
        assert response.status_code == 200, response.text[:300]
        assert response.json()["headers"]["kubeflow-userid"] == [USER]
    assert cluster.access_reviews[before:] == [{
        "user": USER, "groups": ["team-b", "system:authenticated"],
        "resourceAttributes": {
            "verb": "get", "group": "kubeflow.org", "resource": "notebooks", "namespace": namespace, "name": "nb-1"},
    }]


def test_the_cluster_keeps_somebody_out(url, asking, bob, cluster, namespace):
    before = len(cluster.access_reviews)
    with asking.nothing_reaches_an_application():
        for headers in (PROGRAM, NAVIGATION, PROGRAM):
            response = bob[url].get(f"{url}/echo/ns/{namespace}/nb-1", headers=headers)
            assert response.status_code == 403
            assert "notebooks" not in response.text
    assert len(cluster.access_reviews) - before == 1
    reference = response.json()["reference"]
    line = next(line for line in asking.gatehouse.text().splitlines() if reference in line)
    assert f"the API server does not allow {USER} to get notebooks.kubeflow.org nb-1 in namespace {namespace}" in line


def test_the_method_is_the_verb(url, asking, bob, cluster, namespace):
    cluster.allowed.add((USER, "delete", "notebooks", namespace))
    path = f"{url}/echo/ns/{namespace}/nb-1"
    assert bob[url].session.delete(path, headers=PROGRAM, timeout=20).status_code == 200
    with asking.nothing_reaches_an_application():
        assert bob[url].session.put(path, headers=PROGRAM, timeout=20).status_code == 403


@pytest.mark.parametrize("path", ["/echo/ns/", "/echo/ns", "/echo/ns/a", "/echo/ns/a%20b/x", "/echo/ns/*/x", "/echo/ns/a/"])
def test_what_a_path_does_not_name_is_not_asked(url, asking, bob, cluster, path):
    """An empty namespace or name would ask about all of them."""
    before = len(cluster.access_reviews)
    with asking.nothing_reaches_an_application():
        assert bob[url].get(url + path, headers=PROGRAM).status_code == 403
    assert len(cluster.access_reviews) == before


def test_whoever_may_enter_otherwise_is_not_asked_about(asking, cluster):
    admin, before = asking.signed_in("admin@example.com"), len(cluster.access_reviews)
    assert admin.get(f"{asking.grpc_url}/echo/team/blue/x", headers=PROGRAM).status_code == 200
    assert len(cluster.access_reviews) == before


def test_a_tenant_is_a_namespace(url, asking, bob, cluster, namespace):
    cluster.allowed.add((USER, "list", "pods", namespace))
    assert bob[url].get(f"{url}/echo/team/{namespace}/x", headers=PROGRAM).status_code == 200
    with asking.nothing_reaches_an_application():
        assert bob[url].get(f"{url}/echo/team/other-{namespace}/x", headers=PROGRAM).status_code == 403


def test_a_path_of_the_api_server(url, asking, bob, cluster):
    cluster.allowed.add((USER, "get", "/metrics", None))
    assert bob[url].get(f"{url}/echo/metrics", headers=PROGRAM).status_code == 200
    assert {"path": "/metrics", "verb": "get"} in [spec.get("nonResourceAttributes") for spec in cluster.access_reviews]


def test_nobody_is_asked_about_without_a_sign_in(url, asking, cluster, namespace):
    import requests
    before = len(cluster.access_reviews)
    with asking.nothing_reaches_an_application():
        assert requests.get(f"{url}/echo/ns/{namespace}/x", headers=PROGRAM, timeout=20).status_code == 401
    assert len(cluster.access_reviews) == before


def test_an_api_server_that_is_away_closes_the_gate(url, asking, bob, cluster, namespace):
    cluster.allowed.add((USER, "get", "notebooks", namespace))
    path, cluster.is_down = f"{url}/echo/ns/{namespace}/nb", True
    try:
        with asking.nothing_reaches_an_application():
            for headers in (PROGRAM, NAVIGATION):
                response = bob[url].get(path, headers=headers)
                assert response.status_code == 503
                # Over HTTP Envoy has an answer of its own for 5xx.
                assert url == asking.http_url or int(response.headers["retry-after"]) > 0
        # Rules that do not ask go on.
        assert bob[url].get(f"{url}/public/x", headers=PROGRAM).status_code == 200
    finally:
        cluster.is_down = False
    assert bob[url].get(path, headers=PROGRAM).status_code == 200


def test_an_api_server_that_hangs_is_away(asking, bob, cluster, namespace):
    """The answer comes before the gateway's own patience ends, and has our form."""
    url, cluster.delay = asking.grpc_url, 20.0
    try:
        began = time.monotonic()
        with asking.nothing_reaches_an_application():
            response = bob[url].get(f"{url}/echo/ns/{namespace}/nb", headers=PROGRAM)
        assert response.status_code == 503 and time.monotonic() - began < 9
        assert response.json()["error"] == "temporarily_unavailable"
    finally:
        cluster.delay = 0.0


def test_whom_it_allowed_lately_go_on_where_the_rule_says_so(make_stack, cluster, namespace):
    stack = make_stack(
        "kubernetes-known", lambda configuration: configure(configuration, cluster, cache={"allowed": "1s", "denied": "1s"}))
    try:
        bob, url = stack.signed_in(USER), stack.grpc_url
        cluster.allowed |= {(USER, "get", "lately", namespace), (USER, "get", "notebooks", namespace)}
        lately, closed = f"{url}/echo/lately/{namespace}", f"{url}/echo/ns/{namespace}/nb"
        assert [bob.get(path, headers=PROGRAM).status_code for path in (lately, closed)] == [200, 200]
        time.sleep(2)
        cluster.is_down = True
        assert [bob.get(path, headers=PROGRAM).status_code for path in (lately, closed)] == [200, 503]
        with stack.nothing_reaches_an_application():
            assert bob.get(f"{url}/echo/lately/never-{namespace}", headers=PROGRAM).status_code == 503
    finally:
        cluster.is_down = False
        stack.stop()


def test_many_requests_ask_once(asking, bob, cluster, namespace):
    cluster.allowed.add((USER, "get", "notebooks", namespace))
    before, cluster.delay = len(cluster.access_reviews), 0.3
    url = asking.grpc_url
    try:
        with concurrent.futures.ThreadPoolExecutor(30) as pool:
            answers = list(pool.map(
                lambda _: bob[url].get(f"{url}/echo/ns/{namespace}/nb", headers=PROGRAM).status_code, range(30)))
    finally:
        cluster.delay = 0.0
    assert answers == [200] * 30
    assert len(cluster.access_reviews) - before == 1


def test_our_own_token_is_read_again(asking, bob, cluster, namespace):
    cluster.allowed.add((USER, "get", "notebooks", namespace))
    cluster.renew_own_token()
    url = asking.grpc_url
    assert bob[url].get(f"{url}/echo/ns/{namespace}/nb", headers=PROGRAM).status_code == 200


def test_service_accounts_are_asked_about_as_the_cluster_knows_them(url, asking, cluster, namespace):
    account = f"{namespace}:runner"
    cluster.allowed.add((f"system:serviceaccount:{account}", "get", "notebooks", namespace))
    before = len(cluster.access_reviews)
    assert send(url, cluster.service_account_token(account), f"/echo/ns/{namespace}/nb").status_code == 200
    assert cluster.access_reviews[before]["groups"] == [
        "system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated"]


def test_a_server_of_another_authority_is_not_believed(make_stack, cluster, namespace):
    def change(configuration):
        configure(configuration, cluster)
        del configuration["authService"]["kubernetes"]["caFile"]

    stack = make_stack("kubernetes-no-ca", change)
    try:
        cluster.allowed.add((USER, "get", "notebooks", namespace))
        bob = stack.signed_in(USER)
        with stack.nothing_reaches_an_application():
            assert bob.get(f"{stack.grpc_url}/echo/ns/{namespace}/nb", headers=PROGRAM).status_code == 503
    finally:
        stack.stop()


def test_explain_says_what_would_be_asked(asking, cluster):
    before = len(cluster.access_reviews)

    def explain(path: str, *arguments: str) -> dict:
        said = subprocess.run(
            [paths.GATEHOUSE, "explain", "--json", "--config", asking.file, f"--url={asking.grpc_url}{path}", *arguments],
            capture_output=True, text=True, timeout=20, check=True, env=asking.gatehouse.environment)
        return json.loads(said.stdout)

    told = explain("/echo/ns/blue/nb", "--user", USER, "--group", "team-b", "--method", "POST")
    assert told["decision"] == "accept" and re.search(
        rf"where the Kubernetes API server allows {USER} \(groups team-b, system:authenticated\) to "
        "create notebooks.kubeflow.org nb in namespace blue", " ".join(told["reasons"]))
    told = explain("/echo/ns/blue", "--user", USER)
    assert told["status"] == 403 and "lacks" in " ".join(told["reasons"])
    assert len(cluster.access_reviews) == before
