"""Debian's glewlwyd, a single sign-on server, as an OpenID provider on loopback."""
import contextlib
import http.client
import json
import pathlib
import secrets
import sqlite3
import urllib.parse

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.client import Client
from support.ledger import LEDGER
from support.listener import Listener, send
from support.ports import answers, free_ports
from support.program import Program

SCHEMA = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"
ADMINISTRATOR = {"username": "admin", "password": "password"}  # as Debian's schema has it
CONFIGURATION = """
port={port}
bind_address="127.0.0.1"
external_url="{url}"
login_url="login.html"
api_prefix="api"
static_files_path="/usr/share/glewlwyd/webapp/"
log_mode="console"
log_level="WARNING"
cookie_secure=0
session_expiration=3600
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="/usr/lib/glewlwyd/user"
user_middleware_module_path="/usr/lib/glewlwyd/user_middleware"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
hash_algorithm="SHA512"
database={{ type="sqlite3" path="{database}" }};
"""
# Its OpenID Connect plugin's parameters; what is not here is off.
PLUGIN = {
    "jwt-type": "rsa", "jwt-key-size": "256", "access-token-duration": 300, "refresh-token-duration": 86400, "code-duration": 60,
    "refresh-token-rolling": True, "refresh-token-one-use": "always", "allow-non-oidc": False, "auth-type-code-enabled": True,
    "auth-type-code-revoke-replayed": True, "auth-type-token-enabled": False, "auth-type-id-token-enabled": False,
    "auth-type-none-enabled": False, "auth-type-password-enabled": False, "auth-type-client-enabled": False,
    "auth-type-device-enabled": False, "auth-type-refresh-enabled": True, "jwks-show": True, "request-parameter-allow": False,
    "secret-type": "public", "oauth-as-iss-id": True, "name-claim": "mandatory", "email-claim": "mandatory", "scope-claim": "no",
    "claims": [
        {"name": "email_verified", "user-property": "address-is-verified", "type": "boolean", "boolean-value-true": "yes",
         "boolean-value-false": "no", "mandatory": True, "on-demand": False, "scope": []},
    ],
    "pkce-allowed": True, "pkce-required": True, "pkce-method-plain-allowed": False,
    "introspection-revocation-allowed": True, "introspection-revocation-allow-target-client": True,
    "session-management-allowed": True, "session-cookie-name": "GLEWLWYD2_OIDC_SID", "session-cookie-expiration": 3600,
    "front-channel-logout-allowed": False, "back-channel-logout-allowed": True,
}


def add_property(database: sqlite3.Connection, table: str, column: str, name: str, multiple: bool) -> None:
    """Lets clients, or users, have a property that Debian's schema does not foresee."""
    parameters = json.loads(database.execute(f"select {column} from {table}").fetchone()[0])
    parameters["data-format"][name] = {"multiple": multiple, "read": True, "write": True}
    database.execute(f"update {table} set {column} = ?", [json.dumps(parameters)])


def key_pair() -> tuple[str, str]:
    """An RSA key, private and public, in PEM."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(),
        private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode())


class Glewlwyd:
    """One server, with one client and one user (`diana`). Asked through a listener of ours that notes what is asked."""

    entry = {"scopes": ["openid", "email", "profile"]}
    # Discovery, authorization, token, keys.
    steps = ["GET /.well-known/openid-configuration", "GET /auth", "POST /token", "GET /jwks"]
    revocation = "POST /revoke"

    @staticmethod
    def issuer_at(port: int) -> str:
        return f"http://127.0.0.1:{port}/api/oidc"

    def __init__(self, port: int, folder: pathlib.Path, client_id: str, client_secret: str, redirect_uris: list[str]):
        self.folder = folder / "glewlwyd"
        self.folder.mkdir()
        self.url = f"http://127.0.0.1:{port}"
        self.issuer = self.issuer_at(port)
        self.end_session = f"{self.issuer}/end_session?"
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.client_id = client_id
        self._inner = free_ports(1)[0]
        # The server itself, without the listener.
        self.direct = f"http://127.0.0.1:{self._inner}"
        self._password = LEDGER.add(secrets.token_urlsafe(16), "password of diana")
        self._database = self.folder / "glewlwyd.db"
        with contextlib.closing(sqlite3.connect(self._database)) as database:
            database.executescript(pathlib.Path(SCHEMA).read_text())
            add_property(database, "g_client_module_instance", "gcmi_parameters", "post_logout_redirect_uris", True)
            add_property(database, "g_user_module_instance", "gumi_parameters", "address-is-verified", False)
            database.commit()
        (self.folder / "glewlwyd.conf").write_text(
            CONFIGURATION.format(port=self._inner, url=self.url, database=self._database))
        self.program = Program(
            "glewlwyd", ["/usr/bin/glewlwyd", "--config-file", self.folder / "glewlwyd.conf"], self.folder)
        self.program.start()
        self.program.wait_until(lambda: answers(self._inner), "listening")
        self._set_up(client_secret, redirect_uris)
        self._listener = Listener(port, self._forward)

    def stop(self) -> None:
        self._listener.stop()
        self.program.stop()

    # Set up over its administration API.

    def _set_up(self, client_secret: str, redirect_uris: list[str]) -> None:
        admin = requests.Session()
        admin.trust_env = False

        def ask(method: str, path: str, content: dict) -> None:
            answer = admin.request(method, f"http://127.0.0.1:{self._inner}/api/{path}", json=content, timeout=20)
            assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"

        ask("POST", "auth/", ADMINISTRATOR)
        for scope in ("openid", "email", "profile"):
            self._ask_unless_there(admin, scope)
        private, public = key_pair()
        ask("POST", "mod/plugin/", {
            "module": "oidc", "name": "oidc", "display_name": "OpenID Connect", "enabled": True, "parameters": PLUGIN | {
                "iss": self.issuer, "key": private, "cert": public}})
        ask("POST", "user/", {
            "username": "diana", "name": "Diana Prince", "email": "diana@example.org", "password": self._password,
            "scope": ["openid", "email", "profile", "g_profile"], "enabled": True, "address-is-verified": "yes"})
        ask("POST", "client/", {
            "client_id": self.client_id, "name": "Gatehouse", "client_secret": client_secret, "confidential": True, "enabled": True,
            "redirect_uri": redirect_uris, "authorization_type": ["code", "refresh_token", "delete_token"],
            "token_endpoint_auth_method": ["client_secret_basic"], "scope": [],
            "post_logout_redirect_uris": [uri.replace("/callback", "/sign-out") for uri in redirect_uris]})

    def _ask_unless_there(self, admin: requests.Session, scope: str) -> None:
        place = f"http://127.0.0.1:{self._inner}/api/scope/"
        content = {"name": scope, "display_name": scope, "password_required": True, "password_max_age": 0}
        if admin.get(place + scope, timeout=20).status_code == 404:
            answer = admin.post(place, json=content, timeout=20)
            assert answer.status_code == 200, f"{scope}: {answer.text}"

    # What a person does.

    def is_login(self, target: str) -> bool:
        return urllib.parse.urlsplit(target).path.endswith("/login.html")

    def sign_in(self, client: Client, response: requests.Response) -> requests.Response:
        """From the redirect to its login page to the redirect back to us, which is not followed."""
        target = urllib.parse.urlsplit(response.headers["location"])
        assert target.path.endswith("/login.html"), response.headers["location"]
        goes_on = dict(urllib.parse.parse_qsl(target.query))["callback_url"]
        self.enter(client)
        return client.get(f"{goes_on}&g_continue")

    def enter(self, client: Client) -> None:
        """Types the password, and allows the client what it asks for."""
        answer = client.session.post(
            f"{self.url}/api/auth/", json={"username": "diana", "password": self._password}, timeout=20)
        assert answer.status_code == 200, answer.text
        answer = client.session.put(
            f"{self.url}/api/auth/grant/{self.client_id}", json={"scope": "openid email profile"}, timeout=20)
        assert answer.status_code == 200, answer.text

    def sign_out(self, client: Client, response: requests.Response) -> requests.Response:
        """From the redirect to its end session endpoint, over its question, back to us."""
        response = client.follow(response, until=self.is_login)
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(response.headers["location"]).query))
        assert asked["prompt"] == "end_session", asked
        assert client.session.delete(f"{self.url}/api/auth/", timeout=20).status_code == 200
        return client.get(asked["callback_url"])

    def is_revoked(self) -> bool:
        """The refresh token that it gave last."""
        with contextlib.closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
            row = database.execute("select gpor_enabled from gpo_refresh_token order by gpor_id desc limit 1").fetchone()
        return row[0] == 0

    def _forward(self, handler, body: bytes) -> None:
        onward = http.client.HTTPConnection("127.0.0.1", self._inner, timeout=20)
        onward.request(handler.command, handler.path, body, dict(handler.headers.items()))
        answer = onward.getresponse()
        content, path = answer.read(), urllib.parse.urlsplit(handler.path).path
        # Noted when it is done: whoever reads the database by then is in nobody's way.
        self.requests.append(f"{handler.command} {path.removeprefix('/api/oidc').rstrip('/')}")
        ours = ("transfer-encoding", "content-length", "connection", "date", "server")
        send(handler, answer.status, content, [
            (name, value) for name, value in answer.getheaders() if name.lower() not in ours])
        onward.close()
