"""Area J: sign-outs that are refused. No session ends that should not, the same process goes on, and nothing is stored."""
import json
import time
import urllib.parse

import pytest
import requests

from support.client import NAVIGATION, Client
from support.code_flow import code_for, exchange, refresh
from support.fixtures import both_gateways
from support.jws import Key, claims_of, encoded
from support.ledger import LEDGER
from support.outside import outside_stack

FOREIGN = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}


@pytest.fixture(scope="module", params=["server", "cookie"])
def outside(request, make_stack, provider):
    """A Gatehouse whose only provider is the scripted one, once for each place where sessions can be."""
    stack = outside_stack(make_stack, f"refused-sign-outs-{request.param}", provider, {
        "session": {"store": request.param}, "compatibility": ["oauth2-proxy", "arrikto"]})
    yield stack
    stack.stop()


place = both_gateways("outside")


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()


def signed_in(place: str) -> Client:
    client = Client()
    assert client.follow(client.get(f"{place}/echo/")).status_code == 200
    return client


def is_in(client: Client, place: str) -> bool:
    return client.get(f"{place}/echo/").status_code == 200


def audit_line(stack, reference: str) -> dict:
    return next(
        line for line in (json.loads(text) for text in stack.gatehouse.text().splitlines() if reference in text)
        if line.get("reference") == reference)


class Unharmed:
    """What has to be true after a refusal: asserted when the block ends."""

    def __init__(self, stack, place: str):
        self.stack, self.place = stack, place

    def __enter__(self) -> Client:
        self.client = signed_in(self.place)
        self.rows, self.pid, self.hits = self.stack.all_rows(), self.stack.gatehouse.pid, self.stack.hit_counts()
        return self.client

    def __exit__(self, kind, *_) -> None:
        if kind:
            return
        assert self.stack.new_hits(self.hits) == [], "nothing reached an application"
        assert self.stack.all_rows() == self.rows, "nothing is stored, nothing deleted"
        assert is_in(self.client, self.place), "the session goes on"
        assert self.stack.gatehouse.running and self.stack.gatehouse.pid == self.pid


IMAGE = {"accept": "image/*", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image", "sec-fetch-site": "cross-site"}
J1 = {
    "J1 image": ("GET", "sign-out", IMAGE),
    "J1 image of everywhere": ("GET", "sign-out?everywhere=1", IMAGE),
    "J1 link": ("GET", "sign-out", NAVIGATION | FOREIGN),
    "J1 form": ("POST", "sign-out", NAVIGATION | FOREIGN),
    "J1 form with a guess": ("POST", "sign-out?confirm=guess", NAVIGATION | FOREIGN),
    "J1 script": ("POST", "sign-out", {"accept": "*/*", "sec-fetch-mode": "cors"} | FOREIGN),
    "J1 sessions page": ("POST", "sessions?end=everywhere&confirm=guess", NAVIGATION | FOREIGN),
    "J1 image of the frame": ("GET", "frontchannel-logout?iss=ISS&sid=guess", IMAGE),
    "J1 frame without sid": ("GET", "frontchannel-logout?iss=ISS", IMAGE),
    "J1 frame without iss": ("GET", "frontchannel-logout?sid=SID", IMAGE),
    "J1 frame of another issuer": ("GET", "frontchannel-logout?iss=https://evil.example&sid=SID", IMAGE),
    "J1 notice by GET": ("GET", "backchannel-logout?logout_token=x", IMAGE),
}


@pytest.mark.parametrize("case", J1)
def test_j1_another_page_signs_nobody_out(outside, place, provider, case):
    method, target, headers = J1[case]
    target = target.replace("ISS", provider.issuer).replace("SID", provider.session_id)
    with Unharmed(outside, place) as client:
        client.request(method, f"{place}/_gatehouse/{target}", headers=headers)


@pytest.mark.parametrize("path", ["/oauth2/sign_out", "/authservice/logout"])
def test_j1_nor_by_the_paths_of_other_programs(outside, place, path):
    with Unharmed(outside, place) as client:
        client.get(f"{place}{path}", headers=IMAGE)
        client.post(f"{place}{path}", headers={"accept": "*/*"} | FOREIGN)


@pytest.fixture(scope="module")
def tokens(stack) -> dict:
    """What our own provider has given a client for bob."""
    return exchange(stack, stack.apps_account, code_for(stack, stack.apps_account)).json()


def end_session(stack, **parameters) -> requests.Response:
    return Client().get(f"{stack.issuer}/logout?{urllib.parse.urlencode(parameters)}")


def assert_nothing_ended(stack, tokens: dict, answer: requests.Response, bob: Client) -> None:
    """A page with a reference that the log knows, no way on, and the grants are as good as before."""
    assert answer.status_code == 400 and "location" not in answer.headers, answer.text[:300]
    assert answer.headers["content-type"].startswith("text/html") and "evil.example" not in answer.text
    renewed = refresh(stack, stack.apps_account, tokens["refresh_token"])
    assert renewed.status_code == 200, renewed.text
    tokens.update(renewed.json())
    assert bob.get(f"{stack.grpc_url}/echo/").status_code == 200


@pytest.mark.parametrize("uri", [
    "https://evil.example/", "http://localhost/", "http://127.0.0.1:5555/callback", "//evil.example", "javascript:alert(1)", "REGISTERED/x",
    "REGISTERED?x=1", "REGISTERED#x",
], ids=lambda uri: f"J2 {uri}")
def test_j2_a_post_logout_uri_that_is_not_registered(stack, tokens, bob, uri):
    with stack.nothing_reaches_an_application():
        answer = end_session(
            stack, id_token_hint=tokens["id_token"],
            post_logout_redirect_uri=uri.replace("REGISTERED", f"{stack.grpc_url}/_gatehouse/sign-out"))
    assert_nothing_ended(stack, tokens, answer, bob)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_j2_nor_is_our_own_return_address(outside, place, provider, target):
    client = signed_in(place)
    page = client.get(f"{place}/_gatehouse/sign-out?rd={urllib.parse.quote(target, safe='')}")
    assert page.status_code == 200 and "evil.example" not in page.text


J3 = {
    "J3 alg none": lambda s, t: encoded(b'{"alg":"none","typ":"JWT"}') + "." + t["id_token"].split(".")[1] + ".",
    "J3 another key": lambda s, t: Key("other").sign(claims_of(t["id_token"])),
    "J3 another issuer": lambda s, t: Key("other").sign(claims_of(t["id_token"]) | {"iss": "https://evil.example"}),
    "J3 changed": lambda s, t: t["id_token"][:-4] + "AAAA",
    "J3 an access token": lambda s, t: t["access_token"],
    "J3 five parts": lambda s, t: t["id_token"] + ".x.y",
    "J3 1e300": lambda s, t: Key("other").sign(claims_of(t["id_token"]) | {"exp": 1e300}),
}


@pytest.mark.parametrize("case", J3)
def test_j3_a_hint_that_is_not_ours(stack, tokens, bob, case):
    with stack.nothing_reaches_an_application():
        answer = end_session(stack, id_token_hint=J3[case](stack, tokens))
    assert_nothing_ended(stack, tokens, answer, bob)


def test_j3_the_hint_of_another_client(stack, tokens, bob):
    answer = end_session(stack, id_token_hint=tokens["id_token"], client_id=stack.other_account.id)
    assert_nothing_ended(stack, tokens, answer, bob)


def test_j3_the_hint_of_somebody_else_ends_only_theirs(stack, tokens, bob):
    """In a browser where bob is signed in."""
    other = exchange(stack, stack.apps_account, code_for(stack, stack.apps_account, "admin@example.com")).json()
    assert bob.get(f"{stack.issuer}/logout?id_token_hint={other['id_token']}").status_code == 200
    assert refresh(stack, stack.apps_account, other["refresh_token"]).status_code == 400
    renewed = refresh(stack, stack.apps_account, tokens["refresh_token"])
    assert renewed.status_code == 200
    tokens.update(renewed.json())
    assert bob.get(f"{stack.grpc_url}/echo/").status_code == 200


def notify(place: str, token: str) -> requests.Response:
    return requests.post(f"{place}/_gatehouse/backchannel-logout", data={"logout_token": token}, timeout=20)


def assert_notice_refused(outside, place, token: str) -> None:
    with Unharmed(outside, place):
        answer = notify(place, token)
        assert answer.status_code == 400, answer.text
        assert answer.json()["error"] == "invalid_request" and answer.headers["cache-control"] == "no-store"
        line = audit_line(outside, answer.json()["reference"])
        assert line["event"] == "refusal" and "logout token" in line["reason"]


LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
CLAIMS = {
    "J4 no events": {"events": None}, "J4 other events": {"events": {"http://example.com/": {}}},
    "J4 events is a list": {"events": [LOGOUT]}, "J4 events is a text": {"events": LOGOUT},
    "J5 nonce": {"nonce": "n"}, "J5 nonce empty": {"nonce": ""},
    "J6 iat an hour old": {"iat": lambda now: now - 3600}, "J6 iat in the future": {"iat": lambda now: now + 3600},
    "J6 no iat": {"iat": None}, "J6 iat 1e300": {"iat": 1e300}, "J6 iat a text": {"iat": "1"},
    "J6 exp past": {"exp": lambda now: now - 300},
    "J8 other aud": {"aud": "another-client"}, "J8 no aud": {"aud": None}, "J8 aud a number": {"aud": 7},
    "J8 other iss": {"iss": "https://evil.example"}, "J8 nobody": {"sid": None}, "J8 sid a number": {"sid": 7},
    "J8 sid too long": {"sid": "x" * 300}, "J8 sub empty": {"sub": ""},
    "J7 no jti": {"jti": None}, "J7 jti a list": {"jti": ["x"]}, "J7 jti empty": {"jti": ""},
}


@pytest.mark.parametrize("case", CLAIMS)
def test_j4_to_j8_a_notice_with_a_claim_that_is_wrong(outside, place, provider, case):
    now = int(time.time())
    changes = {name: value(now) if callable(value) else value for name, value in CLAIMS[case].items()}
    assert_notice_refused(outside, place, provider.logout_token(**changes))


def test_j7_a_notice_counts_once(outside, place, provider):
    token = provider.logout_token()
    client = signed_in(place)
    assert notify(place, token).status_code == 200
    assert not is_in(client, place)
    assert_notice_refused(outside, place, token)


def header(token: str, **changes) -> str:
    """The same claims and signature under another header."""
    parts = token.split(".")
    return f"{encoded(json.dumps(changes).encode())}.{parts[1]}.{parts[2]}"


FORGED = {
    "J9 alg none": lambda p, t: encoded(b'{"alg":"none","typ":"logout+jwt"}') + "." + t.split(".")[1] + ".",
    "J9 alg none with a signature": lambda p, t: header(t, alg="none", typ="logout+jwt"),
    "J9 HS256": lambda p, t: header(t, alg="HS256", typ="logout+jwt", kid=p.key.kid),
    "J9 unknown kid": lambda p, t: header(t, alg="RS256", typ="logout+jwt", kid="unknown"),
    "J9 another key": lambda p, t: p.other_key.sign(claims_of(t), kid=p.key.kid, typ="logout+jwt"),
    "J9 key of its own": lambda p, t: p.other_key.sign(claims_of(t), jwk=p.other_key.jwk(), typ="logout+jwt"),
    "J9 signature of another": lambda p, t: ".".join(t.split(".")[:2]) + "." + p.logout_token(jti="z").split(".")[2],
    "J9 an ID token": lambda p, t: p.key.sign(p.claims("n")),
    "J9 typ of an access token": lambda p, t: p.key.sign(claims_of(t), typ="at+jwt"),
    "J9 five parts": lambda p, t: t + ".x.y", "J9 tail bits": lambda p, t: t[:-1] + chr(ord(t[-1]) ^ 1),
}


@pytest.mark.parametrize("case", FORGED)
def test_j9_a_forged_notice(outside, place, provider, case):
    token = LEDGER.add(FORGED[case](provider, provider.logout_token()), "forged logout token")
    assert_notice_refused(outside, place, token)


@pytest.mark.parametrize("body", ["", "A" * 1_000_000], ids=["J9 empty", "J9 1 MB"])
def test_j9_a_notice_that_is_none(outside, place, body):
    with Unharmed(outside, place):
        assert notify(place, body).status_code in (400, 413)


@pytest.mark.parametrize("fields", [[], [("logout_token", "T"), ("logout_token", "T")], [("token", "T")]])
def test_j9_a_form_without_one_token(outside, place, provider, fields):
    data = [(name, provider.logout_token() if value == "T" else value) for name, value in fields]
    with Unharmed(outside, place):
        assert requests.post(f"{place}/_gatehouse/backchannel-logout", data=data or "x=y", timeout=20).status_code == 400
