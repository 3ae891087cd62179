"""An issuer of bearer tokens: discovery, keys, introspection and userinfo on loopback, each counted."""
import base64
import http.server
import json
import secrets
import ssl
import threading
import time
import urllib.parse

from support.jws import Key
from support.ledger import LEDGER


class TokenIssuer:
    """What it answers can be changed: `active` is what introspection says of a token, `is_down` closes everything with 503."""

    def __init__(self, port: int, audience: str = "gatehouse", tls: ssl.SSLContext | None = None):
        """With `tls` clients show a certificate at endpoints of their own (RFC 8705, section 5)."""
        self.issuer = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
        self.tls = tls
        self.audience = audience
        self.client_id, self.client_secret = "gatehouse-rs", LEDGER.add(secrets.token_urlsafe(24), "introspection secret")
        self.key = Key("right")
        self.elliptic_key = Key("right-ec", "ES256")
        self.other_key = Key("other")
        self.requests: list[str] = []
        self.active: dict[str, dict] = {}
        self.userinfo: dict[str, dict] = {}
        self.is_down = False
        self.publishes_endpoints = True
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                issuer.answer(self, b"")

            def do_POST(self):
                issuer.answer(self, self.rfile.read(int(self.headers.get("content-length") or 0)))

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def claims(self, **changes) -> dict:
        """What a right access token says; None takes a claim away."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": "robot-7", "aud": self.audience, "iat": now, "exp": now + 300,
            "jti": secrets.token_hex(8), "email": "robot@example.com", "email_verified": True, "groups": ["admins", "robots"],
            "tenant": "acme",
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, key: Key | None = None, header: dict | None = None, **changes) -> str:
        return LEDGER.add((key or self.key).sign(self.claims(**changes), header), "bearer token")

    def opaque(self, **changes) -> str:
        """A token that only introspection knows."""
        token = LEDGER.add(secrets.token_urlsafe(32), "opaque token")
        self.active[token] = {"active": True} | self.claims(**changes)
        return token

    def count(self, path: str) -> int:
        return sum(request.endswith(f" {path}") for request in self.requests)

    def answer(self, handler, body: bytes) -> None:
        path = urllib.parse.urlsplit(handler.path).path
        self.requests.append(f"{handler.command} {path}")
        if self.is_down:
            return self._json(handler, {"error": "down"}, 503)
        if path == "/.well-known/openid-configuration":
            document = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"}
            if self.publishes_endpoints:
                document |= {
                    "introspection_endpoint": f"{self.issuer}/introspect", "userinfo_endpoint": f"{self.issuer}/userinfo",
                }
            if self.tls:
                document["mtls_endpoint_aliases"] = {
                    "introspection_endpoint": f"{self.issuer}/mtls/introspect", "userinfo_endpoint": f"{self.issuer}/mtls/userinfo"}
            return self._json(handler, document)
        if path == "/keys":
            return self._json(handler, {"keys": [self.key.jwk(), self.elliptic_key.jwk()]})
        if path.startswith("/mtls/") and self._client(handler) != self.client_id:
            return self._json(handler, {"error": "invalid_client"}, 401)
        if path == "/mtls/introspect":
            form = {name: values[0] for name, values in urllib.parse.parse_qs(body.decode()).items()}
            known = handler.headers.get("authorization") is None and form.get("client_id") == self.client_id
            return self._json(handler, self.active.get(form.get("token"), {"active": False}) if known else {}, 200 if known else 401)
        if path == "/introspect":
            expected = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
            if handler.headers.get("authorization") != f"Basic {expected}":
                return self._json(handler, {"error": "invalid_client"}, 401)
            form = {name: values[0] for name, values in urllib.parse.parse_qs(body.decode()).items()}
            return self._json(handler, self.active.get(form.get("token"), {"active": False}))
        if path in ("/userinfo", "/mtls/userinfo"):
            token = (handler.headers.get("authorization") or "").removeprefix("Bearer ")
            if token not in self.userinfo:
                return self._json(handler, {"error": "invalid_token"}, 401)
            return self._json(handler, self.userinfo[token])
        return self._json(handler, {}, 404)

    def _client(self, handler) -> str | None:
        """The name in the certificate that was shown."""
        certificate = handler.connection.getpeercert() or {}
        return dict(part[0] for part in certificate.get("subject", ())).get("commonName")

    def _json(self, handler, content: dict, status: int = 200) -> None:
        body = json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
