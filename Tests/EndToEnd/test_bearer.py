"""Bearer tokens that are JWTs (E1–E9): through both gateways, the application's hit counter stands still on every refusal."""
import json
import re
import time

import pytest
import requests

from support import jws
from support.client import NAVIGATION
from support.fixtures import both_gateways
from support.flood import flood
from support.ledger import LEDGER
from support.ports import free_ports
from support.sso import eventually
from support.token_issuer import TokenIssuer
from support.witness import resident_bytes

PROGRAM = {"accept": "application/json"}


@pytest.fixture(scope="module")
def issuer():
    issuer = TokenIssuer(free_ports(1)[0])
    yield issuer
    issuer.stop()


@pytest.fixture(scope="module")
def strict():
    """Takes at+jwt by ES256 only, names users by another claim, asks for a claim."""
    issuer = TokenIssuer(free_ports(1)[0], "api")
    yield issuer
    issuer.stop()


CLUSTER = "https://kubernetes.default.svc.cluster.local"
ACCOUNT = "system:serviceaccount:team-a:default-editor"
CLUSTER_KEYS = [jws.Key("first"), jws.Key("second")]


@pytest.fixture(scope="module")
def guarded(make_stack, issuer, strict):
    def change(configuration):
        configuration["authService"]["bearer"] = [
            {"issuer": issuer.issuer, "audiences": ["gatehouse", "gatehouse-2"]},
            {"issuer": strict.issuer, "audiences": ["api"], "tokenType": "at+jwt", "algorithms": ["ES256"],
             "user": "client.name", "email": "client.name", "groups": ["realm_access.roles", "groups"],
             "userPrefix": "machine:", "groupPrefix": "realm/", "requiredClaims": {"tenant": ["acme", "umbrella"]}},
            {"issuer": CLUSTER, "audiences": [CLUSTER], "email": "sub", "jwksFile": "cluster.jwks"},
            {"issuer": configuration["provider"]["issuer"], "audiences": ["app"], "tokenType": "at+jwt", "userinfo": True},
        ]

    stack = make_stack("bearer", change, start=False)
    write_keys(stack, CLUSTER_KEYS[:1])
    stack.start()
    yield stack
    stack.stop()


url = both_gateways("guarded")


def write_keys(stack, keys: list) -> None:
    """What `kubectl get --raw /openid/v1/jwks` says, in the file that the configuration names."""
    (stack.folder / "cluster.jwks").write_text(json.dumps({"keys": [key.jwk() for key in keys]}))


def account_token(key, **changes) -> str:
    """As `kubectl create token` makes one for a service account."""
    now = int(time.time())
    return LEDGER.add(key.sign({
        "iss": CLUSTER, "sub": ACCOUNT, "aud": [CLUSTER], "iat": now, "nbf": now, "exp": now + 600,
        "kubernetes.io": {"namespace": "team-a", "serviceaccount": {"name": "default-editor"}}} | changes), "bearer token")


def send(url: str, token: str, path: str = "/echo/", headers: dict = PROGRAM, **more) -> requests.Response:
    return requests.get(
        url + path, headers=headers | {"authorization": f"Bearer {token}"}, allow_redirects=False, timeout=20, **more)


def assert_invalid(response, error: str = "invalid_token") -> None:
    assert response.status_code == 401, response.text[:300]
    challenge = response.headers["www-authenticate"]
    assert challenge.startswith("Bearer ") and f'error="{error}"' in challenge


def at_jwt(issuer: TokenIssuer, **changes) -> str:
    key = issuer.elliptic_key
    claims = {"client": {"name": "ci-runner"}, "realm_access": {"roles": ["admins"]}, "groups": ["extra"]} | changes
    return issuer.token(key, {"alg": "ES256", "kid": key.kid, "typ": "at+jwt"}, **claims)


def test_a_right_token_is_let_in_with_its_identity(url, issuer):
    response = send(url, issuer.token())
    assert response.status_code == 200, response.text[:300]
    seen = response.json()["headers"]
    assert seen["kubeflow-userid"] == ["robot@example.com"]
    assert seen["kubeflow-groups"] == ["admins,robots"]
    claims = jws.claims_of(seen["x-gatehouse-assertion"][0])
    assert claims["sub"] == "robot-7" and claims["idp"] == issuer.issuer


def test_seen_before_it_is_let_in_without_the_issuer(url, issuer):
    token = issuer.token()
    assert send(url, token).status_code == 200
    before = len(issuer.requests)
    for _ in range(20):
        assert send(url, token).status_code == 200
    assert len(issuer.requests) == before


@pytest.mark.parametrize("right", [
    pytest.param(lambda i: i.token(aud=["other", "gatehouse-2"]), id="one audience of several"),
    pytest.param(lambda i: i.token(i.elliptic_key), id="ES256"),
    pytest.param(lambda i: i.token(i.key, {"alg": "RS256", "kid": "right", "typ": "at+jwt"}), id="at+jwt"),
    pytest.param(lambda i: i.token(i.key, {"alg": "RS256", "kid": "right", "typ": "application/at+jwt"}), id="application/at+jwt"),
    pytest.param(lambda i: i.token(i.key, {"alg": "RS256", "kid": "right"}), id="no typ"),
    pytest.param(lambda i: i.token(iat=None), id="no iat"),
    pytest.param(lambda i: i.token(iat=int(time.time()) + 20), id="a clock a little ahead"),
])
def test_what_the_specifications_allow_is_let_in(url, issuer, right):
    response = send(url, right(issuer))
    assert response.status_code == 200, response.text[:300]


def test_claims_are_mapped_as_the_issuer_entry_says(url, strict):
    response = send(url, at_jwt(strict))
    assert response.status_code == 200, response.text[:300]
    seen = response.json()["headers"]
    assert seen["kubeflow-userid"] == ["ci-runner"]
    assert seen["kubeflow-groups"] == ["realm/admins,realm/extra"]
    assert jws.claims_of(seen["x-gatehouse-assertion"][0])["sub"] == "machine:ci-runner"


def test_service_accounts_are_known_by_the_keys_in_a_file(url, guarded):
    response = send(url, account_token(CLUSTER_KEYS[0]))
    assert response.status_code == 200, response.text[:300]
    seen = response.json()["headers"]
    # Over HTTP a header is taken away by an empty one.
    assert seen["kubeflow-userid"] == [ACCOUNT] and seen.get("kubeflow-groups", [""]) == [""]
    with guarded.nothing_comes_of_it():
        for token in (
                account_token(jws.Key("first")), account_token(CLUSTER_KEYS[0], aud=["https://elsewhere.example"]),
                account_token(CLUSTER_KEYS[0], exp=int(time.time()) - 5)):
            assert_invalid(send(url, token))


def test_keys_in_a_file_are_read_again_for_a_new_one(guarded):
    token = account_token(CLUSTER_KEYS[1])
    write_keys(guarded, CLUSTER_KEYS)
    # At once, where no token with an unknown key has had it looked at within the last minute.
    eventually(lambda: send(guarded.grpc_url, token).status_code == 200, "the new key", timeout=120)


def test_the_rules_hold_for_bearers_too(url, guarded, issuer):
    assert send(url, issuer.token(), "/admin/").status_code == 200
    with guarded.nothing_comes_of_it():
        assert send(url, issuer.token(groups=["others"]), "/admin/").status_code == 403
        assert send(url, issuer.token(), "/closed/x").status_code == 403


def test_own_headers_of_the_client_do_not_survive(url, issuer):
    response = send(url, issuer.token(), headers=PROGRAM | {"kubeflow-userid": "root", "x-forwarded-user": "root"})
    seen = response.json()["headers"]
    assert seen["kubeflow-userid"] == ["robot@example.com"] and "root" not in json.dumps(seen)


NOW = int(time.time())
OTHER = lambda i, **more: i.other_key.sign(i.claims(), **more)
WRONG = {
    "E1 alg none": lambda i: ".".join(
        jws.encoded(json.dumps(part).encode()) for part in ({"alg": "none"}, i.claims())) + ".",
    "E1 HS256 with the public key": lambda i: jws.hmac_token(i.key.public_pem(), i.claims(), "right"),
    "E1 HS256 with the JWK": lambda i: jws.hmac_token(json.dumps(i.key.jwk()).encode(), i.claims(), "right"),
    "E1 unknown kid": lambda i: i.key.sign(i.claims(), kid="unknown"),
    "E1 no kid": lambda i: i.other_key.sign(i.claims(), {"alg": "RS256"}),
    "E1 another key": lambda i: OTHER(i, kid="right"),
    "E1 a key for another algorithm": lambda i: i.key.sign(i.claims(), kid="right-ec"),
    "E1 signature empty": lambda i: i.token().rsplit(".", 1)[0] + ".",
    "E1 claims changed": lambda i: "{0}.{2}.{1}".format(
        *i.token().split(".")[::2], jws.encoded(json.dumps(i.claims(sub="root")).encode())),
    "E1 own key in the header": lambda i: OTHER(i, jwk=i.other_key.jwk()),
    "E1 jku": lambda i: OTHER(i, jku=f"{i.issuer}/other"),
    "E1 crit": lambda i: i.key.sign(i.claims(), crit=["exp"], exp=1),
    "E1 not yet": lambda i: i.token(nbf=NOW + 3600),
    "E1 iat in the future": lambda i: i.token(iat=NOW + 3600, exp=NOW + 7200),
    "E1 no exp": lambda i: i.token(exp=None),
    "E1 exp a string": lambda i: i.token(exp=str(NOW + 300)),
    "E1 exp 1e300": lambda i: i.key.sign(re.sub(r'"exp": \d+', '"exp": 1e300', json.dumps(i.claims()))),
    "E1 exp beyond 64 bits": lambda i: i.key.sign(re.sub(r'"exp": \d+', '"exp": 99999999999999999999', json.dumps(i.claims()))),
    "E1 iat -1e300": lambda i: i.key.sign(re.sub(r'"iat": \d+', '"iat": -1e300', json.dumps(i.claims()))),
    "E1 no sub": lambda i: i.token(sub=None),
    "E1 sub empty": lambda i: i.token(sub=""),
    "E1 sub a number": lambda i: i.token(sub=7),
    "E1 sub of 256 characters": lambda i: i.token(sub="s" * 256),
    "E1 duplicate key": lambda i: i.key.sign('{"sub": "root", ' + json.dumps(i.claims())[1:]),
    "E1 five parts": lambda i: i.token() + ".AAAA.BBBB",
    "E1 two parts": lambda i: i.token().rsplit(".", 1)[0],
    "E1 padded": lambda i: i.token() + "==",
    "E1 claims a list": lambda i: i.key.sign("[]"),
    "E1 10,000 deep": lambda i: i.key.sign('{"x":' + "[" * 10_000 + "]" * 10_000 + "," + json.dumps(i.claims())[1:]),
    "E1 not a token": lambda i: "hello",
    "E1 empty": lambda i: "",
    "E1 two words": lambda i: i.token() + " x",
    "E1 a comma": lambda i: i.token() + ",Bearer " + i.token(),
    "E2 other issuer": lambda i: i.token(iss="https://evil.example"),
    "E2 issuer with a slash": lambda i: i.token(iss=i.issuer + "/"),
    "E2 no issuer": lambda i: i.token(iss=None),
    "E3 other audience": lambda i: i.token(aud="somebody-else"),
    "E3 no audience": lambda i: i.token(aud=None),
    "E3 audience a number": lambda i: i.token(aud=7),
    "E3 audience an empty list": lambda i: i.token(aud=[]),
    "E4 an ID token by nonce": lambda i: i.token(nonce="n"),
    "E4 an ID token by at_hash": lambda i: i.token(at_hash="x"),
    "E4 an ID token by typ": lambda i: i.token(typ="ID"),
    "E4 a logout token": lambda i: i.token(i.key, {"alg": "RS256", "kid": "right", "typ": "logout+jwt"}),
    "E4 a security event": lambda i: i.token(events={"x": {}}),
    "E6 expired by 1 s": lambda i: i.token(iat=NOW - 300, exp=int(time.time()) - 1),
    "E6 expires now": lambda i: i.token(iat=NOW - 300, exp=int(time.time())),
    "unverified e-mail address": lambda i: i.token(email_verified=False),
    "bound to a certificate": lambda i: i.token(cnf={"x5t#S256": "x"}),
    "bound to a key, sent as a mere bearer": lambda i: i.token(cnf={"jkt": "x" * 43}),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_token_is_refused(url, guarded, issuer, case):
    with guarded.nothing_comes_of_it():
        assert_invalid(send(url, WRONG[case](issuer)))


WRONG_FOR_THE_STRICT = {
    "E5 typ JWT": lambda i: i.token(i.elliptic_key, client={"name": "x"}),
    "E5 no typ": lambda i: i.token(i.elliptic_key, {"alg": "ES256", "kid": "right-ec"}, client={"name": "x"}),
    "RS256 where only ES256 counts": lambda i: i.token(
        i.key, {"alg": "RS256", "kid": "right", "typ": "at+jwt"}, client={"name": "x"}),
    "required claim missing": lambda i: at_jwt(i, tenant=None),
    "required claim with another value": lambda i: at_jwt(i, tenant="other"),
    "required claim an object": lambda i: at_jwt(i, tenant={"acme": True}),
    "user's claim missing": lambda i: at_jwt(i, client={"id": 1}),
    "user's claim no object": lambda i: at_jwt(i, client="ci-runner"),
}


@pytest.mark.parametrize("case", WRONG_FOR_THE_STRICT)
def test_what_one_issuer_entry_asks_for_is_asked(url, guarded, strict, case):
    with guarded.nothing_comes_of_it():
        assert_invalid(send(url, WRONG_FOR_THE_STRICT[case](strict)))


def test_one_issuers_audience_is_not_anothers(url, guarded, issuer, strict):
    with guarded.nothing_comes_of_it():
        assert_invalid(send(url, issuer.token(aud="api")))
        assert_invalid(send(url, at_jwt(strict, iss=issuer.issuer)))


def test_browsers_are_refused_too_and_get_a_page(url, guarded, issuer):
    with guarded.nothing_comes_of_it():
        response = send(url, issuer.token(aud="other"), headers=NAVIGATION)
    assert_invalid(response)
    assert response.headers["content-type"].startswith("text/html")
    assert re.search(r"[Rr]eference", response.text)


def test_a_bad_token_is_not_mended_by_a_good_session(url, guarded, issuer):
    client = guarded.signed_in("admin@example.com", url)
    assert client.get(f"{url}/echo/").status_code == 200
    with guarded.nothing_comes_of_it():
        assert_invalid(client.get(f"{url}/echo/", headers=NAVIGATION | {"authorization": "Bearer bad"}))


def test_a_good_token_goes_before_the_session(url, guarded, issuer):
    client = guarded.signed_in("bob@example.com", url)
    response = client.get(f"{url}/echo/", headers=NAVIGATION | {"authorization": f"Bearer {issuer.token()}"})
    assert response.json()["headers"]["kubeflow-userid"] == ["robot@example.com"]


def test_other_schemes_are_the_applications_business(url, guarded):
    client = guarded.signed_in("bob@example.com", url)
    response = client.get(f"{url}/echo/", headers=NAVIGATION | {"authorization": "Digest username=x"})
    assert response.json()["headers"]["authorization"] == ["Digest username=x"]
    assert requests.get(f"{url}/echo/", headers=PROGRAM | {"authorization": "Digest x"}, timeout=20).status_code == 401


def test_open_paths_look_at_no_credential(url, guarded, issuer):
    response = send(url, "bad", "/public/x")
    assert response.status_code == 200 and response.json()["headers"].get("kubeflow-userid", [""]) == [""]


def test_without_issuers_the_authorization_field_is_the_applications(gateway, bob):
    response = bob.get(f"{gateway}/echo/", headers=NAVIGATION | {"authorization": "Bearer anything"})
    assert response.status_code == 200
    assert response.json()["headers"]["authorization"] == ["Bearer anything"]
    assert response.json()["headers"]["kubeflow-userid"] == ["bob@example.com"]


def test_the_issuer_is_away(make_stack):
    """E8: 503 while nothing is known, and a token that was seen before goes on to count."""
    issuer = TokenIssuer(free_ports(1)[0])

    def change(configuration):
        configuration["authService"]["bearer"] = [{"issuer": issuer.issuer, "audiences": ["gatehouse"]}]

    stack = make_stack("bearer-away", change)
    try:
        issuer.is_down = True
        with stack.nothing_comes_of_it():
            for url in stack.gateways:
                response = send(url, issuer.token())
                assert response.status_code == 503
                # In HTTP mode Envoy answers itself whenever a check ends in 5xx.
                assert url == stack.http_url or response.headers["retry-after"]
        issuer.is_down = False
        token = issuer.token()
        time.sleep(6)  # the failure is remembered for 5 s
        for url in stack.gateways:
            assert send(url, token).status_code == 200
        issuer.is_down = True
        for url in stack.gateways:
            assert send(url, token).status_code == 200
            assert send(url, issuer.token()).status_code == 200
    finally:
        stack.stop()
        issuer.stop()


def test_ten_thousand_bad_tokens_cost_two_looks_at_the_keys(guarded, url, issuer):
    """E9, M3: distinct unknown kids; the keys are fetched again at most once a minute, and good tokens pass meanwhile."""
    good, body = issuer.token(), jws.encoded(json.dumps(issuer.claims()).encode())

    def bad(number: int) -> list[tuple[str, str]]:
        header = jws.encoded(json.dumps({"alg": "RS256", "kid": f"bad-{number}"}).encode())
        return [("authorization", f"Bearer {header}.{body}.AAAA")]

    assert send(url, good).status_code == 200
    before, memory = issuer.count("/keys"), resident_bytes(guarded.gatehouse.pid)
    with guarded.nothing_comes_of_it():
        statuses = flood(int(url.rsplit(":", 1)[1]), map(bad, range(10_000)))
    assert statuses == {"401": 10_000}
    assert issuer.count("/keys") - before <= 2
    assert resident_bytes(guarded.gatehouse.pid) - memory < 20 * 1024 * 1024
    assert send(url, good).status_code == 200


def test_a_key_that_is_new_is_found(make_stack):
    issuer = TokenIssuer(free_ports(1)[0])

    def change(configuration):
        configuration["authService"]["bearer"] = [{"issuer": issuer.issuer, "audiences": ["gatehouse"]}]

    stack = make_stack("bearer-rotation", change)
    try:
        assert send(stack.grpc_url, issuer.token()).status_code == 200
        issuer.key = jws.Key("rotated")
        assert send(stack.grpc_url, issuer.token()).status_code == 200
    finally:
        stack.stop()
        issuer.stop()


def test_a_bad_token_leads_to_the_sign_in_where_the_option_says_so(make_stack, issuer):
    def change(configuration):
        configuration["authService"]["bearer"] = [{"issuer": issuer.issuer, "audiences": ["gatehouse"]}]
        configuration["authService"]["onInvalidBearer"] = "signIn"

    stack = make_stack("bearer-fallback", change)
    try:
        for url in stack.gateways:
            with stack.nothing_comes_of_it():
                response = send(url, "bad", headers=NAVIGATION)
                assert response.status_code == 302 and "/dex/auth" in response.headers["location"]
                assert send(url, "bad").status_code == 401
            client = stack.signed_in("bob@example.com", url)
            response = client.get(f"{url}/echo/", headers=NAVIGATION | {"authorization": "Bearer bad"})
            assert response.json()["headers"]["kubeflow-userid"] == ["bob@example.com"]
    finally:
        stack.stop()
