"""`gatehouse config example --for kubeflow`, run as it is printed: the distribution's user, its headers, its paths."""
import json
import subprocess
import time

import pytest
import yaml

from support import jws, paths
from support.client import NAVIGATION, Client
from support.ledger import LEDGER

USER = "user@example.com"
PASSWORD = "12341234"  # the distribution's own, known to everybody
CLUSTER = "https://kubernetes.default.svc.cluster.local"
ACCOUNT = "system:serviceaccount:team-a:default-editor"
KEY = jws.Key("cluster")
SCRIPT = {"accept": "application/json", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}


@pytest.fixture(scope="module")
def own(make_stack):
    printed = subprocess.run(
        [paths.GATEHOUSE, "config", "example", "--for", "kubeflow"], capture_output=True, text=True, timeout=20)
    assert printed.returncode == 0, printed.stderr

    def change(configuration):
        listen = configuration["listen"]
        example = yaml.safe_load(printed.stdout.replace("https://kubeflow.example.com", stack.grpc_url))
        configuration.clear()
        configuration.update(example | {"listen": listen})

    stack = make_stack("kubeflow", start=False)
    change(stack.configuration)
    (stack.folder / "cluster.jwks").write_text(json.dumps({"keys": [KEY.jwk()]}))
    stack.start()
    yield stack
    stack.stop()


def signed_in(own) -> Client:
    browser = Client()
    assert browser.sign_in(f"{own.grpc_url}/echo/", USER, PASSWORD).status_code == 200
    return browser


def account_token(**changes) -> str:
    now = int(time.time())
    return LEDGER.add(KEY.sign({
        "iss": CLUSTER, "sub": ACCOUNT, "aud": [CLUSTER], "iat": now, "nbf": now, "exp": now + 600} | changes), "account token")


def test_the_distributions_user_signs_in(own):
    forged = NAVIGATION | {"kubeflow-userid": "root@example.com", "kubeflow-groups": "admins", "x-auth-request-email": "root"}
    answer = signed_in(own).get(f"{own.grpc_url}/echo/", headers=forged)
    seen = answer.json()["headers"]
    assert seen["kubeflow-userid"] == [USER] and "kubeflow-groups" not in seen
    assert "root" not in json.dumps(seen) and "admins" not in json.dumps(seen)


def test_the_sign_in_ends_where_oauth2_proxys_did(own):
    start = Client().get(f"{own.grpc_url}/echo/")
    assert start.status_code == 302 and "%2Foauth2%2Fcallback" in start.headers["location"]


@pytest.mark.parametrize("path", ["/echo/apis/v2beta1/runs", "/api/workgroup/exists", "/ml_metadata.MetadataStoreService/Get"])
def test_scripts_paths_get_401_and_no_sign_in(own, path):
    for headers in (NAVIGATION, SCRIPT):
        with own.nothing_comes_of_it():
            answer = Client().get(own.grpc_url + path, headers=headers)
        assert answer.status_code == 401 and "location" not in answer.headers
    assert signed_in(own).get(own.grpc_url + path, headers=SCRIPT).status_code == 200


def test_a_service_account_is_itself_and_nobody_else(own):
    headers = SCRIPT | {"kubeflow-userid": USER, "kubeflow-groups": "admins"}
    answer = Client().get(f"{own.grpc_url}/echo/apis/x", headers=headers | {"authorization": f"Bearer {account_token()}"})
    assert answer.status_code == 200, answer.text[:300]
    seen = answer.json()["headers"]
    assert seen["kubeflow-userid"] == [ACCOUNT] and "kubeflow-groups" not in seen
    for token in (account_token(aud=["pipelines.kubeflow.org"]), account_token(iss="https://elsewhere.example"), "x"):
        with own.nothing_comes_of_it():
            refused = Client().get(f"{own.grpc_url}/echo/apis/x", headers=headers | {"authorization": f"Bearer {token}"})
        assert refused.status_code == 401


def test_the_dashboards_button_signs_out(own):
    browser = signed_in(own)
    click = browser.get(f"{own.grpc_url}/oauth2/sign_out", headers=NAVIGATION | {"sec-fetch-site": "same-origin"})
    assert click.status_code == 303 and click.headers["location"].startswith(f"{own.issuer}/")
    with own.nothing_reaches_an_application():
        assert browser.get(f"{own.grpc_url}/echo/").status_code == 302


@pytest.mark.parametrize("path", ["/authservice/logout", "/oauth2/sign_out"])
def test_a_posting_button_is_told_where_to_go(own, path):
    browser = signed_in(own)
    answer = browser.post(own.grpc_url + path, headers=SCRIPT | {"origin": own.grpc_url, "sec-fetch-site": "same-origin"})
    assert answer.status_code == 201 and answer.json()["afterLogoutURL"].startswith(f"{own.issuer}/")
    with own.nothing_reaches_an_application():
        assert browser.get(f"{own.grpc_url}/echo/").status_code == 302
