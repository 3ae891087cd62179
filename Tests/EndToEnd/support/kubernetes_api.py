"""A small Kubernetes API server over HTTPS: TokenReview, SubjectAccessReview, and the discovery and keys of its service-account issuer."""
import datetime
import http.server
import ipaddress
import json
import pathlib
import secrets
import ssl
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from support.jws import Key
from support.ledger import LEDGER


def make_authority(folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """A CA, and a certificate of 127.0.0.1 by it: (ca.crt, server.pem with key)."""
    now = datetime.datetime.now(datetime.timezone.utc)

    def certificate(name: str, issuer_name: str, public, signer, *extensions):
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer_name)]))
            .public_key(public).serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=2)))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    authority, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    (folder / "ca.crt").write_bytes(certificate(
        "cluster ca", "cluster ca", authority.public_key(), authority, (x509.BasicConstraints(ca=True, path_length=None), True)))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")])
    (folder / "server.pem").write_bytes(
        certificate("api server", "cluster ca", server.public_key(), authority, (names, False))
        + server.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return folder / "ca.crt", folder / "server.pem"


class KubernetesAPI:
    """Only whoever presents `own_token` is answered: discovery is not for the anonymous, as in most clusters."""

    def __init__(self, port: int, folder: pathlib.Path):
        self.url = f"https://127.0.0.1:{port}"
        self.issuer = self.url
        self.ca_file, server_file = make_authority(folder)
        self.own_token = LEDGER.add(secrets.token_urlsafe(24), "own service-account token")
        self.token_file = folder / "token"
        self.token_file.write_text(self.own_token + "\n")
        self.key = Key("cluster")
        self.accounts: dict[str, dict] = {}
        self.requests: list[str] = []
        self.reviews: list[dict] = []
        # Whom it allows what: (user, verb, resource or path, namespace); what it was asked; and how it fails.
        self.allowed: set[tuple] = set()
        self.access_reviews: list[dict] = []
        self.is_down = False
        self.delay = 0.0
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                api.answer(self, b"")

            def do_POST(self):
                api.answer(self, self.rfile.read(int(self.headers.get("content-length") or 0)))

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server_file)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def renew_own_token(self) -> None:
        self.own_token = LEDGER.add(secrets.token_urlsafe(24), "own service-account token")
        self.token_file.write_text(self.own_token)

    def service_account_token(self, name: str = "team:runner", audiences: list[str] | None = None, **changes) -> str:
        """As `kubectl create token` makes them."""
        namespace, account = name.split(":")
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": f"system:serviceaccount:{name}", "aud": audiences or ["gatehouse"], "iat": now,
            "nbf": now, "exp": now + 3600, "jti": secrets.token_hex(8),
            "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": account, "uid": "1"}},
        } | changes
        token = LEDGER.add(self.key.sign(claims, {"alg": "RS256", "kid": self.key.kid}), "service-account token")
        self.accounts[token] = {"username": claims["sub"], "uid": "1", "groups": [
            "system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated"]} | {"aud": claims["aud"]}
        return token

    def answer(self, handler, body: bytes) -> None:
        self.requests.append(f"{handler.command} {handler.path}")
        if self.is_down:
            return self._json(handler, {"kind": "Status", "status": "Failure", "code": 500}, 500)
        if handler.headers.get("authorization") != f"Bearer {self.own_token}":
            return self._json(handler, {"kind": "Status", "status": "Failure", "code": 401}, 401)
        if handler.path == "/.well-known/openid-configuration":
            return self._json(handler, {
                "issuer": self.issuer, "jwks_uri": f"{self.issuer}/openid/v1/jwks", "response_types_supported": ["id_token"],
                "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
            })
        if handler.path == "/openid/v1/jwks":
            return self._json(handler, {"keys": [self.key.jwk()]})
        if handler.path == "/apis/authentication.k8s.io/v1/tokenreviews" and handler.command == "POST":
            review = json.loads(body)
            self.reviews.append(review)
            return self._json(handler, review | {"status": self._status(review["spec"])}, 201)
        if handler.path == "/apis/authorization.k8s.io/v1/subjectaccessreviews" and handler.command == "POST":
            review = json.loads(body)
            assert (review["apiVersion"], review["kind"]) == ("authorization.k8s.io/v1", "SubjectAccessReview")
            self.access_reviews.append(review["spec"])
            time.sleep(self.delay)
            return self._json(handler, review | {"status": {"allowed": self._allows(review["spec"])}}, 201)
        return self._json(handler, {"kind": "Status", "code": 404}, 404)

    def _allows(self, spec: dict) -> bool:
        if path := spec.get("nonResourceAttributes"):
            return (spec["user"], path["verb"], path["path"], None) in self.allowed
        resource = spec["resourceAttributes"]
        return (spec["user"], resource["verb"], resource["resource"], resource.get("namespace")) in self.allowed

    def _status(self, spec: dict) -> dict:
        account = self.accounts.get(spec["token"])
        shared = [name for name in spec.get("audiences", []) if account and name in account["aud"]]
        if not shared:
            return {"user": {}, "error": "invalid bearer token"}
        user = {name: account[name] for name in ("username", "uid", "groups")}
        return {"authenticated": True, "user": user, "audiences": shared}

    def _json(self, handler, content: dict, status: int = 200) -> None:
        body = json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
