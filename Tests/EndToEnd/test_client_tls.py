"""Clients that authenticate by certificates (RFC 8705): shown to the gateway, and to the web listener itself."""
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request

import pytest
import requests

from support import jws
from support.certificates import Authority
from support.ledger import LEDGER
from support.provider_clients import audit_lines

SCOPES = ["openid", "api:read"]
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


@pytest.fixture(scope="module")
def files(artifacts):
    folder = artifacts / "logs" / "client-tls-files"
    folder.mkdir(parents=True, exist_ok=True)
    authority, other = Authority(folder, "clients"), Authority(folder / "..", "client-tls-other")
    (folder / "foreign").mkdir(exist_ok=True)
    foreign = Authority(folder / "foreign", "clients-too")
    return {
        "authority": authority, "named": authority.issue("reports", units=("ops",)), "dns": authority.issue("d", "reports.example.com"),
        "uri": authority.issue("u", "spiffe://example.com/reports"), "email": authority.issue("e", "reports@example.com"),
        "other-email": authority.issue("o", "reports@example.net", "example.com"), "stranger": authority.issue("stranger"),
        "foreign": foreign.issue("reports", units=("ops",)), "own": other.issue("client-tls-own", signs_itself=True),
        "server": authority.issue("server", "localhost", "127.0.0.1"),
    }


def client(name: str, method: str, rule: dict, **more) -> dict:
    return {"id": name, "tokenEndpointAuth": method, "tlsClientAuth": rule, "grantTypes": ["client_credentials", "token_exchange"],
            "scopes": list(SCOPES)} | more


def clients(files) -> list[dict]:
    return [
        client("named", "tls_client_auth", {"subjectDN": "CN=reports,OU=ops"}),
        client("dns", "tls_client_auth", {"sanDNS": "reports.example.com"}),
        client("uri", "tls_client_auth", {"sanURI": "spiffe://example.com/reports"}, tlsBoundAccessTokens=True),
        client("email", "tls_client_auth", {"sanEmail": "reports@example.com"}),
        client("own", "self_signed_tls_client_auth", {"certificate": str(files["own"][0])}),
    ]


@pytest.fixture(scope="module")
def stack(make_stack, files):
    def change(configuration):
        configuration["provider"]["clientCertificates"] = {
            "source": "forwarded", "caFile": str(files["authority"].file), "url": "https://mtls.example.com/dex"}
        configuration["provider"]["clients"] += clients(files)
    stack = make_stack("client-tls", change)
    yield stack
    stack.stop()


def shown(files, name: str) -> dict:
    """What a gateway says of a client's certificate."""
    return {"x-forwarded-client-cert": f'Hash={"0a" * 32};Cert="{urllib.parse.quote(files[name][0].read_text(), safe="")}"'}


def ask(stack, form: dict, headers: dict | None = None, path: str = "/token") -> requests.Response:
    reply = requests.post(f"http://localhost:{stack.ports.web}/dex{path}", data=form, headers=headers or {}, timeout=10)
    if reply.status_code == 200 and reply.content and "access_token" in reply.json():
        LEDGER.add(reply.json()["access_token"], "access token")
    return reply


def own_token(name: str) -> dict:
    return {"grant_type": "client_credentials", "client_id": name, "scope": "api:read"}


@pytest.mark.parametrize("name", ["named", "dns", "uri", "email", "own"])
def test_a_certificate_proves_who_the_client_is(stack, files, name):
    reply = ask(stack, own_token(name), shown(files, name))
    assert reply.status_code == 200, reply.text
    claims = jws.claims_of(reply.json()["access_token"])
    assert claims["client_id"] == name and ("cnf" in claims) is (name == "uri")


@pytest.mark.parametrize("name, certificate, why", [
    ("named", None, "shown and readable"), ("named", "stranger", "the client's own"),
    ("named", "foreign", "signed by an authority of ours"), ("dns", "named", "the client's own"), ("own", "named", "the client's own"),
    ("email", "other-email", "the client's own"), ("email", "dns", "the client's own"),
    ("named", "own", "signed by an authority of ours"), ("app", "named", "no public client"),
])
def test_others_do_not(stack, files, name, certificate, why):
    reply = ask(stack, own_token(name), shown(files, certificate) if certificate else None)
    assert reply.status_code == 401 and reply.json()["error"] == "invalid_client"
    assert why in audit_lines(stack, reference=reply.json()["reference"])[0]["reason"]


@pytest.mark.parametrize("header", ["Cert=", 'Cert="%zz"', "nonsense", 'Cert="x', "Hash=" + "0a" * 32, "a" * 40_000])
def test_headers_that_say_nothing(stack, header):
    assert ask(stack, own_token("named"), {"x-forwarded-client-cert": header}).status_code == 401


def test_a_secret_is_not_the_way_of_such_a_client(stack, files):
    assert ask(stack, own_token("named") | {"client_secret": "x"}, shown(files, "named")).status_code == 401


def test_the_last_element_counts(stack, files):
    both = f'{shown(files, "named")["x-forwarded-client-cert"]},{shown(files, "stranger")["x-forwarded-client-cert"]}'
    assert ask(stack, own_token("named"), {"x-forwarded-client-cert": both}).status_code == 401


def test_introspection_and_revocation_take_certificates(stack, files):
    token = ask(stack, own_token("uri"), shown(files, "uri")).json()["access_token"]
    form = {"client_id": "uri", "token": token}
    about = ask(stack, form, shown(files, "uri"), "/token/introspect").json()
    assert about["active"] and about["cnf"] == jws.claims_of(token)["cnf"] and list(about["cnf"]) == ["x5t#S256"]
    assert ask(stack, form, None, "/token/introspect").status_code == 401
    assert ask(stack, form, shown(files, "uri"), "/revoke").status_code == 200
    assert ask(stack, form, shown(files, "uri"), "/token/introspect").json() == {"active": False}


def test_a_bound_token_is_good_with_its_certificate_only(stack, files):
    token = ask(stack, own_token("uri"), shown(files, "uri")).json()["access_token"]
    swap = {"grant_type": EXCHANGE, "client_id": "uri", "subject_token": token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token"}
    assert ask(stack, swap, shown(files, "uri")).status_code == 200
    assert ask(stack, swap).status_code == 401


def test_the_metadata_say_so(stack):
    about = requests.get(f"http://localhost:{stack.ports.web}/dex/.well-known/openid-configuration", timeout=10).json()
    for name in ("token", "introspection", "revocation"):
        assert {"tls_client_auth", "self_signed_tls_client_auth"} <= set(about[f"{name}_endpoint_auth_methods_supported"])
    assert about["tls_client_certificate_bound_access_tokens"] is True
    assert about["mtls_endpoint_aliases"]["token_endpoint"] == "https://mtls.example.com/dex/token"


def test_without_the_setting_no_certificate_counts(make_stack, files):
    stack = make_stack("client-tls-off", lambda configuration: None)
    try:
        about = requests.get(f"http://localhost:{stack.ports.web}/dex/.well-known/openid-configuration", timeout=10).json()
        assert "tls_client_auth" not in about["token_endpoint_auth_methods_supported"] and "mtls_endpoint_aliases" not in about
        assert ask(stack, own_token("named"), shown(files, "named")).status_code == 401
    finally:
        stack.stop()


@pytest.mark.parametrize("demand", ["required", "optional"])
def test_the_connections_own_certificate(make_stack, files, demand):
    """Where it is optional, a browser without one sees the pages, and one of a stranger's is refused in the handshake all the same."""
    def change(configuration):
        certificate, key = files["server"]
        configuration["listen"]["web"] = {"address": configuration["listen"]["web"], "tls": {
            "certificate": {"file": str(certificate)}, "key": {"file": str(key)}, "clientCA": {"file": str(files["authority"].file)},
            "clientCertificate": demand}}
        configuration["provider"]["clientCertificates"] = {"caFile": str(files["authority"].file)}
        configuration["provider"]["clients"] += clients(files)

    stack = make_stack(f"client-tls-own-{demand}", change, start=False)
    stack.write()
    stack.start_gatehouse()

    def reply(name: str, certificate: str | None, **headers) -> int:
        context = ssl.create_default_context(cafile=files["authority"].file)
        if certificate:
            context.load_cert_chain(*files[certificate])
        request = urllib.request.Request(
            f"https://localhost:{stack.ports.web}/dex/token", urllib.parse.urlencode(own_token(name)).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10, context=context) as response:
                LEDGER.add(json.load(response)["access_token"], "access token")
                return response.status
        except urllib.error.HTTPError as error:
            return error.code

    try:
        assert reply("named", "named") == 200 and reply("dns", "dns") == 200
        assert reply("named", "stranger") == 401
        assert reply("named", "stranger", **shown(files, "named")) == 401, "what a header says is nothing here"
        # In TLS 1.3 the refusal comes after the client's side of the handshake: as an alert, or a connection that is closed.
        with pytest.raises(OSError):
            reply("named", "foreign")
        if demand == "optional":
            assert reply("named", None) == 401 and reply("app", None) == 401
        else:
            with pytest.raises(OSError):
                reply("named", None)
    finally:
        stack.stop()
