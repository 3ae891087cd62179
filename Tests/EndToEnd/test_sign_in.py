"""Signing in at several outside providers, with every way of asking and of proving who asks."""
import copy
import re
import secrets
import ssl
import time
import urllib.parse

import pytest

from support.certificates import Authority
from support.chromium import Chromium
from support.client import Client, parameters
from support.connect_proxy import ConnectProxy
from support.html import Page
from support.ledger import LEDGER
from support.ports import free_ports
from support.stack import COOKIE
from support.strict_provider import StrictProvider, client_key


class Setting:
    """One Gatehouse, and three providers: most entries lead to `provider`, one to `other`, some to `secure` (TLS, certificates)."""

    def __init__(self, make_stack):
        self.key, pem = client_key()
        plain, other, tls, hidden, proxy = free_ports(5)
        secret = LEDGER.add(secrets.token_urlsafe(24), "client secret at the strict provider")
        self.password = LEDGER.add(secrets.token_urlsafe(12), "password of the proxy")
        self.stack = make_stack("sign-in", start=False)
        folder = self.stack.folder
        authority = Authority(folder)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(*authority.issue("server", "localhost"))
        server.load_verify_locations(authority.file)
        # Browsers have none; the token endpoint insists.
        server.verify_mode = ssl.CERT_OPTIONAL
        authority.issue("outside-client")
        self.authority = authority
        self.provider = StrictProvider(plain, "outside-client", secret, self.key)
        self.other = StrictProvider(other, "other-client", secret, self.key)
        self.secure = StrictProvider(tls, "outside-client", secret, self.key, server)
        # What browsers call it leads nowhere from here: only its inner address does.
        self.hidden = StrictProvider(hidden, "outside-client", secret, self.key)
        self.hidden.issuer = f"http://127.0.0.2:{hidden}"
        self.proxy = ConnectProxy(proxy, "gatehouse", self.password)
        for name, content in (
            ("corp.secret", secret.encode()), ("client-key.pem", pem), ("proxy.password", self.password.encode()),
            ("emails.txt", b"# nobody yet\n"),
        ):
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
        self.emails = folder / "emails.txt"
        self.stack.configuration["authService"]["providers"] = self.entries(proxy)
        del self.stack.configuration["provider"]
        self.stack.start()

    def entries(self, proxy: int) -> list[dict]:
        secret = {"clientSecret": {"file": "corp.secret"}}
        key = {"clientKey": {"file": "client-key.pem"}, "clientKeyID": self.key.kid}

        def entry(id: str, provider: StrictProvider | None = None, **more) -> dict:
            provider = provider or self.provider
            # Copied: YAML would write what is shared as an alias.
            return copy.deepcopy({"id": id, "issuer": provider.issuer, "clientID": provider.client_id} | more)

        secure = entry(
            "certificate", self.secure, tokenEndpointAuth="tls_client_auth", connection={
                "caFile": "ca.crt", "certificate": "outside-client.crt", "certificateKey": {"file": "outside-client.key"},
                "proxy": f"http://127.0.0.1:{proxy}", "proxyUser": "gatehouse", "proxyPassword": {"file": "proxy.password"},
            })
        inside = f"http://127.0.0.1:{self.provider.port}"
        return [
            entry("basic", name="Corp <b>one</b>", **secret),
            entry("other", self.other, requireIssuerParameter=True, **secret),
            entry("post", tokenEndpointAuth="client_secret_post", ownCallback=True, **secret),
            entry("secret-jwt", tokenEndpointAuth="client_secret_jwt", **secret),
            entry("key-jwt", tokenEndpointAuth="private_key_jwt", **key),
            entry("public", tokenEndpointAuth="none"),
            entry("form", request={"responseMode": "form_post"}, **secret),
            entry("options", request={
                "prompt": "login", "maxAge": "1h", "acrValues": ["mfa", "phr"], "uiLocales": ["de"], "audience": "api",
                "resources": ["https://a.example", "https://b.example"], "parameters": {"domain_hint": "example.com"},
            }, **secret),
            entry("pushed", request={"pushed": "always"}, tokenEndpointAuth="private_key_jwt", **key),
            entry("signed", request={"signed": True}, **secret, **key),
            entry("pushed-signed", request={"signed": True, "pushed": "always"}, **secret, **key),
            entry("bound", dpop=True, **secret),
            secure,
            entry("no-authority", self.secure, **secret),
            entry("by-hand", **secret, endpoints={
                "authorization": f"{inside}/authorize", "token": f"{inside}/token", "jwks": f"{inside}/keys"}),
            entry("claims", **secret, claims={
                "user": "oid", "email": "upn", "emailVerified": "assumed", "groups": ["realm_access.roles", "groups"],
                "transform": [
                    {"claim": "groups", "match": "CN=([^,]+),.*", "replace": "$1"},
                    {"claim": "groups", "removePrefix": "App-", "lowerCase": True, "addPrefix": "corp:"},
                ],
            }),
            entry("many-groups", **secret, claims={"groupOverage": {"graphURL": f"{inside}/graph", "name": "displayName"}}),
            entry("domain", **secret, allow={"emailDomains": ["example.com"]}),
            entry("group", **secret, allow={"groups": ["outside"]}),
            entry("file", **secret, allow={"emailsFile": "emails.txt"}),
            entry("users", **secret, allow={"users": ["eve@example.org", "subject-7"]}),
            entry("inside", self.hidden, internalURL=f"http://127.0.0.1:{self.hidden.port}", **secret),
        ]

    def stop(self) -> None:
        self.stack.stop()
        for part in (self.provider, self.other, self.secure, self.hidden, self.proxy):
            part.stop()


@pytest.fixture(scope="module")
def setting(make_stack):
    setting = Setting(make_stack)
    yield setting
    setting.stop()


@pytest.fixture(autouse=True)
def good_again(setting):
    for provider in (setting.provider, setting.other, setting.secure, setting.hidden):
        provider.reset()
        provider.discovery = lambda document, issuer=provider.issuer: document | {
            "pushed_authorization_request_endpoint": f"{issuer}/par"}
        provider.asked, provider.authenticated, provider.problems, provider.more_claims = [], [], [], {}
        provider.userinfo_claims, provider.groups, provider.proved = {}, [], []


def address(setting, provider: str, target: str = "/echo/where?x=1", gateway: str = "grpc_url", **more) -> str:
    query = urllib.parse.urlencode({"rd": target, "provider": provider} | more)
    return f"{getattr(setting.stack, gateway)}/_gatehouse/sign-in?{query}"


def sign_in(setting, provider: str, gateway: str = "grpc_url", **more):
    client = Client()
    client.session.verify = str(setting.authority.file)
    return client, client.follow(client.get(address(setting, provider, gateway=gateway, **more)))


def headers_of(setting, provider: str) -> dict:
    _, response = sign_in(setting, provider)
    assert response.status_code == 200, (response.text[:500], setting.provider.problems, setting.stack.gatehouse.tail())
    return response.json()["headers"]


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
@pytest.mark.parametrize(("provider", "how"), [
    ("basic", "client_secret_basic"), ("post", "client_secret_post"), ("secret-jwt", "client_secret_jwt"),
    ("key-jwt", "private_key_jwt"), ("public", "none"),
])
def test_a_client_authenticates_in_every_way(setting, gateway, provider, how):
    _, response = sign_in(setting, provider, gateway)
    assert response.status_code == 200, (response.text[:500], setting.provider.problems)
    assert response.json()["path"] == "/echo/where?x=1"
    assert setting.provider.authenticated == [how] and setting.provider.problems == []


def test_a_certificate_over_a_proxy(setting):
    _, response = sign_in(setting, "certificate")
    assert response.status_code == 200, (response.text[:500], setting.secure.problems, setting.stack.gatehouse.tail())
    assert setting.secure.authenticated == ["tls_client_auth"]
    assert set(setting.proxy.connected) == {f"localhost:{setting.secure.port}"} and setting.proxy.refused == 0


def test_an_unknown_authority_is_not_believed(setting):
    _, response = sign_in(setting, "no-authority")
    assert response.status_code == 503 and response.headers["retry-after"]


def test_every_option_is_asked(setting):
    setting.provider.more_claims = {"acr": "phr", "auth_time": int(time.time()) - 5}
    client = Client()
    response = client.get(address(setting, "options"))
    asked = parameters(response.headers["location"])
    assert asked["prompt"] == ["login"] and asked["max_age"] == ["3600"] and asked["acr_values"] == ["mfa phr"]
    assert asked["ui_locales"] == ["de"] and asked["audience"] == ["api"] and asked["domain_hint"] == ["example.com"]
    assert asked["resource"] == ["https://a.example", "https://b.example"]
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert client.follow(response).status_code == 200


def test_a_link_asks_for_more(setting):
    more = {"login_hint": "eve+1@example.org", "prompt": "login", "max_age": "60", "acr_values": "mfa phr"}
    for gateway in setting.stack.gateways:
        asked = parameters(Client().get(address(setting, "basic") + "&" + urllib.parse.urlencode(more)).headers["location"])
        assert {name: asked[name] for name in more} == {name: [value] for name, value in more.items()}
        assert asked["scope"][0].split()[0] == "openid" and asked["redirect_uri"][0].endswith("/_gatehouse/callback")
        assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


@pytest.mark.parametrize("more", [
    {"prompt": "none"}, {"prompt": "login consent"}, {"max_age": "-1"}, {"max_age": "1e3"}, {"max_age": "9" * 30},
    {"login_hint": "x" * 400}, {"scope": "admin"}, {"client_id": "other"}, {"redirect_uri": "https://evil.com"}, {"state": "x"},
    {"nonce": "x"}, {"response_type": "token"},
])
def test_a_link_asks_for_nothing_else(setting, more):
    plain = parameters(Client().get(address(setting, "basic")).headers["location"])
    asked = parameters(Client().get(address(setting, "basic") + "&" + urllib.parse.urlencode(more)).headers["location"])
    fresh = ("state", "nonce", "code_challenge")
    assert set(asked) == set(plain)
    assert {name: asked[name] for name in asked if name not in fresh} == {
        name: plain[name] for name in plain if name not in fresh}
    assert not any("x" == value for name in fresh for value in asked[name])


@pytest.mark.parametrize("claims", [
    {"acr": "pwd", "auth_time": 0}, {"auth_time": 0}, {"acr": "mfa"}, {"acr": "mfa", "auth_time": -7200}, {"acr": ["mfa"], "auth_time": 0},
])
def test_what_was_asked_is_held_against_the_answer(setting, claims):
    now = int(time.time())
    setting.provider.more_claims = {name: now + value if name == "auth_time" else value for name, value in claims.items()}
    rows = setting.stack.rows()
    client, response = sign_in(setting, "options")
    assert response.status_code == 400 and "eference" in response.text
    assert client.cookie(COOKIE) is None and setting.stack.rows() == rows


@pytest.mark.parametrize(("provider", "marks"), [
    ("pushed", {"pushed"}), ("signed", {"signed"}), ("pushed-signed", {"pushed", "signed"}),
])
def test_requests_are_pushed_and_signed(setting, provider, marks):
    client = Client()
    response = client.get(address(setting, provider))
    in_clear = parameters(response.headers["location"])
    assert "state" not in in_clear and "nonce" not in in_clear
    response = client.follow(response)
    assert response.status_code == 200, (response.text[:500], setting.provider.problems)
    assert marks == {"pushed", "signed"} & set(setting.provider.asked[-1])


def test_tokens_are_bound_to_a_key(setting):
    headers_of(setting, "bound")
    # The token endpoint wanted a nonce, got it, and bound the token; the userinfo endpoint checked the proof.
    assert setting.provider.problems == []
    assert setting.provider.proved == ["/token", "/token", "/userinfo"]


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
def test_the_reply_comes_as_a_form(setting, gateway):
    client, page = sign_in(setting, "form", gateway)
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html"), page.text[:300]
    form = Page(page.url, page.text).form_with("code", "state")
    # A browser sends no Lax cookie with another site's form.
    elsewhere = Client()
    carried = elsewhere.post(form.action, data=form.fields, headers={
        "origin": setting.provider.issuer, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "accept": "text/html"})
    assert carried.status_code == 303 and form.fields["code"] not in carried.headers["location"]
    assert elsewhere.follow(carried).status_code == 200 and elsewhere.cookie(COOKIE) is None
    response = client.follow(client.get(carried.headers["location"]))
    assert response.status_code == 200 and response.json()["path"] == "/echo/where?x=1"


def test_a_browser_posts_the_reply(setting, artifacts):
    # 127.0.0.1 is another site than localhost: the browser holds the Lax cookie back at the POST, and sends it after the redirect.
    chromium = Chromium(artifacts / "screenshots", "form-post")
    try:
        chromium.open(address(setting, "form"))
        assert chromium.driver.current_url.startswith(setting.provider.issuer)
        chromium.click("button")
        assert chromium.driver.current_url == f"{setting.stack.grpc_url}/echo/where?x=1"
    finally:
        chromium.close()


def test_a_form_that_nobody_asked_for_signs_nobody_in(setting):
    rows = setting.stack.rows()
    for gateway in setting.stack.gateways:
        for body in ({"code": "x", "state": "y"}, {"code": "x"}, {"state": "x" * 7000}):
            client = Client()
            response = client.post(f"{gateway}/_gatehouse/callback", data=body)
            assert response.status_code == 400 and client.cookie(COOKIE) is None
    assert setting.stack.rows() == rows


def test_endpoints_by_hand(setting):
    setting.provider.requests.clear()
    headers_of(setting, "by-hand")
    assert "GET /.well-known/openid-configuration" not in setting.provider.requests


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
def test_a_provider_has_an_inner_address(setting, gateway):
    """Browsers go by the issuer; whatever we ask ourselves goes to the other address."""
    client = Client()
    to_it = client.get(address(setting, "inside", gateway=gateway)).headers["location"]
    assert to_it.startswith(f"{setting.hidden.issuer}/authorize?")
    back = client.get(to_it.replace("127.0.0.2", "127.0.0.1"))
    response = client.follow(client.get(back.headers["location"]))
    assert response.status_code == 200 and response.json()["path"] == "/echo/where?x=1"
    asked = set(setting.hidden.requests)
    assert {"GET /.well-known/openid-configuration", "POST /token", "GET /keys"} <= asked and setting.hidden.problems == []


# Several providers.

@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
def test_people_choose_a_provider(setting, gateway):
    client = Client()
    page = client.follow(client.get(f"{getattr(setting.stack, gateway)}/echo/where?x=1"))
    assert page.status_code == 200 and "<b>one</b>" not in page.text
    read = Page(page.url, page.text)
    assert read.inline_scripts == 0 and "script-src 'self'" in page.headers["content-security-policy"]
    link = next(link for link in read.links if parameters(link).get("provider") == ["other"])
    response = client.follow(client.get(link))
    assert response.status_code == 200 and response.json()["path"] == "/echo/where?x=1"
    assert setting.other.authenticated == ["client_secret_basic"] and setting.provider.authenticated == []


def test_choosing_stores_nothing(setting):
    rows = setting.stack.all_rows()
    for _ in range(20):
        client = Client()
        assert client.follow(client.get(f"{setting.stack.grpc_url}/echo/")).status_code == 200
        assert not client.session.cookies
    assert setting.stack.all_rows() == rows


@pytest.mark.parametrize("provider", ["nobody", "", "../basic"])
def test_an_unknown_provider_is_asked_for(setting, provider):
    client = Client()
    response = client.get(address(setting, provider))
    assert response.status_code == 200 and len(Page(response.url, response.text).links) > 10


@pytest.mark.parametrize("change", [
    pytest.param(lambda setting, p: p | {"iss": setting.other.issuer}, id="another's iss"),
    pytest.param(lambda setting, p: {name: p[name] for name in ("code", "state")}, id="no iss though promised"),
])
def test_the_reply_of_one_is_not_the_others(setting, change):
    setting.provider.callback = lambda p: change(setting, p)
    client, response = sign_in(setting, "basic")
    assert response.status_code == 400 and client.cookie(COOKIE) is None
    assert setting.provider.authenticated == [] and setting.other.authenticated == []


def test_the_reply_at_anothers_callback_is_refused(setting):
    client = Client()
    response = client.follow(client.get(address(setting, "post")), until=lambda target: "/callback/post?" in target)
    callback = response.headers["location"]
    refused = client.get(callback.replace("/callback/post?", "/callback?"))
    assert refused.status_code == 400 and client.cookie(COOKIE) is None and setting.provider.authenticated == []


# Who people are.

def test_claims_are_mapped(setting):
    setting.provider.more_claims = {
        "oid": "o-1", "upn": "eve@corp.example", "groups": ["CN=Admins,DC=corp"], "realm_access": {"roles": ["App-Users"]},
    }
    headers = headers_of(setting, "claims")
    assert headers["kubeflow-userid"] == ["eve@corp.example"]
    assert headers["kubeflow-groups"] == ["corp:users,corp:admins"]


def test_userinfo_adds_what_the_token_lacks(setting):
    setting.provider.more_claims = {"email": None, "email_verified": None, "groups": ["of the token"]}
    setting.provider.userinfo_claims = {
        "email": "eve@userinfo.example", "email_verified": True, "groups": ["of userinfo"]}
    headers = headers_of(setting, "basic")
    assert headers["kubeflow-userid"] == ["eve@userinfo.example"] and headers["kubeflow-groups"] == ["of the token"]


def test_userinfo_of_somebody_else_is_not_believed(setting):
    setting.provider.more_claims = {"email": None, "email_verified": None}
    setting.provider.userinfo_claims = {"sub": "another", "email": "admin@example.org", "email_verified": True}
    with setting.stack.nothing_comes_of_it():
        client, response = sign_in(setting, "basic")
    assert response.status_code == 400 and client.cookie(COOKIE) is None


def test_groups_that_are_too_many_for_a_token(setting):
    setting.provider.more_claims = {"groups": None, "_claim_names": {"groups": "src1"}, "_claim_sources": {
        "src1": {"endpoint": "http://127.0.0.1:1/evil"}}}
    setting.provider.groups = [{"id": "1", "displayName": "One"}, {"id": "2", "displayName": "Two"}]
    assert headers_of(setting, "many-groups")["kubeflow-groups"] == ["One,Two"]


# Who may sign in.

def test_who_is_not_admitted_may_use_another_account(setting):
    rows = setting.stack.rows()
    client, response = sign_in(setting, "domain")
    assert response.status_code == 403 and "eve@example.org" in response.text and "eference" in response.text
    assert client.cookie(COOKIE) is None and setting.stack.rows() == rows
    other = next(link for link in Page(response.url, response.text).links if "/_gatehouse/sign-in?" in link)
    asked = parameters(other)
    assert asked["prompt"] == ["select_account"] and asked["rd"][0].endswith("/echo/where?x=1")
    setting.provider.more_claims = {"email": "eve@example.com", "sub": "another"}
    setting.provider.subject = "another"
    choice = client.get(other)
    link = next(link for link in Page(choice.url, choice.text).links if parameters(link).get("provider") == ["domain"])
    assert client.follow(client.get(link)).status_code == 200


@pytest.mark.parametrize(("provider", "claims", "status"), [
    ("domain", {"email": "eve@example.com"}, 200), ("domain", {"email": "eve@EXAMPLE.com"}, 200),
    ("domain", {"email": "eve@example.com", "email_verified": False}, 400),
    ("domain", {"email": "eve@example.com", "email_verified": None}, 403), ("domain", {"email": "eve@evil.example.com"}, 403),
    ("domain", {"email": "eve@example.com@example.org"}, 403), ("group", {"groups": ["outside"]}, 200), ("group", {"groups": []}, 403),
    ("group", {"groups": "outside,admins"}, 403), ("users", {}, 200), ("users", {"email": "Eve@example.org"}, 200),
    ("users", {"email": "eve@example.org", "email_verified": None}, 403), ("users", {"email": "adam@example.org"}, 403),
    ("users", {"preferred_username": "eve@example.org", "email": "adam@example.org"}, 403),
])
def test_who_is_admitted(setting, provider, claims, status):
    setting.provider.more_claims = claims
    _, response = sign_in(setting, provider)
    assert response.status_code == status, response.text[:300]


def test_the_file_of_addresses_is_read_again(setting):
    assert sign_in(setting, "file")[1].status_code == 403
    setting.emails.write_text("# staff\nEve@Example.org\n")
    assert sign_in(setting, "file")[1].status_code == 200
    setting.emails.write_text("bob@example.org\n")
    assert sign_in(setting, "file")[1].status_code == 403
    setting.emails.unlink()
    assert sign_in(setting, "file")[1].status_code == 503
    setting.emails.write_text("Eve@Example.org\n")


def test_every_sign_in_and_refusal_leaves_a_line(setting):
    before = len(setting.stack.gatehouse.text())
    headers_of(setting, "basic")
    _, refused = sign_in(setting, "domain")
    log = setting.stack.gatehouse.text()[before:]
    reference = re.search(r"<code>(\w+)</code>", refused.text).group(1)
    assert '"sign_in"' in log and "sign_in_failed" in log and reference in log
    assert LEDGER.found_in(log) == []


def test_many_unknown_keys_are_looked_for_seldom(setting):
    provider = setting.provider
    provider.write_token = lambda claims: provider.key.sign(claims, kid=secrets.token_hex(8))
    provider.requests.clear()
    for _ in range(30):
        assert sign_in(setting, "basic")[1].status_code == 400
    assert provider.requests.count("GET /keys") <= 2
