"""An OpenID provider that we did not write (idpyoidc's), served on loopback by Python's own HTTP server."""
import json
import pathlib
import threading
import urllib.parse

from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration

from support.listener import Listener, send

_KEYS = [{"type": "RSA", "key": "", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]


class ForeignProvider:
    """Signs everybody in as `diana` without a page; only the protocol matters here."""

    # It refuses offline access unless people are asked for their consent (OpenID Connect Core, section 11).
    entry = {"scopes": ["openid", "email", "profile", "offline_access"], "request": {"prompt": "consent"}}
    # Discovery, authorization, token, keys.
    steps = ["GET /.well-known/openid-configuration", "GET /authorization", "POST /token", "GET /keys"]
    revocation = None

    @staticmethod
    def issuer_at(port: int) -> str:
        return f"http://127.0.0.1:{port}"

    def __init__(self, port: int, folder: pathlib.Path, client_id: str, client_secret: str, redirect_uris: list[str]):
        self.issuer = self.issuer_at(port)
        self.end_session = None
        self.requests: list[str] = []
        self.problems: list[str] = []
        self._server = self._provider(folder, client_id, client_secret, redirect_uris)
        self._lock = threading.Lock()
        self._listener = Listener(port, lambda handler, body: self._answer(handler, body.decode()))

    def is_login(self, target: str) -> bool:
        return False

    def discovery(self) -> dict:
        return json.loads(self._server.endpoint["provider_config"].do_response()["response"])

    def stop(self) -> None:
        self._listener.stop()

    def _provider(self, folder: pathlib.Path, client_id: str, client_secret: str, redirect_uris: list[str]) -> Server:
        def endpoint(path: str, name: str, methods: list[str] | None = None) -> dict:
            return {"path": path, "class": f"idpyoidc.server.oidc.{name}", "kwargs": {"client_authn_method": methods}}

        secret_methods = ["client_secret_basic", "client_secret_post"]
        configuration = {
            "issuer": self.issuer,
            "httpc_params": {"verify": False, "timeout": 4},
            "key_conf": {"key_defs": _KEYS, "uri_path": "keys"},
            "preference": {
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            },
            "endpoint": {
                "provider_info": endpoint(".well-known/openid-configuration", "provider_config.ProviderConfiguration"),
                "authorization": endpoint("authorization", "authorization.Authorization"),
                "token": endpoint("token", "token.Token", secret_methods),
                "userinfo": endpoint("userinfo", "userinfo.UserInfo", ["bearer_header"]),
            },
            "add_on": {
                "pkce": {
                    "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                    "kwargs": {"essential": True, "code_challenge_methods": {"S256": None}},
                }
            },
            "authz": {
                "class": "idpyoidc.server.authz.AuthzHandling",
                "kwargs": {"grant_config": {
                    "usage_rules": {
                        "authorization_code": {
                            "supports_minting": ["access_token", "refresh_token", "id_token"], "max_usage": 1},
                        "access_token": {},
                        "refresh_token": {"supports_minting": ["access_token", "refresh_token", "id_token"]},
                    },
                    "expires_in": 43200,
                }},
            },
            "authentication": {
                "anybody": {
                    "acr": "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
                    "class": "idpyoidc.server.user_authn.user.NoAuthn", "kwargs": {"user": "diana"},
                }
            },
            "userinfo": {
                "class": "idpyoidc.server.user_info.UserInfo",
                "kwargs": {"db": {"diana": {
                    "name": "Diana Prince", "email": "diana@example.org", "email_verified": True, "groups": ["amazons"],
                }}},
            },
            "cookie_handler": {
                "class": "idpyoidc.server.cookie_handler.CookieHandler",
                "kwargs": {
                    "keys": {"key_defs": [{"type": "OCT", "use": ["enc"], "kid": "enc"},
                                          {"type": "OCT", "use": ["sig"], "kid": "sig"}]},
                    "name": {"session": "op", "register": "op_rp", "session_management": "op_sman"},
                },
            },
            "token_handler_args": {
                "key_conf": {"key_defs": [{"type": "oct", "bytes": 24, "use": ["enc"], "kid": "code"}]},
                "code": {"lifetime": 600, "kwargs": {"crypt_conf": {"kwargs": {"keys": {"key_defs": [
                    {"type": "OCT", "use": ["enc"], "kid": "password"}, {"type": "OCT", "use": ["enc"], "kid": "salt"},
                ]}, "iterations": 1}}}},
                "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 3600}},
                "refresh": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 86400}},
                "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {
                    "base_claims": {"email": None, "email_verified": None, "name": None},
                }},
            },
            "scopes_to_claims": {
                "openid": ["sub"], "email": ["email", "email_verified"], "profile": ["name"], "groups": ["groups"],
                "offline_access": [],
            },
        }
        server = Server(OPConfiguration(configuration, base_path=str(folder)), cwd=str(folder))
        server.context.cdb[client_id] = {
            "client_id": client_id, "client_secret": client_secret, "redirect_uris": [(uri, {}) for uri in redirect_uris],
            "response_types_supported": ["code"], "response_types": ["code"], "grant_types": ["authorization_code", "refresh_token"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "client_secret_basic",
            "allowed_scopes": ["openid", "email", "profile", "groups", "offline_access"],
        }
        server.keyjar.add_symmetric(client_id, client_secret)
        return server

    def _answer(self, handler, body: str) -> None:
        target = urllib.parse.urlsplit(handler.path)
        self.requests.append(f"{handler.command} {target.path}")
        if target.path == "/keys":
            return self._send(handler, 200, self._server.keyjar.export_jwks_as_json(), "application/json")
        names = {endpoint.endpoint_path: endpoint for endpoint in self._server.endpoint.values()}
        endpoint = names.get(target.path.lstrip("/"))
        if endpoint is None:
            return self._send(handler, 404, "", "text/plain")
        try:
            with self._lock:
                status, content, headers = self._ask(endpoint, handler, target.query or body)
        except Exception as problem:  # a bug here shows as the test's own failure
            self.problems.append(repr(problem))
            return self._send(handler, 500, repr(problem), "text/plain")
        self._send(handler, status, content, "application/json", headers)

    def _ask(self, endpoint, handler, request: str) -> tuple[int, str, list[tuple[str, str]]]:
        about = {"headers": {name.lower(): value for name, value in handler.headers.items()},
                 "method": handler.command, "url": handler.path, "cookie": []}
        values = {name: found[0] for name, found in urllib.parse.parse_qs(request).items()}
        parsed = endpoint.parse_request(values, http_info=about)
        if "error" in parsed:
            self.problems.append(str(parsed))
            return 400, json.dumps(parsed.to_dict()), []
        arguments = endpoint.process_request(parsed, http_info=about)
        if "error" in arguments:
            self.problems.append(str(arguments))
        answer = endpoint.do_response(request=parsed, **arguments)
        location = arguments.get("redirect_location") or (
            answer["response"] if endpoint.response_placement == "url" else None)
        if location:
            return 302, "", [("location", location)]
        return (400 if "error" in arguments else 200), answer["response"], []

    def _send(self, handler, status: int, content: str, kind: str, headers: list[tuple[str, str]] = ()) -> None:
        send(handler, status, content.encode(), [*headers, ("content-type", kind)])
