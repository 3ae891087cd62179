"""Kubeflow's sign-in, carried over from oauth2-proxy or the OIDC AuthService together with its Dex, signs people in behind Envoy."""
import os
import re
import shlex
import subprocess

import pytest
import yaml

from support import jws, paths
from support.client import Client
from support.ledger import LEDGER
from support.stack import hash_of, password_of

USER = "user@example.com"
CLIENT = "kubeflow-oidc-authservice"
FIXTURES = paths.ROOT / "Tests/Fixtures/import"
SECRET = LEDGER.add("the-secret-of-kubeflows-client-0123456789", "client secret")
PROXY = ("oauth2-proxy", FIXTURES / "oauth2-proxy-kubeflow.yaml")
ARRIKTO = ("authservice", FIXTURES / "arrikto-kubeflow.env")


def run(*arguments, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "import", *map(str, arguments)], capture_output=True, text=True, timeout=30, check=False,
        env=os.environ | environment)


def carried_over(stack, program, file):
    """The stack runs what was imported; only ports and paths are the test's own."""
    out = stack.folder / "imported/gatehouse.yaml"
    result = run(
        program, file, "--dex", FIXTURES / "dex-kubeflow.yaml", "--public-url", stack.grpc_url, "--out", out, OIDC_CLIENT_ID=CLIENT)
    assert result.returncode == 0, result.stderr
    imported = yaml.safe_load(out.read_text())
    [secret] = imported["authService"]["secrets"]
    secret["file"] = str(out.parent / secret["file"])
    imported["listen"] = stack.configuration["listen"]
    imported["storage"] = {"sqlite": {"path": str(stack.folder / "gatehouse.db")}}
    stack.configuration.clear()
    stack.configuration.update(imported)
    stack.further_environment = {"OIDC_CLIENT_SECRET": SECRET, "DEX_USER_PASSWORD": hash_of(USER)}
    stack.start()


@pytest.fixture(scope="module")
def proxied(make_stack):
    stack = make_stack("import-oauth2-proxy", start=False)
    carried_over(stack, *PROXY)
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def serviced(make_stack):
    stack = make_stack("import-authservice", start=False)
    carried_over(stack, *ARRIKTO)
    yield stack
    stack.stop()


def signed_in(stack) -> tuple[Client, dict]:
    """Somebody who has signed in, and the headers that the application got."""
    browser = Client()
    answer = browser.sign_in(f"{stack.grpc_url}/echo/there", USER, password_of(USER))
    assert answer.status_code == 200, f"{answer.status_code} at {answer.url}"
    return browser, answer.json()["headers"]


def test_oauth2_proxys_headers_reach_the_application(proxied):
    browser, headers = signed_in(proxied)
    assert headers["x-auth-request-email"] == [USER] and headers["x-auth-request-preferred-username"] == ["user"]
    [authorization] = headers["authorization"]
    claims = jws.claims_of(authorization.removeprefix("Bearer "))
    assert (claims["iss"], claims["aud"], claims["email"]) == (f"{proxied.grpc_url}/dex", CLIENT, USER)
    assert "oauth2_proxy_kubeflow" in set(browser.session.cookies.keys())


def test_oauth2_proxys_bearer_tokens_pass(proxied):
    token = signed_in(proxied)[1]["authorization"][0]
    answer = Client().get(f"{proxied.grpc_url}/echo/there", headers={"authorization": token})
    assert answer.status_code == 200 and answer.json()["headers"]["x-auth-request-email"] == [USER]
    with proxied.nothing_reaches_an_application():
        assert Client().get(f"{proxied.grpc_url}/echo/there", headers={"authorization": token[:-4] + "AAAA"}).status_code != 200


@pytest.mark.parametrize("path", ["/pipeline/apis/v1/runs", "/api/x", "/ml_metadata/y"])
def test_oauth2_proxys_api_routes_answer_401(proxied, path):
    with proxied.nothing_reaches_an_application():
        answer = Client().get(proxied.grpc_url + path, headers={"accept": "text/html", "sec-fetch-mode": "navigate"})
    assert answer.status_code == 401


def test_oauth2_proxys_sign_out_works_at_its_address(proxied):
    browser, _ = signed_in(proxied)
    browser.get(f"{proxied.grpc_url}/oauth2/sign_out", headers={"sec-fetch-site": "none", "sec-fetch-mode": "navigate"})
    with proxied.nothing_reaches_an_application():
        assert browser.get(f"{proxied.grpc_url}/oauth2/auth").status_code == 401


def test_the_authservices_headers_reach_the_application(serviced):
    browser, headers = signed_in(serviced)
    assert headers["kubeflow-userid"] == [USER]
    forged = browser.get(f"{serviced.grpc_url}/echo/there", headers={"kubeflow-userid": "admin@example.com"})
    assert forged.json()["headers"]["kubeflow-userid"] == [USER]
    assert "authservice_session" in set(browser.session.cookies.keys())


def test_the_authservices_sign_out_works_at_its_address(serviced):
    browser, _ = signed_in(serviced)
    answer = browser.post(f"{serviced.grpc_url}/authservice/logout", headers={
        "origin": serviced.grpc_url, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"})
    assert answer.status_code == 201 and answer.json()["afterLogoutURL"]
    with serviced.nothing_reaches_an_application():
        assert browser.get(f"{serviced.grpc_url}/echo/there").status_code != 200


def test_several_files_are_read_together(tmp_path):
    """What each line is about has its own file's name; standard output holds no secret."""
    (tmp_path / "proxy.cfg").write_text('provider = "oidc"\nclient_id = "apps"\nbanner = "-"\nemail_domains = ["*"]\n')
    (tmp_path / "proxy.env").write_text(
        f"OAUTH2_PROXY_CLIENT_SECRET={SECRET}\nOAUTH2_PROXY_REDIRECT_URL=https://apps.example.com/oauth2/callback\n")
    result = run("oauth2-proxy", tmp_path / "proxy.cfg", tmp_path / "proxy.env", "--issuer", "https://sso.example.com")
    assert result.returncode == 0, result.stderr
    [provider] = yaml.safe_load(result.stdout)["authService"]["providers"]
    assert (provider["issuer"], provider["clientID"]) == ("https://sso.example.com", "apps")
    assert SECRET not in result.stdout + result.stderr
    assert f"{tmp_path}/proxy.cfg:3: not carried over: banner: " in result.stderr


@pytest.mark.parametrize("program, text, says", [
    ("oauth2-proxy", "a = 1", "no option of oauth2-proxy"), ("oauth2-proxy", "[a]", "line 1: tables"),
    ("authservice", "A=1", "no OIDC_PROVIDER"), ("authservice", "a: [", "line 1: this is no `NAME=value`")])
def test_what_is_no_configuration_is_said(tmp_path, program, text, says):
    (tmp_path / "x").write_text(text)
    result = run(program, tmp_path / "x")
    assert (result.returncode, result.stdout) == (1, "") and says in result.stderr
    missing = run(program, tmp_path / "missing")
    assert missing.returncode == 1 and "cannot be read" in missing.stderr


def test_foreign_text_is_printed_without_secrets_and_control_characters(tmp_path):
    (tmp_path / "dex.yaml").write_text(f'issuer: a\nsecret: "{SECRET}" more\n')
    broken = run("dex", tmp_path / "dex.yaml")
    assert broken.returncode == 1 and "not YAML: line 2: " in broken.stderr and SECRET not in broken.stdout + broken.stderr
    (tmp_path / "proxy.cfg").write_text('provider = "oidc"\n"\\u001b[31mnews" = 1\n')
    result = run("oauth2-proxy", tmp_path / "proxy.cfg")
    assert result.returncode == 0 and ":2: not carried over: ?[31mnews: " in result.stderr and "\x1b" not in result.stderr


def test_a_path_of_one_segment_does_not_open_what_is_below(tmp_path):
    (tmp_path / "proxy.cfg").write_text(
        'provider = "oidc"\nemail_domains = ["*"]\nskip_auth_routes = ["^/public/[^/]+$", "^/[^/]+$", "^/open/"]\n')
    result = run("oauth2-proxy", tmp_path / "proxy.cfg")
    rules = yaml.safe_load(result.stdout)["authService"]["rules"]
    assert rules == [{"paths": ["/open/*"], "allow": "anyone"}, {"allow": "signedIn"}]
    assert result.stderr.count("until then it is closed") == 2


def test_a_dump_with_two_programs_is_refused(tmp_path):
    objects = [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
         "spec": {"template": {"spec": {"containers": [{"name": "oauth2-proxy", "args": ["--provider=oidc"]}]}}}}
        for name in ["one", "two"]]
    (tmp_path / "all.yaml").write_text(yaml.safe_dump_all(objects))
    result = run("oauth2-proxy", tmp_path / "all.yaml")
    assert (result.returncode, result.stdout) == (1, "") and "`Deployment/one`, `Deployment/two`" in result.stderr


# The page that tells of it.

PAGE = (paths.ROOT / "docs/migrating.md").read_text()
# What stands in the files that its commands name.
FILES = {
    "dex.yaml": "dex-kubeflow.yaml", "oauth2-proxy.cfg": "oauth2-proxy-kubeflow.cfg", "oauth2-proxy.yaml": "oauth2-proxy-kubeflow.yaml",
    "params.env": "arrikto-kubeflow.env", "config.json": "istio-authservice.json"}
VARIABLES = {
    "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET, "DEX_USER_PASSWORD": hash_of(USER)}


def check(file) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "config", "check", file], capture_output=True, text=True, timeout=30, check=False, env=os.environ | VARIABLES)


@pytest.mark.parametrize("command", re.findall(r"^gatehouse (import .*)$", PAGE, re.M))
def test_a_command_of_the_page_writes_a_good_configuration(command, tmp_path):
    for name, fixture in FILES.items():
        (tmp_path / name).write_text((FIXTURES / fixture).read_text())
    result = subprocess.run(
        [paths.GATEHOUSE, *shlex.split(command)], capture_output=True, text=True, timeout=30, check=False, cwd=tmp_path,
        env=os.environ | VARIABLES)
    assert result.returncode == 0, result.stderr
    checked = check(tmp_path / "gatehouse.yaml")
    assert checked.returncode == 0, checked.stderr


def test_the_pages_example_becomes_what_it_says(tmp_path):
    [given] = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.S | re.M)
    [expected] = [text for text in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.S | re.M) if text.startswith("authService:")]
    (tmp_path / "proxy.cfg").write_text(given)
    result = run("oauth2-proxy", tmp_path / "proxy.cfg")
    assert result.returncode == 0 and result.stdout == expected, result.stderr
