"""An OpenID provider that signs whatever a test tells it to, and lets everybody in."""
import base64
import secrets
import ssl
import threading
import time
import urllib.parse
from collections.abc import Callable

from support.jws import Key, at_hash
from support.ledger import LEDGER
from support.listener import Listener, send, send_json


class ScriptedProvider:
    """Serves discovery, authorization, token, keys and userinfo on loopback.

    Everybody is signed in as `subject` without a page. A test sets `write_token`, which gets the right claims and returns the ID
    token, and can change `callback` (the parameters of the redirect) and `token_response` (the JSON).
    """

    def __init__(self, port: int, client_id: str, client_secret: str, tls: ssl.SSLContext | None = None):
        self.port = port
        self.issuer = f"http://127.0.0.1:{port}"
        self.client_id = client_id
        self.client_secret = client_secret
        self.key = Key("right")
        self.elliptic_key = Key("right-ec", "ES256")
        self.other_key = Key("other")
        self.requests: list[str] = []
        self.refreshes: list[str] = []
        # How each request to the token endpoint was authenticated: "header" or "body".
        self.authentications: list[str] = []
        # And with what secret.
        self.client_secrets: list[str] = []
        # Cleared by a test that wants the provider to be silent.
        self.hangs_at_refresh = threading.Event()
        self._refresh_tokens: dict[str, str] = {}
        self._nonces: dict[str, str] = {}
        self.reset()
        self._listener = Listener(port, self.answer, tls)

    def reset(self) -> None:
        """Back to good behaviour."""
        self.write_token: Callable[[dict], str] = self.key.sign
        self.callback: Callable[[dict], dict] = lambda parameters: parameters
        self.token_response: Callable[[dict], dict] = lambda response: response
        self.discovery: Callable[[dict], dict] = lambda document: document
        self.subject = "subject-1"
        self.is_away = False
        self.userinfo_status = 200
        self.hangs_at_refresh.set()
        self.expires_in = 300
        self.groups = ["outside"]
        self.session_id = secrets.token_urlsafe(12)
        self.revoked: list[str] = []
        self.ended: list[dict] = []
        self.access_token = secrets.token_urlsafe(24)
        LEDGER.add(self.access_token, "access token of the scripted provider")

    def stop(self) -> None:
        self._listener.stop()

    def claims(self, nonce: str | None) -> dict:
        """What a right ID token says."""
        now = int(time.time())
        return {
            "iss": self.issuer, "sub": self.subject, "aud": self.client_id, "iat": now, "exp": now + 300, "nonce": nonce,
            "at_hash": at_hash(self.access_token), "email": "eve@example.org", "email_verified": True,
            "name": "Eve Example", "groups": self.groups, "sid": self.session_id,
        }

    def logout_token(self, **changes) -> str:
        """A notice of sign-out (Back-Channel Logout, section 2.4) with some claims changed; None takes a claim away."""
        claims = {
            "iss": self.issuer, "aud": self.client_id, "iat": int(time.time()), "jti": secrets.token_urlsafe(12),
            "sid": self.session_id, "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        } | changes
        token = self.key.sign({name: value for name, value in claims.items() if value is not None}, typ="logout+jwt")
        return LEDGER.add(token, "logout token")

    def answer(self, handler, body: bytes) -> None:
        target = urllib.parse.urlsplit(handler.path)
        self.requests.append(f"{handler.command} {target.path}")
        query = {name: values[0] for name, values in urllib.parse.parse_qs(target.query).items()}
        form = {name: values[0] for name, values in urllib.parse.parse_qs(body.decode()).items()}
        if target.path == "/.well-known/openid-configuration":
            self._json(handler, self.discovery({
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "end_session_endpoint": f"{self.issuer}/end-session",
                "revocation_endpoint": f"{self.issuer}/revoke",
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256", "ES256"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            }))
        elif target.path in ("/keys", "/keys-elsewhere"):
            self._json(handler, {"keys": [self.key.jwk(), self.elliptic_key.jwk()]})
        elif target.path in ("/authorize", "/authorize-elsewhere"):
            code = LEDGER.add(secrets.token_urlsafe(16), "code")
            self._nonces[code] = query.get("nonce")
            parameters = self.callback({"code": code, "state": query["state"], "iss": self.issuer})
            location = f"{query['redirect_uri']}?{urllib.parse.urlencode(parameters)}"
            self._send(handler, 302, b"", {"location": location})
        elif self.is_away:
            self._send(handler, 503, b"", {})
        elif target.path in ("/token", "/token-elsewhere"):
            self._token(handler, form)
        elif target.path == "/end-session":
            self.ended.append(query)
            location = query["post_logout_redirect_uri"]
            if "state" in query:
                location += "?" + urllib.parse.urlencode({"state": query["state"]})
            self._send(handler, 302, b"", {"location": location})
        elif target.path == "/revoke":
            self.revoked.append(form["token"])
            self._send(handler, 200, b"", {})
        elif target.path in ("/userinfo", "/userinfo-elsewhere"):
            self._json(handler, {
                "sub": self.subject, "email": "eve@example.org", "email_verified": True, "name": "Eve Example",
            }, self.userinfo_status)
        else:
            self._send(handler, 404, b"", {})

    def _token(self, handler, form: dict) -> None:
        header = handler.headers["authorization"]
        self.authentications.append("body" if "client_secret" in form else "header" if header else "none")
        self.client_secrets.append(
            form["client_secret"] if "client_secret" in form
            else urllib.parse.unquote_plus(base64.b64decode(header.partition(" ")[2]).decode().partition(":")[2]) if header else "")
        if form.get("grant_type") == "refresh_token":
            return self._refresh(handler, form.get("refresh_token", ""))
        if form.get("code") not in self._nonces:
            return self._json(handler, {"error": "invalid_grant"}, 400)
        token = LEDGER.add(self.write_token(self.claims(self._nonces.pop(form["code"]))), "ID token")
        return self._json(handler, self.token_response({
            "access_token": self.access_token, "token_type": "Bearer", "expires_in": self.expires_in, "id_token": token,
        }))

    def gives_refresh_tokens(self) -> None:
        """From the next code on. Every one is good once, as a strict provider has it."""

        def with_refresh_token(response: dict) -> dict:
            token = LEDGER.add(secrets.token_urlsafe(24), "refresh token of the scripted provider")
            self._refresh_tokens[token] = self.subject
            return response | {"refresh_token": token}

        self.token_response = with_refresh_token

    def _refresh(self, handler, token: str) -> None:
        self.refreshes.append(token)
        self.hangs_at_refresh.wait(8)
        if self._refresh_tokens.pop(token, None) is None:
            return self._json(handler, {"error": "invalid_grant"}, 400)
        id_token = LEDGER.add(self.write_token(
            {name: value for name, value in self.claims(None).items() if name != "nonce"}), "ID token")
        self._json(handler, self.token_response({
            "access_token": self.access_token, "token_type": "Bearer", "expires_in": self.expires_in, "id_token": id_token,
        }))

    def valid_refresh_tokens(self) -> list[str]:
        """Those that have not been used, the oldest first."""
        return list(self._refresh_tokens)

    def revoke_all(self) -> None:
        """Every refresh token given so far is refused from now on."""
        self._refresh_tokens.clear()

    def _json(self, handler, content: dict, status: int = 200) -> None:
        send_json(handler, content, status)

    def _send(self, handler, status: int, body: bytes, headers: dict) -> None:
        send(handler, status, body, headers | {"cache-control": "no-store"})
