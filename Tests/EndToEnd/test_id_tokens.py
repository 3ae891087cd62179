"""ID tokens of an outside provider that misbehaves (D1–D22): no sign-in, a page with a reference, no session, the same process."""
import json
import re
import time

import pytest

from support import jws
from support.client import Client
from support.fixtures import both_gateways, outside_fixture
from support.html import Page
from support.outside import outside_stack
from support.stack import COOKIE


outside = outside_fixture("outside-provider")
url = both_gateways("outside")


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()


def signs(**changes):
    """The right token with some claims changed; None takes a claim away."""
    return lambda provider, claims: provider.key.sign(
        {name: value for name, value in (claims | changes).items() if value is not None})


def with_json(text: str):
    """The right token with text put in front of its claims."""
    return lambda provider, claims: provider.key.sign("{" + text + json.dumps(claims)[1:])


def other_last_bits(token: str) -> str:
    """The same signature bytes, with unused bits of the last character set: no canonical base64url."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


NOW = int(time.time())
WRONG = {
    "D1 alg none": lambda p, c: ".".join(jws.encoded(json.dumps(part).encode()) for part in ({"alg": "none"}, c)) + ".",
    "D1 alg None": lambda p, c: ".".join(
        jws.encoded(json.dumps(part).encode()) for part in ({"alg": "NoNe", "kid": p.key.kid}, c)) + ".",
    "D2 HS256 with the public key": lambda p, c: jws.hmac_token(p.key.public_pem(), c, p.key.kid),
    "D2 HS256 with the JWK": lambda p, c: jws.hmac_token(json.dumps(p.key.jwk()).encode(), c, p.key.kid),
    "D2 HS256 with the client secret": lambda p, c: jws.hmac_token(p.client_secret.encode(), c, p.key.kid),
    "D3 unknown kid": lambda p, c: p.key.sign(c, kid="unknown"),
    "D4 another key": lambda p, c: p.other_key.sign(c, kid=p.key.kid),
    "D4 a key for another algorithm": lambda p, c: p.key.sign(c, kid=p.elliptic_key.kid),
    "D4 another algorithm for the key": lambda p, c: p.key.sign(c, alg="RS512"),
    "D4 signature changed": lambda p, c: p.key.sign(c)[:-20] + "A" * 20,
    "D4 signature empty": lambda p, c: p.key.sign(c).rsplit(".", 1)[0] + ".",
    "D4 claims changed": lambda p, c: "{0}.{2}.{1}".format(
        *p.key.sign(c).split(".")[::2], jws.encoded(json.dumps(c | {"email": "admin@example.com"}).encode())),
    "D5 other aud": signs(aud="somebody-else"),
    "D5 no aud": signs(aud=None),
    "D5 aud an empty list": signs(aud=[]),
    "D5 aud a number": signs(aud=7),
    "D6 aud list without azp": lambda p, c: p.key.sign(c | {"aud": [p.client_id, "somebody-else"]}),
    "D7 wrong azp": signs(azp="somebody-else"),
    "D7 wrong azp with a list": lambda p, c: p.key.sign(
        c | {"aud": [p.client_id, "somebody-else"], "azp": "somebody-else"}),
    "D8 expired": signs(iat=NOW - 7200, exp=NOW - 3600),
    "D9 iat in the future": signs(iat=NOW + 3600, exp=NOW + 7200),
    "D10 not yet": signs(nbf=NOW + 3600),
    "D11 no exp": signs(exp=None),
    "D11 no iat": signs(iat=None),
    "D12 exp 1e300 beside a right one": with_json('"exp": 1e300, '),
    "D12 exp 1e300": lambda p, c: p.key.sign(re.sub(r'"exp": \d+', '"exp": 1e300', json.dumps(c))),
    "D12 exp beyond 64 bits": lambda p, c: p.key.sign(re.sub(r'"exp": \d+', '"exp": 99999999999999999999999', json.dumps(c))),
    "D12 iat -1e300": lambda p, c: p.key.sign(re.sub(r'"iat": \d+', '"iat": -1e300', json.dumps(c))),
    "D12 exp the greatest integer": signs(iat=-(2 ** 63), exp=2 ** 63 - 1),
    "D12 exp past by a fraction": lambda p, c: p.key.sign(
        re.sub(r'"exp": \d+', f'"exp": {NOW - 100}.5', json.dumps(c))),
    "D12 nbf 1e300": lambda p, c: p.key.sign("{" + '"nbf": 1e300, ' + json.dumps(c)[1:]),
    "D12 auth_time 1e300": lambda p, c: p.key.sign("{" + '"auth_time": 1e300, ' + json.dumps(c)[1:]),
    "D12 exp null": lambda p, c: p.key.sign(c | {"exp": None}),
    "D13 exp a string": signs(exp="123"),
    "D13 exp a good string": signs(exp=str(NOW + 300)),
    "D13 exp an object": signs(exp={}),
    "D14 nonce missing": signs(nonce=None),
    "D14 nonce other": signs(nonce="another-nonce"),
    "D14 nonce a list": lambda p, c: p.key.sign(c | {"nonce": [c["nonce"]]}),
    "D15 iss with a slash": lambda p, c: p.key.sign(c | {"iss": p.issuer + "/"}),
    "D15 iss other": signs(iss="https://evil.com"),
    "D15 no iss": signs(iss=None),
    "D16 at_hash wrong": signs(at_hash=jws.at_hash("another access token")),
    "D16 at_hash a number": signs(at_hash=1),
    "D16 c_hash wrong": signs(c_hash=jws.at_hash("another code")),
    "D16 c_hash empty": signs(c_hash=""),
    "D16 auth_time in the future": signs(auth_time=NOW + 3600),
    "D16 auth_time a string": signs(auth_time=str(NOW)),
    "D17 sub missing": signs(sub=None),
    "D17 sub empty": signs(sub=""),
    "D17 sub a number": signs(sub=17),
    "D17 sub of 256 characters": signs(sub="s" * 256),
    "D18 duplicate key": with_json('"sub": "admin", '),
    "D18 duplicate aud": with_json('"aud": "somebody-else", '),
    "D18 duplicate in the header": lambda p, c: p.key.sign(c, '{"alg": "none", "alg": "RS256", "kid": "right"}'),
    "D18 duplicate by escape": with_json('"\\u0073ub": "admin", '),
    "D19 crit": lambda p, c: p.key.sign(c, crit=["exp"], exp=1),
    "D19 b64 false": lambda p, c: p.key.sign(c, crit=["b64"], b64=False),
    "D20 own key in the header": lambda p, c: p.other_key.sign(c, jwk=p.other_key.jwk()),
    "D20 own key in the header, no kid": lambda p, c: p.other_key.sign(
        c, {"alg": "RS256", "jwk": p.other_key.jwk()}),
    "D20 jku": lambda p, c: p.other_key.sign(c, jku=f"{p.issuer}/other-keys"),
    "D20 x5u": lambda p, c: p.other_key.sign(c, x5u=f"{p.issuer}/other-keys"),
    "D20 kid a path": lambda p, c: p.other_key.sign(c, kid="../../../../dev/null"),
    "D21 five parts": lambda p, c: p.key.sign(c) + ".AAAA.BBBB",
    "D21 two parts": lambda p, c: p.key.sign(c).rsplit(".", 1)[0],
    "D21 last bits of the base64": lambda p, c: other_last_bits(p.key.sign(c)),
    "D21 padded": lambda p, c: p.key.sign(c) + "==",
    "D21 a space": lambda p, c: p.key.sign(c) + " ",
    "D21 JSON with more behind it": lambda p, c: p.key.sign(json.dumps(c) + "{}"),
    "D21 claims a list": lambda p, c: p.key.sign("[]"),
    "D21 claims 10,000 deep": lambda p, c: p.key.sign('{"x":' + "[" * 10_000 + "]" * 10_000 + "," + json.dumps(c)[1:]),
    "D21 claims of invalid UTF-8": lambda p, c: p.key.sign(json.dumps(c)).replace(".", "._w", 1),
    "D21 empty": lambda p, c: "",
    "D22 1 MB": lambda p, c: p.key.sign(c | {"x": "x" * 1_000_000}),
}


def sign_in(url: str):
    client = Client()
    return client, client.follow(client.get(f"{url}/echo/"))


def assert_refused(outside, url: str):
    with outside.nothing_comes_of_it():
        client, response = sign_in(url)
    assert 400 <= response.status_code < 600
    assert response.headers["content-type"].startswith("text/html")
    assert re.search(r"[Rr]eference", Page(response.url, response.text).text), response.text[:500]
    assert client.cookie(COOKIE) is None
    return response


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_token_signs_nobody_in(outside, url, provider, case):
    provider.write_token = lambda claims: WRONG[case](provider, claims)
    assert_refused(outside, url)


@pytest.mark.parametrize("change", [
    pytest.param(lambda r: r | {"token_type": "mac"}, id="token type"),
    pytest.param(lambda r: {name: value for name, value in r.items() if name != "id_token"}, id="no ID token"),
    pytest.param(lambda r: {name: value for name, value in r.items() if name != "access_token"}, id="no access token"),
    pytest.param(lambda r: r | {"id_token": 7}, id="ID token a number"),
    pytest.param(lambda r: r | {"access_token": "another-access-token"}, id="access token without its at_hash"),
    pytest.param(lambda r: {"error": "invalid_grant", "error_description": "<script>alert(1)</script>"}, id="error"),
    pytest.param(lambda r: r | {"x": "x" * 5_000_000}, id="5 MB"),
])
def test_a_wrong_token_response_signs_nobody_in(outside, url, provider, change):
    provider.token_response = change
    assert "<script>alert" not in assert_refused(outside, url).text


@pytest.mark.parametrize("change", [
    pytest.param(lambda p: p | {"iss": "https://evil.com"}, id="other issuer"),
    pytest.param(lambda p: {"code": p["code"], "state": p["state"]}, id="no issuer though promised"),
    pytest.param(lambda p: p | {"state": p["state"] + "x"}, id="other state"),
    pytest.param(lambda p: {"error": "access_denied", "state": p["state"], "iss": p["iss"]}, id="access denied"),
    pytest.param(lambda p: p | {"code": "made-up-code-1234"}, id="made-up code"),
    pytest.param(lambda p: p | {"error": "access_denied"}, id="code and error"),
])
def test_a_wrong_callback_signs_nobody_in(outside, url, provider, change):
    provider.callback = change
    client = Client()
    with outside.nothing_comes_of_it():
        response = client.get(f"{url}/echo/")
        # A callback without its state may be started again; follow one round only.
        while "/callback" not in response.url and response.status_code in (302, 303):
            response = client.get(response.headers["location"])
    assert response.status_code in (302, 303, 400, 401, 403, 502)
    assert client.cookie(COOKIE) is None


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_right_token_signs_in(url, provider, algorithm):
    provider.write_token = provider.key.sign if algorithm == "RS256" else provider.elliptic_key.sign
    client, response = sign_in(url)
    assert response.status_code == 200, response.text[:500]
    assert response.json()["headers"]["kubeflow-userid"] == ["eve@example.org"]
    assert client.cookie(COOKIE)


@pytest.mark.parametrize("right", [
    pytest.param(lambda p, c: p.key.sign(c | {"aud": [p.client_id], "azp": p.client_id}), id="aud a list of one"),
    pytest.param(lambda p, c: p.key.sign({name: value for name, value in c.items() if name != "at_hash"}), id="no at_hash"),
    pytest.param(lambda p, c: p.key.sign(c, {"alg": "RS256", "kid": p.key.kid}), id="no typ"),
    pytest.param(lambda p, c: p.key.sign(c | {"iat": c["iat"] + 5}), id="a clock a little ahead"),
    pytest.param(
        lambda p, c: p.key.sign(c | {"iat": c["iat"] - 0.75, "exp": c["exp"] + 0.5, "nbf": c["iat"] - 0.25}), id="times with a fraction"),
    pytest.param(lambda p, c: p.key.sign(c | {"x": {"y": [None, True, 1e3, "\u00e9\U0001f600"]}}), id="unknown claims"),
])
def test_what_the_specification_allows_signs_in(url, provider, right):
    provider.write_token = lambda claims: right(provider, claims)
    _, response = sign_in(url)
    assert response.status_code == 200, response.text[:500]


def test_a_subject_may_have_255_characters(url, provider):
    provider.subject = "s" * 255
    _, response = sign_in(url)
    assert response.status_code == 200, response.text[:500]


def test_a_key_that_is_new_since_the_last_look_is_found(make_stack, provider):
    # A stack of its own: somebody else's unknown keys may have used up this minute's second look.
    stack = outside_stack(make_stack, "key-rotation", provider)
    assert sign_in(stack.grpc_url)[1].status_code == 200
    old, provider.key = provider.key, jws.Key("rotated")
    provider.reset()
    try:
        _, response = sign_in(stack.http_url)
        assert response.status_code == 200, response.text[:500]
    finally:
        provider.key = old
        stack.stop()
