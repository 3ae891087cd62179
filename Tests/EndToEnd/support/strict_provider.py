"""A scripted provider that insists: on pushed or signed requests, on client assertions, certificates and DPoP proofs."""
import base64
import hashlib
import html
import json
import secrets
import ssl
import time
import urllib.parse

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from support.jws import Key, decoded, encoded, es256_key, verified
from support.ledger import LEDGER
from support.scripted_provider import ScriptedProvider


def thumbprint(jwk: dict) -> str:
    """RFC 7638, for keys on P-256."""
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return encoded(hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest())


class StrictProvider(ScriptedProvider):
    """Notes what each sign-in asked (`asked`) and how its client authenticated (`authenticated`); refuses what does not verify."""

    def __init__(self, port: int, client_id: str, client_secret: str, client_key: Key, tls: ssl.SSLContext | None = None):
        self.client_key = client_key
        self.asked: list[dict] = []
        self.authenticated: list[str] = []
        self.problems: list[str] = []
        self.proved: list[str] = []
        self.more_claims: dict = {}
        self.userinfo_claims: dict = {}
        self.groups: list[dict] = []
        self._pushed: dict[str, dict] = {}
        self._bound: dict[str, str] = {}
        self._jtis: set[str] = set()
        self._nonce = secrets.token_urlsafe(12)
        super().__init__(port, client_id, client_secret, tls)
        if tls:
            self.issuer = f"https://localhost:{port}"
        self.discovery = lambda document: document | {
            "pushed_authorization_request_endpoint": f"{self.issuer}/par",
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "tls_client_auth"],
        }

    def claims(self, nonce: str | None) -> dict:
        claims = super().claims(nonce) | self.more_claims
        return {name: value for name, value in claims.items() if value is not None}

    def answer(self, handler, body: bytes) -> None:
        target = urllib.parse.urlsplit(handler.path)
        query = dict(urllib.parse.parse_qsl(target.query))
        form = dict(urllib.parse.parse_qsl(body.decode()))
        try:
            if target.path == "/par":
                self._authenticate(handler, form)
                reference = f"urn:example:{secrets.token_urlsafe(8)}"
                self._pushed[reference] = form
                return self._json(handler, {"request_uri": reference, "expires_in": 60}, 201)
            if target.path == "/authorize":
                return self._authorize(handler, query)
            if target.path == "/token":
                self._authenticate(handler, form)
                if (proof := handler.headers.get("dpop")) is not None:
                    if (error := self._check_proof(proof, "POST", f"{self.issuer}/token")) == "use_dpop_nonce":
                        return self._send(
                            handler, 400, json.dumps({"error": error}).encode(),
                            {"content-type": "application/json", "dpop-nonce": self._nonce})
                    self.token_response = lambda response: response | {"token_type": "DPoP"}
                else:
                    self.token_response = lambda response: response
            if target.path == "/userinfo":
                scheme, _, token = handler.headers["authorization"].partition(" ")
                if scheme == "DPoP":
                    proof = self._check_proof(handler.headers["dpop"], "GET", f"{self.issuer}/userinfo", token)
                    assert proof != "use_dpop_nonce"
                return self._json(handler, {"sub": self.subject} | self.userinfo_claims)
            if target.path.startswith("/graph/"):
                assert handler.headers["authorization"] == f"Bearer {self.access_token}"
                first, second = self.groups[:1], self.groups[1:]
                if target.path.endswith("/next"):
                    return self._json(handler, {"value": second})
                return self._json(handler, {"value": first, "@odata.nextLink": f"{self.issuer}/graph/next"})
        except (AssertionError, KeyError, ValueError, InvalidSignature) as problem:
            self.problems.append(f"{target.path}: {problem!r}")
            return self._json(handler, {"error": "invalid_request"}, 400)
        super().answer(handler, body)

    def _authorize(self, handler, query: dict) -> None:
        if "request_uri" in query:
            query = {"pushed": "yes"} | self._pushed.pop(query["request_uri"])
        if "request" in query:
            header, claims = verified(query["request"], self.client_key.private.public_key())
            assert header["typ"] == "oauth-authz-req+jwt" and header["kid"] == self.client_key.kid
            assert (claims["aud"], claims["iss"]) == (self.issuer, self.client_id) and claims["exp"] > time.time()
            query = {"signed": "yes"} | {name: query[name] for name in ("pushed",) if name in query} | claims
        self.asked.append(query)
        code = LEDGER.add(secrets.token_urlsafe(16), "code")
        self._nonces[code] = query.get("nonce")
        parameters = self.callback({"code": code, "state": query["state"], "iss": self.issuer})
        if query.get("response_mode") != "form_post":
            return self._send(
                handler, 302, b"", {"location": f"{query['redirect_uri']}?{urllib.parse.urlencode(parameters)}"})
        fields = "".join(f'<input name="{name}" value="{html.escape(value)}">' for name, value in parameters.items())
        page = f'<form method="post" action="{html.escape(query["redirect_uri"])}">{fields}<button>go on</button></form>'
        self._send(handler, 200, page.encode(), {"content-type": "text/html; charset=utf-8"})

    def _authenticate(self, handler, form: dict) -> None:
        if "client_assertion" in form:
            assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            assertion = form["client_assertion"]
            secret = json.loads(decoded(assertion.split(".")[0]))["alg"] == "HS256"
            header, claims = verified(
                assertion, self.client_secret.encode() if secret else self.client_key.private.public_key())
            assert claims["aud"] == f"{self.issuer}/token" and claims["exp"] > time.time()
            assert claims["iss"] == claims["sub"] == self.client_id and claims["jti"] not in self._jtis
            assert secret or header["kid"] == self.client_key.kid
            self._jtis.add(claims["jti"])
            self.authenticated.append("client_secret_jwt" if secret else "private_key_jwt")
        elif authorization := handler.headers.get("authorization"):
            given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
            assert given == f"{self.client_id}:{urllib.parse.quote(self.client_secret, safe='')}"
            self.authenticated.append("client_secret_basic")
        elif "client_secret" in form:
            assert (form["client_id"], form["client_secret"]) == (self.client_id, self.client_secret)
            self.authenticated.append("client_secret_post")
        elif isinstance(handler.connection, ssl.SSLSocket) and (certificate := handler.connection.getpeercert()):
            name = dict(part[0] for part in certificate["subject"])["commonName"]
            assert form["client_id"] == self.client_id == name
            self.authenticated.append("tls_client_auth")
        else:
            assert form["client_id"] == self.client_id
            self.authenticated.append("none")

    def _check_proof(self, proof: str, method: str, url: str, token: str | None = None) -> str:
        """The thumbprint of the proof's key, or `use_dpop_nonce`."""
        jwk = json.loads(decoded(proof.split(".")[0]))["jwk"]
        header, claims = verified(proof, es256_key(jwk))
        assert header["typ"] == "dpop+jwt" and "d" not in jwk
        assert (claims["htm"], claims["htu"]) == (method, url) and abs(claims["iat"] - time.time()) < 60
        assert claims["jti"] not in self._jtis
        self._jtis.add(claims["jti"])
        self.proved.append(url.removeprefix(self.issuer))
        if token is not None:
            assert claims["ath"] == encoded(hashlib.sha256(token.encode()).digest())
            assert self._bound[token] == thumbprint(jwk)
            return thumbprint(jwk)
        if claims.get("nonce") != self._nonce:
            return "use_dpop_nonce"
        self._bound[self.access_token] = thumbprint(jwk)
        assert self.asked[-1]["dpop_jkt"] == thumbprint(jwk)
        return thumbprint(jwk)


def client_key() -> tuple[Key, bytes]:
    """A key for client assertions, and its PEM."""
    key = Key("client-key", "ES256")
    return key, key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
