"""gatehouse login and gatehouse token: a person signs in from the command line, by a browser on this machine or by a code."""
import json
import secrets
import subprocess
import time
import urllib.parse

import pytest

from support import jws, paths
from support.client import Client
from support.ledger import LEDGER
from support.listener import Listener, send_json
from support.ports import free_ports
from support.stack import password_of


def run(home, *arguments, timeout: int = 60) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "XDG_DATA_HOME": str(home / "data")})


def start(home, *arguments) -> subprocess.Popen:
    return subprocess.Popen(
        [paths.GATEHOUSE, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "XDG_DATA_HOME": str(home / "data")})


def logins(home) -> list[dict]:
    for login in (content := json.loads((home / "data/gatehouse/logins.json").read_text())):
        for name in ("access_token", "refresh_token", "id_token"):
            LEDGER.add(login.get(name), f"{name} of the command line")
    return content


@pytest.fixture(scope="module")
def guarded(make_stack):
    def change(configuration):
        configuration["provider"]["clients"].append(
            {"id": "cli", "public": True, "name": "Command line", "redirectURIs": ["http://127.0.0.1/callback"]})
        configuration["authService"]["bearer"] = [
            {"issuer": configuration["provider"]["issuer"], "audiences": ["cli"], "tokenType": "at+jwt", "userinfo": True}]

    stack = make_stack("login-command", change)
    yield stack
    stack.stop()


def login_by_browser(guarded, home) -> subprocess.CompletedProcess:
    process = start(home, "login", "--issuer", guarded.issuer, "--client", "cli", "--no-browser")
    lines = [process.stderr.readline(), process.stderr.readline()]
    address = lines[1].strip()
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
    assert query["code_challenge_method"] == ["S256"] and query["redirect_uri"][0].startswith("http://127.0.0.1:")
    response = Client().sign_in(address, "bob@example.com", password_of("bob@example.com"))
    assert response.status_code == 200 and "close this window" in response.text
    output, errors = process.communicate(timeout=30)
    return subprocess.CompletedProcess([], process.returncode, output, errors)


def test_login_by_browser_and_token(guarded, tmp_path):
    done = login_by_browser(guarded, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Signed in as bob@example.com." in done.stdout
    login = logins(tmp_path)[0]
    assert login["issuer"] == guarded.issuer and login["client_id"] == "cli" and login["refresh_token"]
    for path in ("data/gatehouse/logins.json", "data/gatehouse/lock"):
        assert (tmp_path / path).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data/gatehouse").stat().st_mode & 0o777 == 0o700

    printed = run(tmp_path, "token")
    assert printed.returncode == 0 and printed.stdout.strip() == login["access_token"], printed.stderr
    import requests
    for url in guarded.gateways:
        response = requests.get(
            f"{url}/echo/", headers={"authorization": f"Bearer {printed.stdout.strip()}"}, timeout=20)
        assert response.status_code == 200 and response.json()["headers"]["kubeflow-userid"] == ["bob@example.com"]


def test_token_for_kubectl(guarded, tmp_path):
    assert login_by_browser(guarded, tmp_path).returncode == 0
    printed = run(tmp_path, "token", "--kubectl")
    credential = json.loads(printed.stdout)
    assert credential["apiVersion"] == "client.authentication.k8s.io/v1" and credential["kind"] == "ExecCredential"
    token = LEDGER.add(credential["status"]["token"], "ID token of the command line")
    claims = jws.claims_of(token)
    assert claims["aud"] == "cli" and claims["email"] == "bob@example.com"
    expiry = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(claims["exp"]))
    assert credential["status"]["expirationTimestamp"] == expiry
    assert run(tmp_path, "token", "--id-token").stdout.strip() == token


def test_an_expired_token_is_refreshed_once_over_all_commands(guarded, tmp_path):
    assert login_by_browser(guarded, tmp_path).returncode == 0
    content = logins(tmp_path)
    content[0]["access_expires_at"] = int(time.time()) - 5
    (tmp_path / "data/gatehouse/logins.json").write_text(json.dumps(content))
    commands = [start(tmp_path, "token") for _ in range(5)]
    tokens = {LEDGER.add(command.communicate(timeout=60)[0].strip(), "access token") for command in commands}
    assert len(tokens) == 1 and tokens != {content[0]["access_token"]}
    renewed = logins(tmp_path)[0]
    assert renewed["access_token"] in tokens and renewed["refresh_token"] != content[0]["refresh_token"]


def test_a_reply_with_another_state_is_not_taken(guarded, tmp_path):
    process = start(tmp_path, "login", "--issuer", guarded.issuer, "--client", "cli", "--no-browser")
    try:
        address = [process.stderr.readline(), process.stderr.readline()][1].strip()
        callback = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["redirect_uri"][0]
        assert Client().get(f"{callback}?code=stolen&state=guessed").status_code == 400
        assert Client().get(callback.replace("/callback", "/")).status_code == 400
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()


def test_without_a_login_there_is_no_token(tmp_path):
    printed = run(tmp_path, "token")
    assert printed.returncode == 1 and "gatehouse login" in printed.stderr and not printed.stdout


def test_a_provider_that_is_away_is_said_so(tmp_path):
    done = run(tmp_path, "login", "--issuer", f"http://127.0.0.1:{free_ports(1)[0]}", "--client", "cli", "--no-browser")
    assert done.returncode == 1 and "cannot be asked" in done.stderr


class DeviceProvider:
    """A provider with a device endpoint: says what `answers` holds, one at a time, then grants."""

    def __init__(self, port: int):
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = jws.Key("device")
        self.answers: list[dict] = []
        self.has_endpoint = True
        self.has_keys, self.expires_in = True, 300
        self.gives_refresh_tokens, self.refresh_token = False, None
        self.refreshes: list[str] = []
        self.asked: list[float] = []
        self.device_code = LEDGER.add(secrets.token_urlsafe(24), "device code")
        self._listener = Listener(port, lambda handler, body: self.answer(
            handler, {name: values[0] for name, values in urllib.parse.parse_qs(body.decode()).items()}))

    def stop(self) -> None:
        self._listener.stop()

    def answer(self, handler, form: dict) -> None:
        path = handler.path
        if path == "/.well-known/openid-configuration":
            document = {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/a", "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys", "id_token_signing_alg_values_supported": ["RS256"],
            }
            if self.has_endpoint:
                document["device_authorization_endpoint"] = f"{self.issuer}/device"
            return send_json(handler, document)
        if path == "/keys":
            return send_json(handler, {"keys": [self.key.jwk()]}, 200 if self.has_keys else 503)
        if path == "/device":
            assert form["client_id"] == "cli" and "openid" in form["scope"]
            return send_json(handler, {
                "device_code": self.device_code, "user_code": "WDJB-MJHT", "verification_uri": f"{self.issuer}/enter",
                "verification_uri_complete": f"{self.issuer}/enter?user_code=WDJB-MJHT", "expires_in": 60, "interval": 1,
            })
        if path == "/token":
            self.asked.append(time.monotonic())
            assert form["client_id"] == "cli"
            if form["grant_type"] == "refresh_token":
                self.refreshes.append(form["refresh_token"])
                if form["refresh_token"] != self.refresh_token:
                    return send_json(handler, {"error": "invalid_grant"}, 400)
            else:
                assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:device_code"
                assert form["device_code"] == self.device_code
            if self.answers:
                return send_json(handler, self.answers.pop(0), 400)
            now = int(time.time())
            claims = {
                "iss": self.issuer, "sub": "s-1", "aud": "cli", "iat": now, "exp": now + 300, "email": "dana@example.com",
                "email_verified": True,
            }
            return send_json(handler, {
                "access_token": LEDGER.add(secrets.token_urlsafe(24), "access token"), "token_type": "Bearer",
                "expires_in": self.expires_in, "id_token": LEDGER.add(self.key.sign(claims), "ID token"),
            } | self._next_refresh_token())
        return send_json(handler, {}, 404)


    def _next_refresh_token(self) -> dict:
        """Each is good once."""
        if not self.gives_refresh_tokens:
            return {}
        self.refresh_token = LEDGER.add(secrets.token_urlsafe(24), "refresh token")
        return {"refresh_token": self.refresh_token}


@pytest.fixture
def device_provider():
    provider = DeviceProvider(free_ports(1)[0])
    yield provider
    provider.stop()


def test_login_by_device_code(device_provider, tmp_path):
    device_provider.answers = [{"error": "authorization_pending"}, {"error": "authorization_pending"}]
    done = run(tmp_path, "login", "--device", "--issuer", device_provider.issuer, "--client", "cli")
    assert done.returncode == 0, done.stderr
    assert "WDJB-MJHT" in done.stdout and f"{device_provider.issuer}/enter" in done.stdout
    assert "Signed in as dana@example.com." in done.stdout
    assert len(device_provider.asked) == 3
    assert run(tmp_path, "token").stdout.strip() == logins(tmp_path)[0]["access_token"]


def test_a_new_refresh_token_outlives_keys_that_are_away(device_provider, tmp_path):
    """The ID token that comes with it cannot be verified at the moment; the refresh token that was used is spent all the same."""
    device_provider.gives_refresh_tokens, device_provider.expires_in = True, 10
    assert run(tmp_path, "login", "--device", "--issuer", device_provider.issuer, "--client", "cli").returncode == 0
    device_provider.has_keys = False
    failed = run(tmp_path, "token")
    assert failed.returncode == 1 and "the provider cannot be asked" in failed.stderr
    device_provider.has_keys = True
    done = run(tmp_path, "token")
    assert done.returncode == 0 and done.stdout.strip() == logins(tmp_path)[0]["access_token"], done.stderr
    assert len(device_provider.refreshes) == len(set(device_provider.refreshes)) == 2


def test_slow_down_is_heeded(device_provider, tmp_path):
    device_provider.answers = [{"error": "slow_down"}]
    assert run(tmp_path, "login", "--device", "--issuer", device_provider.issuer, "--client", "cli").returncode == 0
    assert device_provider.asked[1] - device_provider.asked[0] >= 5.5


@pytest.mark.parametrize("error", ["access_denied", "expired_token", "invalid_client", "\x1b[31mred"])
def test_a_no_ends_the_login(device_provider, tmp_path, error):
    device_provider.answers = [{"error": error}] * 3
    done = run(tmp_path, "login", "--device", "--issuer", device_provider.issuer, "--client", "cli")
    assert done.returncode == 1 and "not signed in" in done.stderr and "\x1b" not in done.stderr
    assert len(device_provider.asked) == 1
    assert not (tmp_path / "data/gatehouse/logins.json").exists()


def test_a_provider_without_the_endpoint_is_said_so(device_provider, tmp_path):
    device_provider.has_endpoint = False
    done = run(tmp_path, "login", "--device", "--issuer", device_provider.issuer, "--client", "cli")
    assert done.returncode == 1 and "device_authorization_endpoint" in done.stderr
