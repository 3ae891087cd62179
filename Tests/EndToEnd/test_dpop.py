"""Tokens that are bound to a key (RFC 9449): every request needs a proof of its own, through both gateways."""
import hashlib
import json
import secrets
import time

import pytest
import requests

from support import jws
from support.fixtures import both_gateways
from support.ports import free_ports
from support.token_issuer import TokenIssuer
from test_bearer import PROGRAM, send


def thumbprint(key: jws.Key) -> str:
    """RFC 7638."""
    jwk = key.jwk()
    members = {name: jwk[name] for name in sorted(("crv", "kty", "x", "y") if jwk["kty"] == "EC" else ("e", "kty", "n"))}
    return jws.encoded(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def public(key: jws.Key) -> dict:
    return {name: value for name, value in key.jwk().items() if name not in ("use", "kid", "alg")}


CLIENT, THIEF = jws.Key("client", "ES256"), jws.Key("thief", "ES256")
RSA_CLIENT = jws.Key("client-rsa")


def proof(url: str, token: str, key: jws.Key = CLIENT, header: dict | None = None, **changes) -> str:
    claims = {
        "jti": secrets.token_hex(8), "htm": "GET", "htu": f"{url}/echo/", "iat": int(time.time()),
        "ath": jws.encoded(hashlib.sha256(token.encode()).digest()),
    } | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return key.sign(claims, {"typ": "dpop+jwt", "alg": key.algorithm, "jwk": public(key)} | (header or {}))


@pytest.fixture(scope="module")
def issuer():
    issuer = TokenIssuer(free_ports(1)[0])
    yield issuer
    issuer.stop()


@pytest.fixture(scope="module")
def guarded(make_stack, issuer):
    def change(configuration):
        configuration["authService"]["bearer"] = [{"issuer": issuer.issuer, "audiences": ["gatehouse"]}]

    stack = make_stack("dpop", change)
    yield stack
    stack.stop()


url = both_gateways("guarded")


def bound(issuer: TokenIssuer, key: jws.Key = CLIENT) -> str:
    return issuer.token(cnf={"jkt": thumbprint(key)})


def present(url: str, token: str, *proofs: str, path: str = "/echo/", method: str = "GET") -> requests.Response:
    headers = PROGRAM | {"authorization": f"DPoP {token}"} | ({"dpop": proofs[0]} if proofs else {})
    return requests.request(method, url + path, headers=headers, allow_redirects=False, timeout=20)


@pytest.mark.parametrize("key", [CLIENT, RSA_CLIENT], ids=["ES256", "RS256"])
def test_a_bound_token_with_its_proof_is_let_in(url, issuer, key):
    token = bound(issuer, key)
    for _ in range(3):
        response = present(url, token, proof(url, token, key))
        assert response.status_code == 200, response.text[:300]
        assert response.json()["headers"]["kubeflow-userid"] == ["robot@example.com"]


@pytest.mark.parametrize("right", [
    pytest.param(lambda u: {"htu": f"{u}/echo/?a=b#c"}, id="htu with a query and a fragment"),
    pytest.param(lambda u: {"htu": u.replace("http://localhost", "HTTP://LOCALHOST") + "/%65cho/"}, id="htu not normalised"),
    pytest.param(lambda u: {"iat": int(time.time()) - 50}, id="a slow client"),
    pytest.param(lambda u: {"iat": int(time.time()) + 50}, id="a clock ahead"),
])
def test_what_the_specification_allows_is_let_in(url, issuer, right):
    token = bound(issuer)
    response = present(url, token, proof(url, token, **right(url)))
    assert response.status_code == 200, response.text[:300]


WRONG = {
    "no proof": lambda u, t: [],
    "htm other": lambda u, t: [proof(u, t, htm="POST")],
    "htm lower case": lambda u, t: [proof(u, t, htm="get")],
    "htu of another path": lambda u, t: [proof(u, t, htu=f"{u}/admin/")],
    "htu of another host": lambda u, t: [proof(u, t, htu="http://evil.example/echo/")],
    "htu of another port": lambda u, t: [proof(u, t, htu="http://localhost:1/echo/")],
    "htu of another scheme": lambda u, t: [proof(u, t, htu=u.replace("http:", "https:") + "/echo/")],
    "htu a path": lambda u, t: [proof(u, t, htu="/echo/")],
    "no htu": lambda u, t: [proof(u, t, htu=None)],
    "iat old": lambda u, t: [proof(u, t, iat=int(time.time()) - 70)],
    "iat ahead": lambda u, t: [proof(u, t, iat=int(time.time()) + 70)],
    "no iat": lambda u, t: [proof(u, t, iat=None)],
    "iat a text": lambda u, t: [proof(u, t, iat=str(int(time.time())))],
    "iat huge": lambda u, t: [proof(u, t, iat=-(2 ** 63))],
    "no jti": lambda u, t: [proof(u, t, jti=None)],
    "jti of 513 bytes": lambda u, t: [proof(u, t, jti="j" * 513)],
    "ath of another token": lambda u, t: [proof(u, t + "x")],
    "no ath": lambda u, t: [proof(u, t, ath=None)],
    "another key": lambda u, t: [proof(u, t, THIEF)],
    "the right key in the header, signed by another": lambda u, t: [proof(u, t, THIEF, {"jwk": public(CLIENT)})],
    "typ JWT": lambda u, t: [proof(u, t, header={"typ": "JWT"})],
    "alg none": lambda u, t: [proof(u, t, header={"alg": "none"})],
    "alg HS256": lambda u, t: [proof(u, t, header={"alg": "HS256"})],
    "a private key in the header": lambda u, t: [proof(u, t, header={"jwk": public(CLIENT) | {"d": "x"}})],
    "no key in the header": lambda u, t: [proof(u, t, header={"jwk": {}})],
    "two in one": lambda u, t: [f"{proof(u, t)}, {proof(u, t)}"],
    "not a token": lambda u, t: ["hello"],
    "9 KB": lambda u, t: [proof(u, t, x="x" * 9_000)],
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_proof_is_refused(url, guarded, issuer, case):
    token = bound(issuer)
    with guarded.nothing_comes_of_it():
        response = present(url, token, *WRONG[case](url, token))
        assert response.status_code == 401, response.text[:300]
        assert response.headers["www-authenticate"].startswith("DPoP ")
        assert 'error="invalid_dpop_proof"' in response.headers["www-authenticate"]


def test_a_proof_counts_once(url, guarded, issuer):
    token = bound(issuer)
    used = proof(url, token)
    assert present(url, token, used).status_code == 200
    with guarded.nothing_comes_of_it():
        assert present(url, token, used).status_code == 401


def test_a_proof_of_one_request_is_not_anothers(url, guarded, issuer):
    token = bound(issuer)
    with guarded.nothing_comes_of_it():
        assert present(url, token, proof(url, token), path="/admin/").status_code == 401
        assert present(url, token, proof(url, token), method="POST").status_code == 401


def test_a_bound_token_is_no_mere_bearer(url, guarded, issuer):
    token = bound(issuer)
    assert present(url, token, proof(url, token)).status_code == 200
    with guarded.nothing_comes_of_it():
        assert send(url, token).status_code == 401
        response = requests.get(
            f"{url}/echo/", timeout=20, headers=PROGRAM | {"authorization": f"Bearer {token}", "dpop": proof(url, token)})
        assert response.status_code == 401


def test_a_token_that_is_not_bound_needs_no_dpop_scheme(url, guarded, issuer):
    token = issuer.token()
    assert send(url, token).status_code == 200
    with guarded.nothing_comes_of_it():
        assert present(url, token, proof(url, token)).status_code == 401


def test_a_bad_token_is_told_from_a_bad_proof(url, guarded, issuer):
    token = issuer.token(cnf={"jkt": thumbprint(CLIENT)}, aud="other")
    with guarded.nothing_comes_of_it():
        response = present(url, token, proof(url, token))
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("DPoP ")
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_bound_tokens_only_where_the_entry_says_so(make_stack, issuer):
    def change(configuration):
        configuration["authService"]["bearer"] = [
            {"issuer": issuer.issuer, "audiences": ["gatehouse"], "dpop": "required"}]

    stack = make_stack("dpop-required", change)
    try:
        for url in stack.gateways:
            token = bound(issuer)
            assert present(url, token, proof(url, token)).status_code == 200
            with stack.nothing_comes_of_it():
                assert send(url, issuer.token()).status_code == 401
    finally:
        stack.stop()
