"""Signing in at our provider through another OpenID provider: a scripted one that does wrong what it is told to, one that we did not
write, and another Gatehouse."""
import concurrent.futures
import secrets
import ssl

import pytest

from support import jws
from support.certificates import Authority
from support.client import Client, parameters
from support.fixtures import upstream_fixture
from support.foreign_provider import ForeignProvider
from support.glewlwyd import Glewlwyd
from support.html import Page
from support.ledger import LEDGER
from support.listener import Listener
from support.ports import free_ports
from support.scripted_provider import ScriptedProvider
from support.stack import Stack, password_of
from support.upstreams import UpstreamStack

EXCHANGE_SECRET = LEDGER.add(secrets.token_urlsafe(24), "secret of a client that exchanges")
SECRET = LEDGER.add(secrets.token_urlsafe(24), "secret at the upstream")


upstream = upstream_fixture(SECRET)


@pytest.fixture(scope="module")
def secured(artifacts):
    """One with TLS and a certificate of an authority that nobody knows. Browsers reach it in clear: theirs is not looked at here."""
    folder = artifacts / "logs" / "connectors-oidc-tls"
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("upstream", "localhost", "127.0.0.1"))
    port, clear = free_ports(2)
    provider = ScriptedProvider(port, "gatehouse-client", SECRET, context)
    provider.issuer, provider.authority = f"https://localhost:{port}", authority.file
    provider.discovery = lambda document: document | {"authorization_endpoint": f"http://127.0.0.1:{clear}/authorize"}
    browsers = Listener(clear, provider.answer)
    yield provider
    browsers.stop()
    provider.stop()


@pytest.fixture(scope="module")
def place(artifacts, upstream, secured):
    def oidc(**more):
        return {"issuer": upstream.issuer, "clientID": upstream.client_id, "clientSecret": {"env": "UPSTREAM_SECRET"}} | more

    connectors = {
        "plain": oidc(),
        "groups": oidc(insecureEnableGroups=True, getUserInfo=True),
        "allowed": oidc(insecureEnableGroups=True, allowedGroups=["outside"]),
        "others": oidc(insecureEnableGroups=True, allowedGroups=["inside"]),
        "unverified": oidc(insecureSkipEmailVerified=True),
        "keys": oidc(userIDKey="employee", userNameKey="login"),
        "mapped": oidc(insecureEnableGroups=True, overrideClaimMapping=True,
                       claimMapping={"email": "mail", "groups": "roles", "preferred_username": "login"}),
        "domain": oidc(hostedDomains=["example.org"]),
        "no-email": oidc(scopes=["profile"]),
        "body": oidc(basicAuthUnsupported=True, promptType="none"),
        "choosing": oidc(promptType="select_account"),
        "post-only": oidc(), "post-only-header": oidc(basicAuthUnsupported=False),
        "acr": oidc(acrValues=["gold", "silver"]),
        "elsewhere": oidc(getUserInfo=True, providerDiscoveryOverrides={
            "authURL": f"{upstream.issuer}/authorize-elsewhere", "tokenURL": f"{upstream.issuer}/token-elsewhere",
            "jwksURL": f"{upstream.issuer}/keys-elsewhere", "userInfoURL": f"{upstream.issuer}/userinfo-elsewhere"}),
        "token-elsewhere": oidc(providerDiscoveryOverrides={"tokenURL": f"{upstream.issuer}/token-elsewhere"}),
        "any-certificate": oidc(issuer=secured.issuer, insecureSkipVerify=True), "no-certificate": oidc(issuer=secured.issuer),
        "our-certificate": oidc(issuer=secured.issuer, rootCAs=[str(secured.authority)]),
        "alias": oidc(issuer=f"http://localhost:{upstream.port}", issuerAlias=upstream.issuer, pkceChallenge="S256"),
        "no-alias": oidc(issuer=f"http://localhost:{upstream.port}"),
        "modified": oidc(insecureEnableGroups=True, allowedGroups=["corp:team-a:x"], claimModifications={
            "newGroupFromClaims": [
                {"claims": ["department", "site", "missing"], "delimiter": "-", "clearDelimiter": True, "prefix": "of"},
                {"claims": ["missing"], "prefix": "never"}],
            "filterGroupClaims": {"groupsFilter": "^team-"}, "modifyGroupNames": {"prefix": "corp:", "suffix": ":x"}}),
        "new-groups": oidc(claimModifications={"newGroupFromClaims": [{"claims": ["department"], "delimiter": "/", "prefix": "corp"}]}),
    }
    stack = UpstreamStack(
        artifacts / "logs" / "connectors-oidc",
        [{"id": name, "type": "oidc", "name": f"Company {name}", "oidc": entry} for name, entry in connectors.items()])
    own = stack.configuration["provider"]["connectors"]
    own.append({"id": "own", "type": "oidc", "name": "Own callback",
                "oidc": oidc(redirectURI=f"{stack.web}/callback/own")})
    stack.further_environment = {"UPSTREAM_SECRET": SECRET}

    def exchanger(**more):
        return {"secret": EXCHANGE_SECRET, "grantTypes": ["token_exchange"]} | more

    stack.configuration["provider"]["clients"] += [
        exchanger(id="builds", exchangeConnectors=["plain", "groups", "others", "no-email"]), exchanger(id="exchanger"),
        exchanger(id="builds-few", exchangeConnectors=["groups"], groups=["inside"])]
    stack.start()
    yield stack
    stack.kill()


@pytest.fixture(autouse=True)
def good(upstream):
    upstream.reset()


@pytest.fixture(autouse=True)
def same_process(place):
    before = place.gatehouse.pid
    yield
    assert place.gatehouse.running and place.gatehouse.pid == before, place.gatehouse.tail()


def changed(upstream, **changes):
    """ID tokens with some claims changed; None takes one away."""
    upstream.write_token = lambda claims: upstream.key.sign(
        {name: value for name, value in (claims | changes).items() if value is not None})


# Signing in.

def test_people_choose_where_to_sign_in(place):
    page = place.authorize(Client())
    assert page.status_code == 200 and "Continue with Company plain" in page.text


def test_signing_in(place, upstream):
    browser = Client()
    claims = place.claims(place.sign_in("plain", browser))
    assert claims["email"] == "eve@example.org" and claims["email_verified"] is True and claims["name"] == "Eve Example"
    assert "groups" not in claims and "amr" not in claims and "acr" not in claims
    assert claims["nonce"] == "nonce-of-the-client"


def test_the_request_upstream_is_bound(place, upstream):
    one, two = (place.asked(Client(), "plain") for _ in range(2))
    assert one["code_challenge_method"] == "S256" and one["redirect_uri"] == f"{place.web}/callback"
    assert set(one["scope"].split()) == {"openid", "profile", "email", "offline_access"} and one["prompt"] == "consent"
    for name in ("state", "nonce", "code_challenge"):
        assert one[name] != two[name]


def test_only_refreshing_clients_have_a_refresh_token_asked_for(place):
    asked = place.asked(Client(), "plain", scope="openid email")
    assert "offline_access" not in asked["scope"] and "prompt" not in asked
    assert "prompt" not in place.asked(Client(), "body")


def test_another_prompt_that_goes_with_refresh_tokens(place):
    """promptType."""
    asked = place.asked(Client(), "choosing")
    assert asked["prompt"] == "select_account" and "offline_access" in asked["scope"].split()
    assert "prompt" not in place.asked(Client(), "choosing", scope="openid email")


def test_what_the_client_asks_of_the_sign_in_is_passed_on(place):
    asked = place.asked(
        Client(), "plain", scope="openid", prompt="login", max_age="300", login_hint="eve@example.org", ui_locales="de en", acr_values="mfa")
    assert (asked["prompt"], asked["max_age"], asked["login_hint"]) == ("login", "300", "eve@example.org")
    assert (asked["ui_locales"], asked["acr_values"]) == ("de en", "mfa")


def test_hosted_domains_are_asked_for(place):
    assert place.asked(Client(), "domain")["hd"] == "example.org"


def test_how_people_signed_in_is_passed_on(place, upstream):
    changed(upstream, acr="mfa", amr=["otp", "pwd"], auth_time=1_000_000_000)
    claims = place.claims(place.sign_in("plain"))
    assert claims["acr"] == "mfa" and claims["amr"] == ["otp", "pwd"] and 1_000_000_000 < claims["auth_time"] < claims["iat"]


def test_the_session_of_the_browser_is_used(place, upstream):
    browser = Client()
    place.tokens(place.sign_in("plain", browser))
    before = len(upstream.requests)
    assert place.authorize(browser, "plain", scope="openid").headers["location"].startswith(place.apps_account.redirect_uri)
    assert len(upstream.requests) == before


def test_twenty_tabs_at_once(place, upstream):
    browser = Client()
    states = [place.authorize(browser, "plain") for _ in range(20)]
    assert all(place.tokens(browser.follow(state, until=lambda t: t.startswith(place.apps_account.redirect_uri)))
               for state in states)


def test_another_account(place, upstream):
    """After a form people follow a link, which `form-action` does not hold; and the upstream is asked to let them choose."""
    browser = Client()
    place.tokens(place.sign_in("plain", browser))
    page = place.authorize(browser, "plain", scope="openid", prompt="select_account")
    answer = browser.submit(Page(page.url, page.text).forms[0], account="")
    link = next(link for link in Page(answer.url, answer.text).links if "/auth/plain/login?" in link)
    assert answer.status_code == 200 and "location" not in answer.headers
    asked = parameters(browser.get(link).headers["location"])
    assert asked["prompt"] == ["select_account"] and "login_hint" not in asked


def test_whoever_is_not_taken_can_choose_another_account(place):
    browser = Client()
    page = place.sign_in("others", browser)
    link = next(link for link in Page(page.url, page.text).links if "/auth/others/login?" in link)
    assert "select_account" in parameters(browser.get(link).headers["location"])["prompt"][0]


# What the connector's options change.

def test_how_people_are_to_sign_in_there(place, upstream):
    """acrValues: asked for, and one of them has to be the answer."""
    assert place.asked(Client(), "acr")["acr_values"] == "gold silver" and "acr_values" not in place.asked(Client(), "plain")
    changed(upstream, acr="silver")
    assert place.claims(place.sign_in("acr"))["acr"] == "silver"
    for acr in ("bronze", None):
        changed(upstream, acr=acr)
        place.refused(place.sign_in("acr"), 400, "connector acr: ID token")


def test_endpoints_in_place_of_those_that_are_discovered(place, upstream):
    """providerDiscoveryOverrides: what discovery says is wrong in everything, and then in the token endpoint."""
    wrong = {name: "http://127.0.0.1:1/" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")}
    upstream.discovery = lambda document: document | wrong
    upstream.requests.clear()
    assert place.claims(place.sign_in("elsewhere"))["email"] == "eve@example.org"
    asked = [request for request in upstream.requests if "openid-configuration" not in request]
    assert asked == [
        "GET /authorize-elsewhere", "POST /token-elsewhere", "GET /keys-elsewhere", "GET /userinfo-elsewhere"], asked
    upstream.discovery = lambda document: document | {"token_endpoint": wrong["token_endpoint"]}
    assert place.claims(place.sign_in("token-elsewhere"))["email"] == "eve@example.org"
    assert "POST /token-elsewhere" in upstream.requests and "POST /token" not in upstream.requests


def test_a_certificate_that_nobody_vouches_for(place, secured):
    """insecureSkipVerify takes it, rootCAs makes it a good one, and without either nothing is sent there."""
    assert place.claims(place.sign_in("any-certificate"))["email"] == "eve@example.org"
    assert place.claims(place.sign_in("our-certificate"))["email"] == "eve@example.org"
    before = len(secured.requests)
    place.refused(place.authorize(Client(), "no-certificate"), 503, "connector no-certificate: cannot be asked at the moment")
    assert len(secured.requests) == before
    warnings = [line for line in place.gatehouse.text().splitlines() if "warning" in line and "certificate is not verified" in line]
    assert len(warnings) == 1


@pytest.mark.parametrize("connector, way", [("plain", "header"), ("body", "body")])
def test_where_the_secret_is_sent(place, upstream, connector, way):
    """basicAuthUnsupported."""
    upstream.authentications.clear()
    assert place.claims(place.sign_in(connector))["email"] == "eve@example.org"
    assert upstream.authentications == [way]


@pytest.mark.parametrize("connector, way", [("post-only", "body"), ("post-only-header", "header")])
def test_an_upstream_that_says_where_it_wants_the_secret(place, upstream, connector, way):
    """It is followed, unless basicAuthUnsupported is false."""
    upstream.discovery = lambda document: document | {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    upstream.authentications.clear()
    assert place.claims(place.sign_in(connector))["email"] == "eve@example.org"
    assert upstream.authentications == [way]


def test_claims_that_only_userinfo_has(place, upstream):
    """getUserInfo: asked only where the option says so, and believed about the same person only."""
    changed(upstream, email=None, email_verified=None, name=None)
    upstream.requests.clear()
    place.refused(place.sign_in("plain"), 403, "connector plain: there is no e-mail address")
    assert "GET /userinfo" not in upstream.requests
    claims = place.claims(place.sign_in("groups"))
    assert (claims["email"], claims["name"]) == ("eve@example.org", "Eve Example") and "GET /userinfo" in upstream.requests
    changed(upstream, sub="somebody-else")
    place.refused(place.sign_in("groups"), 400, "connector groups: userinfo")
    changed(upstream)
    upstream.userinfo_status = 500
    place.refused(place.sign_in("groups"), 503, "connector groups: cannot be asked at the moment")


# Claims.

def test_groups_only_where_they_are_taken(place, upstream):
    assert place.claims(place.sign_in("groups"))["groups"] == ["outside"]
    assert "groups" not in place.claims(place.sign_in("plain"))


def test_allowed_groups(place):
    assert place.claims(place.sign_in("allowed"))["groups"] == ["outside"]
    place.refused(place.sign_in("others"), 403, "connector others: in none of the allowed groups")


def test_modified_groups(place, upstream):
    changed(upstream, groups=["team-a", "my-team-b", "team-c"], department="re-search", site="Paris")
    assert place.claims(place.sign_in("modified"))["groups"] == ["corp:team-a:x", "corp:team-c:x", "of-research-Paris"]
    changed(upstream, groups=["team-c"], department="re-search")
    place.refused(place.sign_in("modified"), 403, "connector modified: in none of the allowed groups")


def test_groups_of_claims_without_groups(place, upstream):
    changed(upstream, department="research")
    assert place.claims(place.sign_in("new-groups"))["groups"] == ["corp/research"]
    changed(upstream, department=["a", "list"])
    assert "groups" not in place.claims(place.sign_in("new-groups"))


def test_an_upstream_that_calls_itself_otherwise(place, upstream):
    assert place.claims(place.sign_in("alias"))["email"] == "eve@example.org"
    response = place.authorize(Client(), "no-alias")
    assert response.status_code == 503 and "location" not in response.headers


def test_the_keys_of_id_and_name(place, upstream):
    changed(upstream, employee=4711, login="eve")
    first = place.claims(place.sign_in("keys"))
    upstream.subject = "another"
    assert place.claims(place.sign_in("keys"))["sub"] == first["sub"] and first["name"] == "eve"
    changed(upstream)
    place.refused(place.sign_in("keys"), 400, "userIDKey")


def test_the_claim_mapping(place, upstream):
    changed(upstream, mail="other@example.org", roles=["chief"], login="eve")
    claims = place.claims(place.sign_in("mapped"))
    assert (claims["email"], claims["groups"], claims["preferred_username"]) == ("other@example.org", ["chief"], "eve")


@pytest.mark.parametrize("changes, reason", [
    ({"email_verified": False}, "not verified"), ({"email_verified": None}, "not verified"),
    ({"email_verified": "yes"}, "not verified"), ({"email": None}, "no e-mail address"), ({"email": ""}, "no e-mail address"),
])
def test_an_address_that_nobody_vouches_for(place, upstream, changes, reason):
    changed(upstream, **changes)
    place.refused(place.sign_in("plain"), 403, f"connector plain: {'the e-mail address is ' if 'not' in reason else 'there is '}{reason}", "e-mail address")


def test_an_operator_may_take_it(place, upstream):
    changed(upstream, email_verified=False)
    assert place.claims(place.sign_in("unverified"))["email"] == "eve@example.org"
    changed(upstream, email=None)
    assert "email" not in place.claims(place.sign_in("no-email"))


@pytest.mark.parametrize("domain, works", [("example.org", True), ("example.com", False), (None, False), ("", False)])
def test_hosted_domains(place, upstream, domain, works):
    changed(upstream, hd=domain)
    response = place.sign_in("domain")
    if works:
        assert place.claims(response)["email"] == "eve@example.org"
    else:
        place.refused(response, 403, "connector domain: not of one of the hosted domains")


# What is refused.

WRONG_TOKENS = {
    "nonce": {"nonce": "another"}, "audience": {"aud": "another"}, "issuer": {"iss": "http://127.0.0.1:1"}, "expired": {"exp": 1},
    "no subject": {"sub": None}, "huge time": {"exp": 1e300}, "at_hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("changes", WRONG_TOKENS.values(), ids=WRONG_TOKENS.keys())
def test_wrong_id_tokens(place, upstream, changes):
    changed(upstream, **changes)
    place.refused(place.sign_in("plain"), 400, "connector plain: ID token")


def test_another_key(place, upstream):
    upstream.write_token = upstream.other_key.sign
    place.refused(place.sign_in("plain"), 400, "connector plain: ID token")


def test_an_error_of_the_upstream(place, upstream):
    upstream.callback = lambda sent: {"error": "access_denied", "error_description": "<script>", "state": sent["state"],
                                      "iss": sent["iss"]}
    response = place.sign_in("plain")
    place.refused(response, 403, "connector plain: the upstream says access_denied", "The sign-in at Company plain was cancelled")
    assert "<script>" not in response.text


def test_the_page_leads_back_to_the_beginning(place, upstream):
    upstream.callback = lambda sent: {"error": "access_denied", "state": sent["state"], "iss": sent["iss"]}
    browser = Client()
    page = place.sign_in("plain", browser)
    upstream.reset()
    link = next(link for link in Page(page.url, page.text).links if "/auth/plain/login?" in link)
    response = browser.follow(browser.get(link), until=lambda target: target.startswith(place.apps_account.redirect_uri))
    assert place.claims(response)["email"] == "eve@example.org"


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:1", None])
def test_the_issuer_of_the_reply(place, upstream, issuer):
    """RFC 9207: of another, or missing where the upstream has said that it sends it."""
    upstream.callback = lambda sent: {name: value for name, value in (sent | {"iss": issuer}).items() if value}
    before = upstream.requests.count("POST /token")
    place.refused(place.sign_in("plain"), 400, "connector plain: response issuer")
    assert upstream.requests.count("POST /token") == before


def reply_of(place, browser, connector="plain"):
    """The upstream's redirect to us, not followed."""
    return browser.follow(
        place.authorize(browser, connector), until=lambda target: target.startswith(f"{place.web}/callback")).headers["location"]


def test_a_reply_in_another_browser(place, upstream):
    url = reply_of(place, Client())
    before = upstream.requests.count("POST /token")
    for browser in (Client(), Client()):
        place.authorize(browser, "plain")
        place.refused(place.back(browser, url), 400, "callback: browser that began")
    place.refused(place.back(Client(), url), 400, "callback: browser that began")
    assert upstream.requests.count("POST /token") == before


def test_a_reply_that_comes_twice(place, upstream):
    browser = Client()
    url = reply_of(place, browser)
    assert place.tokens(place.back(browser, url))
    before = upstream.requests.count("POST /token")
    place.refused(place.back(browser, url), 400, "callback: not used before")
    assert upstream.requests.count("POST /token") == before


def test_a_reply_to_another_connector(place, upstream):
    browser = Client()
    url = reply_of(place, browser)
    before = upstream.requests.count("POST /token")
    for other in ("own", "groups"):
        moved = url.replace("/callback?", f"/callback/{other}?")
        place.refused(place.back(browser, moved), 400, "callback: connector of the path")
    own = reply_of(place, browser, "own")
    assert "/callback/own?" in own
    place.refused(place.back(browser, own.replace("/callback/own?", "/callback?")), 400, "callback: path of the connector")
    assert upstream.requests.count("POST /token") == before
    assert place.tokens(place.back(browser, own))


@pytest.mark.parametrize("query", [
    "", "state=x&code=y", "code=y", "state=%zz&code=y", "state={state}&state={state}&code=y", "state={state}&code=a&code=b",
    "state={flipped}&code=y",
])
def test_replies_that_are_none(place, upstream, query):
    browser = Client()
    state = parameters(reply_of(place, browser))["state"][0]
    flipped = ("B" if state[20] == "A" else "A").join([state[:20], state[21:]])
    before = place.all_rows()
    response = place.back(browser, f"{place.web}/callback?{query.format(state=state, flipped=flipped)}")
    assert response.status_code == 400 and place.all_rows() == before


@pytest.mark.parametrize("change", [{"code": None}, {"code": "x" * 9000}, {"code": "unknown"}])
def test_codes_that_are_none(place, upstream, change):
    upstream.callback = lambda sent: {name: value for name, value in (sent | change).items() if value}
    place.refused(place.sign_in("plain"), 400, "connector plain: ")


def test_a_head_request_uses_no_code_up(place):
    browser = Client()
    url = reply_of(place, browser)
    assert browser.request("HEAD", url).status_code == 405 and browser.post(url).status_code == 405
    assert place.tokens(place.back(browser, url))


def test_nothing_is_stored_for_nobody(place):
    before = place.all_rows()
    for _ in range(5):
        reply_of(place, Client())
    assert place.all_rows() == before



# Exchanging the upstream's ID tokens (RFC 8693).

def exchange(place, connector: str, token: str, client: str = "builds"):
    return Client().post(f"{place.web}/token", auth=(client, EXCHANGE_SECRET), data={
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "connector_id": connector, "subject_token": token,
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token", "scope": "openid email profile groups",
        "requested_token_type": "urn:ietf:params:oauth:token-type:id_token"})


def id_token(upstream, **changes) -> str:
    claims = upstream.claims(None) | changes
    return LEDGER.add(upstream.key.sign({name: value for name, value in claims.items() if value is not None}), "ID token")


def test_an_id_token_of_the_upstream_is_exchanged(place, upstream):
    answer = exchange(place, "groups", id_token(upstream))
    assert answer.status_code == 200, answer.text
    token = LEDGER.add(answer.json()["access_token"], "ID token")
    claims = jws.claims_of(token)
    assert (claims["iss"], claims["aud"], claims["email"]) == (place.web, "builds", "eve@example.org")
    assert claims["groups"] == upstream.groups
    assert claims["sub"] == place.claims(place.sign_in("groups"))["sub"], "who signs in by a browser is the same"


@pytest.mark.parametrize(("connector", "client", "changes", "status"), [
    ("plain", "builds", {"aud": "another"}, 400), ("plain", "builds", {"iss": "https://elsewhere.example.org"}, 400),
    ("plain", "builds", {"exp": 1700000000}, 400), ("plain", "builds", {"email_verified": False}, 400),
    ("others", "builds", {}, 400), ("plain", "exchanger", {}, 400), ("groups", "builds-few", {}, 400),
    ("unverified", "builds", {}, 400),
])
def test_an_id_token_that_is_not_exchanged(place, upstream, connector, client, changes, status):
    answer = exchange(place, connector, id_token(upstream, **changes), client)
    assert answer.status_code == status and "access_token" not in answer.json(), answer.text
    assert place.audit(answer.json()["reference"])


def test_an_upstream_that_is_away(place, upstream):
    browser = Client()
    url = reply_of(place, browser)
    upstream.is_away = True
    response = place.back(browser, url)
    place.refused(response, 503, "connector plain: cannot be asked at the moment")
    assert int(response.headers["retry-after"]) > 0
    upstream.is_away = False
    assert place.tokens(place.back(browser, url)), "the same reply may be sent again"


def test_a_wrong_client_secret(place, upstream):
    upstream.token_response = lambda response: {"error": "invalid_client"}
    place.refused(place.sign_in("plain"), 503, "connector plain: cannot be asked at the moment")


# Refreshing.

def test_a_refresh_asks_the_upstream(place, upstream):
    upstream.gives_refresh_tokens()
    tokens = place.tokens(place.sign_in("groups"))
    assert place.claims_of(tokens)["groups"] == ["outside"]
    upstream.groups = ["other"]
    for _ in range(2):
        tokens = place.refresh(tokens).json()
        assert place.claims_of(tokens)["groups"] == ["other"]


def test_many_refreshes_at_once_ask_once_each_token(place, upstream):
    """The upstream's refresh tokens are good once, and grants of several clients share them."""
    upstream.gives_refresh_tokens()
    browser = Client()
    grants = [place.tokens(place.sign_in("groups", browser))]
    for _ in range(4):
        grants.append(place.tokens(place.authorize(browser, "groups")))
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        replies = list(pool.map(place.refresh, grants))
    assert [reply.status_code for reply in replies] == [200] * 5, [reply.text for reply in replies]


def test_a_user_who_is_gone_upstream(place, upstream):
    upstream.gives_refresh_tokens()
    browser = Client()
    tokens = place.tokens(place.sign_in("groups", browser))
    other = place.tokens(place.authorize(browser, "groups"))
    upstream.revoke_all()
    for grant in (tokens, other, tokens):
        reply = place.refresh(grant)
        assert reply.status_code == 400 and reply.json()["error"] == "invalid_grant", reply.text
    # Nor does the session of the browser lead to another code.
    assert "/authorize?" in place.authorize(browser, "groups").headers["location"]


def test_groups_that_are_no_longer_allowed(place, upstream):
    upstream.gives_refresh_tokens()
    tokens = place.tokens(place.sign_in("allowed"))
    upstream.groups = ["inside"]
    assert place.refresh(tokens).json()["error"] == "invalid_grant"


def test_an_upstream_that_is_away_ends_nothing(place, upstream):
    upstream.gives_refresh_tokens()
    tokens = place.tokens(place.sign_in("groups"))
    upstream.is_away = True
    reply = place.refresh(tokens)
    assert reply.status_code == 503 and reply.json()["error"] == "temporarily_unavailable"
    upstream.is_away = False
    assert place.refresh(tokens).status_code == 200


def test_a_new_refresh_token_outlives_what_fails_after_it(place, upstream):
    """Each is good once: with the answer of the token endpoint lost, the next refresh would end the sign-in."""
    upstream.gives_refresh_tokens()
    tokens = place.tokens(place.sign_in("groups"))
    upstream.refreshes.clear()
    for status in (503, 500):
        upstream.userinfo_status = status
        assert place.refresh(tokens).status_code == 503
    upstream.userinfo_status = 200
    assert place.refresh(tokens).status_code == 200
    assert len(upstream.refreshes) == len(set(upstream.refreshes)) == 3


def test_a_new_refresh_token_outlives_an_id_token_that_is_refused(place, upstream):
    upstream.gives_refresh_tokens()
    tokens = place.tokens(place.sign_in("groups"))
    upstream.refreshes.clear()
    changed(upstream, aud="somebody-else")
    assert [place.refresh(tokens).status_code for _ in range(2)] == [503, 503]
    upstream.write_token = upstream.key.sign
    assert place.refresh(tokens).status_code == 200
    assert len(upstream.refreshes) == len(set(upstream.refreshes)) == 3


def test_another_person_at_the_refresh(place, upstream):
    upstream.gives_refresh_tokens()
    tokens = place.tokens(place.sign_in("groups"))
    changed(upstream, sub="somebody-else")
    assert place.refresh(tokens).status_code == 503


def test_without_a_refresh_token_people_stay_who_they_were(place, upstream):
    tokens = place.tokens(place.sign_in("groups"))
    upstream.groups = ["other"]
    assert place.claims_of(place.refresh(tokens).json())["groups"] == ["outside"]


def test_nothing_of_the_upstream_is_in_the_store_in_clear(place, upstream):
    upstream.gives_refresh_tokens()
    place.tokens(place.sign_in("groups"))
    assert place.rows("upstream_tokens") > 0
    stored = b"".join(file.read_bytes() for file in place.folder.glob("gatehouse.db*"))
    assert all(token.encode() not in stored for token in upstream._refresh_tokens)


# Providers that we did not write.

@pytest.mark.parametrize("kind", [ForeignProvider, Glewlwyd], ids=["idpyoidc", "glewlwyd"])
def test_a_foreign_provider(artifacts, kind):
    port = free_ports(1)[0]
    folder = artifacts / "logs" / f"connectors-oidc-{kind.__name__.lower()}"
    stack = UpstreamStack(folder, [{"id": "foreign", "type": "oidc", "name": "Foreign", "oidc": {
        "issuer": kind.issuer_at(port), "clientID": "rp", "clientSecret": {"env": "UPSTREAM_SECRET"}, "getUserInfo": True}}])
    stack.configuration["provider"]["users"] = []
    stack.further_environment = {"UPSTREAM_SECRET": SECRET}
    provider = kind(port, folder, "rp", SECRET, [f"{stack.web}/callback"])
    try:
        stack.start()
        scope = "openid email profile" + (" offline_access" if kind is ForeignProvider else "")
        browser = Client()
        response = browser.follow(
            stack.authorize(browser, scope=scope),
            until=lambda target: provider.is_login(target) or target.startswith(f"{stack.web}/callback"))
        if provider.is_login(response.headers["location"]):
            response = provider.sign_in(browser, response)
        tokens = stack.tokens(browser.follow(response, until=lambda target: target.startswith(stack.apps_account.redirect_uri)))
        claims = stack.claims_of(tokens)
        assert (claims["email"], claims["name"]) == ("diana@example.org", "Diana Prince")
        if kind is ForeignProvider:
            assert stack.refresh(tokens).status_code == 200 and provider.requests.count("POST /token") == 2
        assert provider.problems == []
    finally:
        stack.kill()
        provider.stop()


def test_another_gatehouse(artifacts):
    """Two of ours, one behind the other: signing in, groups, a refresh, and a user who is taken away."""
    behind = Stack(artifacts / "logs" / "connectors-oidc-behind")
    web = f"http://localhost:{behind.ports.web}/dex"
    front = UpstreamStack(artifacts / "logs" / "connectors-oidc-front", [{"id": "main", "type": "oidc", "name": "Main", "oidc": {
        "issuer": web, "clientID": "front", "clientSecret": {"env": "UPSTREAM_SECRET"}, "insecureEnableGroups": True,
        "scopes": ["email", "profile", "groups"], "promptType": "none"}}])
    front.configuration["provider"]["users"] = []
    behind.configuration["provider"]["issuer"] = web
    behind.configuration["provider"]["clients"].append(
        {"id": "front", "secret": {"env": "UPSTREAM_SECRET"}, "name": "Front", "redirectURIs": [f"{front.web}/callback"]})
    behind.further_environment = front.further_environment = {"UPSTREAM_SECRET": SECRET}
    try:
        behind.write()
        behind.start_gatehouse()
        front.start()
        browser = Client()
        page = browser.follow(front.authorize(browser))
        form = Page(page.url, page.text).form_with("login", "password")
        response = browser.submit(form, login="bob@example.com", password=password_of("bob@example.com"))
        response = browser.follow(response, until=lambda target: target.startswith(front.apps_account.redirect_uri))
        tokens = front.tokens(response)
        claims = front.claims_of(tokens)
        assert claims["email"] == "bob@example.com" and claims["groups"] == ["team-b"] and claims["amr"] == ["pwd"]
        tokens = front.refresh(tokens).json()
        assert front.claims_of(tokens)["groups"] == ["team-b"]
        # Who is taken out of the file behind gets nothing more in front.
        users = behind.configuration["provider"]["users"]
        behind.configuration["provider"]["users"] = [user for user in users if user["email"] != "bob@example.com"]
        behind.gatehouse.stop()
        behind.write()
        behind.start_gatehouse()
        assert front.refresh(tokens).json()["error"] == "invalid_grant"
    finally:
        front.kill()
        behind.kill()
