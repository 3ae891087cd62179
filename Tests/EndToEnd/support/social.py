"""GitHub, GitLab, Google and Microsoft as their documentation has them, on loopback: reached by their own names over a proxy."""
import base64
import contextlib
import hashlib
import json
import pathlib
import secrets
import socket
import socketserver
import ssl
import threading
import time
import urllib.parse

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from support.certificates import Authority
from support.connect_proxy import pump
from support.jws import Key, at_hash, claims_of, decoded
from support.ledger import LEDGER
from support.listener import Listener, send
from support.ports import free_ports
from support.tcp_server import ThreadingServer

CLIENT = "client-of-ours"
SECRET = LEDGER.add(secrets.token_urlsafe(24), "secret at the upstreams")


class NamedHosts:
    """An HTTP proxy that leads to a port of loopback, whatever host it is asked for; `connected` notes which."""

    def __init__(self, target: int):
        self.port = free_ports(1)[0]
        self.connected: list[str] = []
        self.is_away = False
        self._tunnels: list[socket.socket] = []
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                _, name, _ = self.rfile.readline().decode().split(" ", 2)
                while self.rfile.readline().strip():
                    pass
                proxy.connected.append(name)
                if proxy.is_away:
                    self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                    return
                proxy._tunnels.append(self.connection)
                with socket.create_connection(("127.0.0.1", target)) as onward:
                    self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                    back = threading.Thread(target=pump, args=(onward, self.connection), daemon=True)
                    back.start()
                    pump(self.connection, onward)
                    back.join(5)

        self._server = ThreadingServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def go_away(self) -> None:
        """Nothing leads anywhere, and what led there ends."""
        self.is_away = True
        for tunnel in self._tunnels:
            with contextlib.suppress(OSError):
                tunnel.shutdown(socket.SHUT_RDWR)
        self._tunnels.clear()

    def come_back(self) -> None:
        self.is_away = False

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Answer(Exception):
    """What an endpoint answers instead of going on."""

    def __init__(self, status: int, content=None, headers: dict | None = None):
        super().__init__(status)
        self.status, self.content, self.headers = status, content, headers or {}


class Social:
    """One service. Subclasses have `names` (its hosts), `token_path`, and `resource`, which answers with JSON for a token."""

    names: tuple[str, ...] = ()
    token_path = ""
    # Below which path a host has it all.
    below: dict[str, str] = {}

    def __init__(self, folder: pathlib.Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.authority = Authority(folder, f"ca-{type(self).__name__.lower()}")
        certificate, key = self.authority.issue(type(self).__name__.lower(), *self.names)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        port = free_ports(1)[0]
        self._listener = Listener(port, self._answer, context)
        self.proxy = NamedHosts(port)
        self.reset()

    def connection(self) -> dict:
        """What a connector needs to get here."""
        return {"clientID": CLIENT, "clientSecret": {"env": "UPSTREAM_SECRET"}, "rootCA": str(self.authority.file),
                "proxy": f"http://127.0.0.1:{self.proxy.port}"}

    def reset(self) -> None:
        self.requests: list[str] = []
        self.hosts: list[str] = []
        self.codes: dict[str, dict] = {}
        self.tokens: dict[str, dict] = {}
        self.refresh_tokens: dict[str, dict] = {}
        self.expires_in: int | None = None
        self.refreshes = False
        # An answer to every request of an API whose path begins so.
        self.faults: dict[str, Answer] = {}

    def stop(self) -> None:
        self.proxy.stop()
        self._listener.stop()

    # The browser's part.

    def reply(self, location: str, **changes) -> str:
        """Where the service sends the browser that was sent to `location` (somebody is signed in there)."""
        target = urllib.parse.urlsplit(location)
        assert target.scheme == "https" and target.hostname in self.names, location
        asked = dict(urllib.parse.parse_qsl(target.query, keep_blank_values=True))
        assert asked["client_id"] == CLIENT and asked["response_type"] == "code", asked
        code = LEDGER.add(secrets.token_urlsafe(16), "code")
        self.codes[code] = asked
        self.asked = asked
        answer = {name: value for name, value in ({"code": code, "state": asked["state"]} | changes).items() if value is not None}
        return f"{asked['redirect_uri']}?{urllib.parse.urlencode(answer)}"

    # The service.

    def _answer(self, handler, body: bytes) -> None:
        target = urllib.parse.urlsplit(handler.path)
        query = dict(urllib.parse.parse_qsl(target.query, keep_blank_values=True))
        self.requests.append(f"{handler.command} {target.path}")
        headers = {"content-type": "application/json; charset=utf-8"}
        try:
            host = handler.headers["host"].split(":")[0]
            assert host in self.names and target.path.startswith(self.below.get(host, "")), (host, target.path)
            self.hosts.append(host)
            path = target.path.removeprefix(self.below.get(host, ""))
            if path in self.faults and handler.command == "POST":
                raise self.faults[path]
            if path == self.token_path and handler.command == "POST":
                form = dict(urllib.parse.parse_qsl(body.decode()))
                content, status = self.token(form | self.credentials(handler)), 200
            else:
                content, status, more = self._resource(handler, path, query, body)
                headers |= more
        except Answer as answer:
            content, status, headers = answer.content, answer.status, headers | answer.headers
        send(handler, status, json.dumps(content).encode(), headers)

    @staticmethod
    def credentials(handler) -> dict:
        """Those of the header (RFC 6749, section 2.3.1), where there are some."""
        kind, _, value = handler.headers.get("authorization", "").partition(" ")
        if kind != "Basic":
            return {}
        user, _, secret = base64.b64decode(value).decode().partition(":")
        return {"client_id": urllib.parse.unquote(user), "client_secret": urllib.parse.unquote(secret)}

    def token(self, form: dict) -> dict:
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            raise Answer(401, {"error": "invalid_client"})
        if form["grant_type"] == "refresh_token":
            about = self.refresh_tokens.pop(form["refresh_token"], None)
            if about is None:
                raise self.bad_grant("refresh_token")
        else:
            about = self.codes.pop(form.get("code"), None)
            if about is None or about["redirect_uri"] != form["redirect_uri"] or not self.verified(about, form):
                raise self.bad_grant("code")
        return self.issued(about)

    @staticmethod
    def verified(asked: dict, form: dict) -> bool:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        return asked.get("code_challenge") == base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def bad_grant(self, kind: str) -> Answer:
        return Answer(400, {"error": "invalid_grant", "error_description": f"The {kind} is invalid."})

    def issued(self, about: dict) -> dict:
        token = LEDGER.add(secrets.token_urlsafe(24), "access token of an upstream")
        self.tokens[token] = about
        response = {"access_token": token, "token_type": "bearer", "scope": about.get("scope", "")}
        if self.expires_in is not None:
            response["expires_in"] = self.expires_in
        if self.refreshes:
            response["refresh_token"] = LEDGER.add(secrets.token_urlsafe(24), "refresh token of an upstream")
            self.refresh_tokens[response["refresh_token"]] = about
        return response

    def shown(self, scope: str = "", client: str = CLIENT, token: str = "") -> str:
        """An access token that some client has got of the user who is signed in."""
        token = LEDGER.add(token or secrets.token_urlsafe(24), "access token of an upstream")
        self.tokens[token] = {"scope": scope, "client": client}
        return token

    def revoke(self) -> None:
        self.tokens.clear()
        self.refresh_tokens.clear()

    def _resource(self, handler, path: str, query: dict, body: bytes):
        for prefix, answer in self.faults.items():
            if path.startswith(prefix):
                raise answer
        kind, _, token = handler.headers.get("authorization", "").partition(" ")
        about = self.tokens.get(token)
        if kind != "Bearer" or about is None:
            raise self.unauthorized()
        content, headers = self.resource(handler, path, query, body, about), {}
        if isinstance(content, tuple):
            content, headers = content
        return content, 200, headers

    def unauthorized(self) -> Answer:
        return Answer(401, {"error": "invalid_token"})


class GitHub(Social):
    names = ("github.com", "api.github.com", "github.example.com")
    token_path = "/login/oauth/access_token"
    PAGE = 2

    def reset(self) -> None:
        super().reset()
        self.user = {"login": "octocat", "id": 583231, "name": "The Octocat", "email": None}
        self.emails = [
            {"email": "old@example.org", "primary": False, "verified": True, "visibility": None},
            {"email": "never@example.org", "primary": False, "verified": False, "visibility": None},
            {"email": "octocat@example.org", "primary": True, "verified": True, "visibility": "private"},
        ]
        self.orgs = {"acme": "active", "Initech": "active", "invited": "pending"}
        self.teams = [("acme", "Team A", "team-a"), ("acme", "Owners", "owners"), ("Initech", "Printers", "printers"),
                      ("acme", "Night Shift", "night-shift"), ("Initech", "Team A", "team-a")]

    def bad_grant(self, kind: str) -> Answer:
        error = "bad_verification_code" if kind == "code" else "bad_refresh_token"
        return Answer(200, {"error": error, "error_description": "The code passed is incorrect or expired."})

    def issued(self, about: dict) -> dict:
        return super().issued(about) | {"scope": about["scope"].replace(" ", ",")}

    def unauthorized(self) -> Answer:
        return Answer(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})

    def _resource(self, handler, path: str, query: dict, body: bytes):
        if "/applications/" not in path:
            return super()._resource(handler, path, query, body)
        assert handler.command == "POST" and path.endswith("/token"), path
        if "/applications/" in self.faults:
            raise self.faults["/applications/"]
        given = self.credentials(handler)
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET):
            raise Answer(401, {"message": "Bad credentials"})
        about = self.tokens.get(json.loads(body)["access_token"])
        if f"/applications/{CLIENT}/" not in path or about is None or about.get("client", CLIENT) != CLIENT:
            raise Answer(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})
        return {"id": 1, "app": {"name": "Ours", "url": "http://…", "client_id": CLIENT}, "user": self.user}, 200, {}

    @staticmethod
    def rate_limit(seconds: int = 120) -> Answer:
        return Answer(403, {"message": "API rate limit exceeded for user ID 583231."}, {
            "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + seconds)})

    def resource(self, handler, path, query, body, about):
        scopes = about["scope"].split()
        if not handler.headers.get("user-agent"):
            raise Answer(403, {"message": "Request forbidden by administrative rules."})
        host = handler.headers["host"].split(":")[0]
        base = "https://api.github.com"
        if host == "github.example.com":
            assert path.startswith("/api/v3/"), path
            base, path = "https://github.example.com/api/v3", path.removeprefix("/api/v3")
        else:
            assert host == "api.github.com", host
        if path == "/user":
            return self.user
        if path == "/user/emails":
            if "user:email" not in scopes:
                raise Answer(404, {"message": "Not Found"})
            return self.page(f"{base}{path}", query, self.emails)
        if "read:org" not in scopes:
            raise Answer(403, {"message": "You need at least read:org scope to list your organizations."})
        if path == "/user/orgs":
            return self.page(f"{base}{path}", query, [{"login": name} for name, state in self.orgs.items() if state == "active"])
        if path == "/user/teams":
            return self.page(f"{base}{path}", query, [
                {"name": name, "slug": slug, "organization": {"login": org}} for org, name, slug in self.teams])
        if path.startswith("/user/memberships/orgs/"):
            name = urllib.parse.unquote(path.rsplit("/", 1)[1])
            if name == "blocked":
                raise Answer(403, {"message": "the `blocked` organization has enabled OAuth App access restrictions"})
            if name not in self.orgs:
                raise Answer(404, {"message": "Not Found"})
            return {"state": self.orgs[name], "role": "member", "organization": {"login": name}}
        raise Answer(404, {"message": "Not Found"})

    def page(self, url: str, query: dict, elements: list):
        number, last = int(query.get("page", "1")), max(1, -(-len(elements) // self.PAGE))
        links = [(number - 1, "prev"), (1, "first")] if number > 1 else []
        links += [(number + 1, "next"), (last, "last")] if number < last else []
        header = ", ".join(f'<{url}?per_page={query.get("per_page", 30)}&page={to}>; rel="{rel}"' for to, rel in links)
        return elements[(number - 1) * self.PAGE:number * self.PAGE], {"link": header} if header else {}


class GitLab(Social):
    names = ("gitlab.com", "git.example.com")
    token_path = "/oauth/token"
    below = {"git.example.com": "/gitlab"}

    def reset(self) -> None:
        super().reset()
        # Access tokens live for two hours; every refresh token is good once.
        self.expires_in, self.refreshes = 7200, True
        self.user = {"id": 1764, "username": "tanuki", "name": "Tanuki Example", "state": "active", "email": "tanuki@example.org",
                     "confirmed_at": "2020-05-01T08:00:00.000Z"}
        self.groups = ["acme", "acme/platform", "other"]
        self.permissions = {"owner": ["acme"], "developer": ["acme/platform"]}

    def resource(self, handler, path, query, body, about):
        if path == "/oauth/token/info":
            client = about.get("client", CLIENT)
            return {"resource_owner_id": self.user["id"], "scope": about["scope"].split(), "expires_in": 7200,
                    "application": {"uid": client} if client else None, "created_at": 1590000000}
        if path == "/api/v4/user" and "read_user" in about["scope"]:
            return self.user
        if path == "/oauth/userinfo" and "openid" in about["scope"]:
            return {"sub": str(self.user["id"]), "groups": self.groups} | {
                f"https://gitlab.org/claims/groups/{name}": groups for name, groups in self.permissions.items()}
        raise Answer(403, {"error": "insufficient_scope"})


class Microsoft(Social):
    # The cloud for everybody, and that of the United States' government.
    names = ("login.microsoftonline.com", "graph.microsoft.com", "login.microsoftonline.us", "graph.microsoft.us")
    token_path = "/8f1c2a5e-acme/oauth2/v2.0/token"
    PAGE = 2

    def reset(self) -> None:
        super().reset()
        self.expires_in = 3600
        self.user = {"id": "48d31887-5fad-4d73-a9f5-3c356e68a038", "displayName": "Megan Bowen", "userPrincipalName": "MeganB@example.org"}
        self.groups = {"g1": "Staff", "g2": "Admins", "g3": "Staff of Paris", "g4": "Mailing list", "g5": "All"}
        self.security = ["g1", "g2", "g3"]

    def issued(self, about: dict) -> dict:
        self.refreshes = "offline_access" in about["scope"].split()
        return super().issued(about) | {"token_type": "Bearer"}

    def unauthorized(self) -> Answer:
        return Answer(401, {"error": {"code": "InvalidAuthenticationToken", "message": "Access token has expired."}})

    def resource(self, handler, path, query, body, about):
        self.graph = f"https://{handler.headers['host'].split(':')[0]}"
        if path == "/v1.0/me":
            names = query["$select"].split(",")
            return {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity"} | {
                name: self.user.get(name) for name in names}
        if "directory.read.all" not in about["scope"]:
            raise Answer(403, {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges"}})
        asked = json.loads(body)
        if path == "/v1.0/me/getMemberGroups":
            return self.page(path, query, self.security if asked["securityEnabledOnly"] else list(self.groups))
        if path == "/v1.0/directoryObjects/getByIds":
            assert asked["types"] == ["group"] and len(asked["ids"]) <= 1000
            return self.page(path, query, [
                {"@odata.type": "#microsoft.graph.group", "id": name, "displayName": self.groups[name]} for name in asked["ids"]])
        raise Answer(404, {"error": {"code": "Request_ResourceNotFound"}})

    def page(self, path: str, query: dict, values: list) -> dict:
        start = int(query.get("$skiptoken", "0"))
        answer = {"@odata.context": "…", "value": values[start:start + self.PAGE]}
        if start + self.PAGE < len(values):
            answer["@odata.nextLink"] = f"{self.graph}{path}?$skiptoken={start + self.PAGE}"
        return answer


class Google(Social):
    names = ("accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com", "admin.googleapis.com",
             "openidconnect.googleapis.com")
    token_path = "/token"
    SERVICE = "groups@project-1.iam.gserviceaccount.com"
    DIRECTORY = "/admin/directory/v1/groups"
    PAGE = 2

    def reset(self) -> None:
        super().reset()
        self.service_key = getattr(self, "service_key", None) or Key("service-key-1")
        # Whom the service account may stand for, and the groups that each member is in.
        self.admins = {"admin@example.org", "admin@example.net"}
        self.members = {
            "jsmith@example.org": ["staff@example.org", "admins@example.org", "paris@example.org"],
            "paris@example.org": ["france@example.org"], "france@example.org": ["paris@example.org", "europe@example.org"],
        }
        self.assertions: list[dict] = []
        self.service_life = 3599
        self.questions: list[dict] = []
        self.key = getattr(self, "key", None) or Key("google")
        self.expires_in = 3599
        self.user = {"sub": "110169484474386276334", "email": "jsmith@example.org", "email_verified": True, "name": "John Smith",
                     "hd": "example.org"}

    def issued(self, about: dict) -> dict:
        # Only the first consent of an offline client brings one.
        self.refreshes = about.get("access_type") == "offline" and "consent" in about.get("prompt", "")
        response = super().issued(about) | {"token_type": "Bearer"}
        now = int(time.time())
        claims = {"iss": "https://accounts.google.com", "azp": CLIENT, "aud": CLIENT, "iat": now, "exp": now + 3600,
                  "at_hash": at_hash(response["access_token"])} | self.user
        if "nonce" in about:
            claims["nonce"] = about["nonce"]
        token = self.key.sign({name: value for name, value in claims.items() if value is not None})
        return response | {"id_token": LEDGER.add(token, "ID token of Google")}

    def service_account(self, file: pathlib.Path, **changes) -> str:
        """The key of the service account, as the console hands it out."""
        pem = self.service_key.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({
            "type": "service_account", "project_id": "project-1", "private_key_id": self.service_key.kid, "private_key": pem,
            "client_email": self.SERVICE, "client_id": "1094", "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": "https://oauth2.googleapis.com/token"} | changes))
        file.chmod(0o600)
        return str(file)

    def token(self, form: dict) -> dict:
        if form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return super().token(form)
        LEDGER.add(form["assertion"], "assertion of a service account")
        content, _, signature = form["assertion"].rpartition(".")
        header = json.loads(decoded(content.split(".")[0]))
        claims = claims_of(form["assertion"])
        self.assertions.append(claims)
        try:
            self.service_key.private.public_key().verify(
                decoded(signature), content.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise Answer(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}) from None
        now = time.time()
        assert header == {"alg": "RS256", "kid": "service-key-1", "typ": "JWT"} and set(form) == {"grant_type", "assertion"}
        assert claims["iss"] == self.SERVICE and claims["aud"] == "https://oauth2.googleapis.com/token"
        assert claims["iat"] <= now + 1 < claims["exp"] <= now + 3600
        assert claims["scope"] == "https://www.googleapis.com/auth/admin.directory.group.readonly"
        if claims["sub"] not in self.admins:
            raise Answer(401, {"error": "unauthorized_client", "error_description": "Client is unauthorized to retrieve access tokens."})
        token = LEDGER.add(secrets.token_urlsafe(24), "access token of a service account")
        self.tokens[token] = {"admin": claims["sub"]}
        return {"access_token": token, "expires_in": self.service_life, "token_type": "Bearer"}

    def token_info(self, form: dict) -> dict:
        about = self.tokens.get(form["access_token"])
        if about is None:
            raise Answer(400, {"error": "invalid_token", "error_description": "Invalid Value"})
        client, end = about["client"], int(time.time()) + 3487
        return {"azp": client, "aud": client, "sub": self.user["sub"], "scope": about["scope"], "exp": str(end),
                "expires_in": "3487", "email": self.user["email"], "email_verified": "true", "access_type": "online"}

    def resource(self, handler, path, query, body, about):
        if path == "/v1/userinfo":
            return self.user
        assert path == self.DIRECTORY and handler.headers["host"] == "admin.googleapis.com", path
        self.questions.append(query | about)
        assert query["maxResults"] == "200"
        member, start = query["userKey"], int(query.get("pageToken", "0"))
        if member not in self.members and not any(member in groups for groups in self.members.values()):
            raise self.directory_error(404, "notFound", "Resource Not Found: userKey")
        groups = self.members.get(member, [])
        answer = {"kind": "admin#directory#groups", "etag": "x"}
        if groups:
            answer["groups"] = [
                {"kind": "admin#directory#group", "id": name, "email": name, "name": name.split("@")[0].title()}
                for name in groups[start:start + self.PAGE]]
        if start + self.PAGE < len(groups):
            answer["nextPageToken"] = str(start + self.PAGE)
        return answer

    @staticmethod
    def directory_error(status: int, reason: str, message: str = "…", **headers) -> Answer:
        error = {"code": status, "message": message, "errors": [{"message": message, "domain": "global", "reason": reason}]}
        return Answer(status, {"error": error}, headers)

    def _resource(self, handler, path: str, query: dict, body: bytes):
        if path == "/tokeninfo":
            assert handler.command == "POST" and not query, "the token is in no URL"
            return self.token_info(dict(urllib.parse.parse_qsl(body.decode()))), 200, {}
        if path in (self.DIRECTORY, "/v1/userinfo"):
            return super()._resource(handler, path, query, body)
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": "https://accounts.google.com",
                "authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
                "token_endpoint": "https://oauth2.googleapis.com/token",
                "userinfo_endpoint": "https://openidconnect.googleapis.com/v1/userinfo",
                "revocation_endpoint": "https://oauth2.googleapis.com/revoke",
                "jwks_uri": "https://www.googleapis.com/oauth2/v3/certs",
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"], "scopes_supported": ["openid", "email", "profile"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "code_challenge_methods_supported": ["plain", "S256"],
            }, 200, {}
        if path == "/oauth2/v3/certs":
            return {"keys": [self.key.jwk()]}, 200, {}
        raise Answer(404, {})
