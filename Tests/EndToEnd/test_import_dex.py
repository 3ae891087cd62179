"""A Dex configuration that was imported signs people in."""
import os
import stat
import subprocess

import pytest
import yaml

from support import jws, paths
from support.client import Client
from support.ledger import LEDGER
from support.stack import ClientAccount, hash_of, password_of
from support.code_flow import code_for, exchange, refresh

USER = "user@example.com"
KUBEFLOW = paths.ROOT / "Tests/Fixtures/import/dex-kubeflow.yaml"
EVERYTHING = paths.ROOT / "Tests/Fixtures/import/dex-everything.yaml"
SECRET = LEDGER.add("the-secret-of-kubeflows-client-0123456789", "client secret")


def run(*arguments, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "import", "dex", *map(str, arguments)], capture_output=True, text=True, timeout=30, check=False,
        env=os.environ | environment)


@pytest.fixture(scope="module")
def own(make_stack, tmp_path_factory):
    """The auth service in front of the imported provider."""
    stack = make_stack("import-dex", start=False)
    out = tmp_path_factory.mktemp("dex") / "gatehouse.yaml"
    result = run(KUBEFLOW, "--issuer", stack.issuer, "--out", out, OIDC_CLIENT_ID="kubeflow")
    assert result.returncode == 0, result.stderr
    provider = yaml.safe_load(out.read_text())["provider"]
    [client] = provider["clients"]
    assert client["redirectURIs"] == [stack.issuer.removesuffix("/dex") + "/oauth2/callback"]
    ours = stack.configuration["provider"]["clients"][0]
    client["redirectURIs"] += ours["redirectURIs"]
    stack.configuration["provider"] = provider
    stack.configuration["authService"]["providers"][0]["clientID"] = "kubeflow"
    stack.further_environment = {"OIDC_CLIENT_SECRET": SECRET, "DEX_USER_PASSWORD": hash_of(USER)}
    stack.start()
    yield stack
    stack.stop()


def test_kubeflows_user_signs_in_at_the_gateway(own):
    browser = Client()
    answer = browser.sign_in(f"{own.grpc_url}/echo/there", USER, password_of(USER))
    assert answer.status_code == 200 and answer.json()["headers"]["kubeflow-userid"] == [USER]


def test_kubeflows_client_works_unchanged(own):
    account = ClientAccount("kubeflow", SECRET, own.issuer.removesuffix("/dex") + "/oauth2/callback")
    got = exchange(own, account, code_for(own, account, email=USER))
    assert got.status_code == 200, got.text
    claims = jws.claims_of(got.json()["id_token"])
    assert (claims["email"], claims["name"], claims["aud"]) == (USER, "user", "kubeflow")
    # Dex's own subject: the user's id and the connector's, as a message of protobuf.
    assert claims["sub"] == "Cg4xNTg0MTE4NTY0MTc4NBIFbG9jYWw"
    assert refresh(own, account, got.json()["refresh_token"]).status_code == 200


def test_secrets_get_files_that_nobody_else_reads(tmp_path):
    out = tmp_path / "there" / "gatehouse.yaml"
    result = run(EVERYTHING, "--out", out)
    assert result.returncode == 0, result.stderr
    secret = out.parent / "secrets/client-wiki.secret"
    assert secret.read_text() == "a-secret-of-the-wiki" and "a-secret-of-the-wiki" not in out.read_text()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (secret, out)} == {0o600}
    assert f"{EVERYTHING}:42: not carried over: expiry.refreshTokens.disableRotation: " in result.stderr
    # Nothing is written over, and nothing at all where one file is there.
    out.unlink()
    again = run(EVERYTHING, "--out", out)
    assert again.returncode == 1 and "is there already" in again.stderr and not out.exists()


def test_standard_output_holds_no_secret():
    result = run(EVERYTHING)
    assert result.returncode == 0 and yaml.safe_load(result.stdout)["provider"]["issuer"] == "https://dex.example.com/dex"
    assert "a-secret-of-the-wiki" not in result.stdout + result.stderr
    assert "not written without --out: secrets/client-wiki.secret" in result.stderr


@pytest.mark.parametrize("text, says", [("a: 1", "no `issuer`"), ("- 1", "not one YAML mapping"), ("a: [", "not YAML")])
def test_what_is_no_dex_configuration_is_said(tmp_path, text, says):
    (tmp_path / "x.yaml").write_text(text)
    result = run(tmp_path / "x.yaml")
    assert (result.returncode, result.stdout) == (1, "") and says in result.stderr
    missing = run(tmp_path / "missing.yaml")
    assert missing.returncode == 1 and "cannot be read" in missing.stderr
