"""Kubeflow behind Gatehouse in Istio: the objects that we write, rendered as the Envoy configuration that Istio makes of them, in a real
Envoy. In both modes (who sets kubeflow-userid: our answer, or the gateway from our assertion), inserted by the mesh's provider or by
an EnvoyFilter, asked over gRPC or HTTP. Every test looks at what the applications saw."""
import json

import pytest

from istio.door import NAVIGATION, PROGRAM, WAYS, Door
from istio.place import ALICE, BOB, USER, IstioPlace
from support import raw, websocket
from support.client import Client
from support.jws import encoded
from support.stack import COOKIE, password_of
from test_headers import FORGED, forgeries

DOORS = [(mode, way) for mode, ways in WAYS.items() for way in ways]
ROBOT = "system:serviceaccount:alice:robot"
OWN, OTHERS = "/notebook/alice/lab/tree", "/notebook/bob/lab/tree"


@pytest.fixture(scope="module")
def places(artifacts):
    """One cluster a mode."""
    found: dict[str, IstioPlace] = {}

    def of(mode: str) -> IstioPlace:
        if mode not in found:
            found[mode] = IstioPlace(artifacts / "logs" / f"istio-{mode}", mode)
            found[mode].start()
            for email in (ALICE, BOB):
                found[mode].session(email)
        return found[mode]

    yield of
    for place in found.values():
        place.kill()


@pytest.fixture(scope="module", params=DOORS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def door(request, places) -> Door:
    mode, way = request.param
    return next(door for door in places(mode).doors if door.way == way)


@pytest.fixture
def place(door) -> IstioPlace:
    return door.place


@pytest.fixture(autouse=True)
def same_processes(place):
    before = [place.envoy.pid, place.pods.pid]
    yield
    assert place.gatehouse.running, place.gatehouse.tail()
    for envoy, pid in zip((place.envoy, place.pods), before):
        assert envoy.running and envoy.pid == pid, envoy.tail()


# Signing in.

@pytest.mark.parametrize("email", [ALICE, USER])
def test_a_browser_ends_at_the_dashboard(door, place, email):
    client = Client()
    with place.what_reaches_an_application() as reached:
        response = client.sign_in(f"{door.url}/", email, password_of(email))
    assert response.status_code == 200 and response.url == f"{door.url}/" and f"Signed in as {email}" in response.text
    assert [(str(seen), seen.user) for seen in reached] == [("GET /", [email])]


def test_a_browser_comes_back_to_where_it_wanted(door, place):
    with place.what_reaches_an_application() as reached:
        response = Client().sign_in(f"{door.url}{OWN}?path=a%20b", ALICE, password_of(ALICE))
    assert response.status_code == 200 and response.url == f"{door.url}{OWN}?path=a%20b"
    assert [str(seen) for seen in reached] == [f"GET {OWN}?path=a%20b"]


def test_a_wrong_password_opens_nothing(door, place):
    with place.nothing_reaches_an_application():
        assert "password" in Client().sign_in(f"{door.url}/", ALICE, "not-her-password").text


def test_an_application_is_told_who_and_no_more(door, place):
    with place.what_reaches_an_application() as reached:
        assert door.ask("/pipeline/", [PROGRAM, ("cookie", "mine=1")], ALICE).status == 200
    (seen,) = reached
    assert seen.user == [ALICE]
    # Of a claim that is a list, Istio would make base64 of JSON: in token mode applications read the groups in the assertion.
    assert seen.all("kubeflow-groups") == (["kubeflow,team-a"] if place.mode == "header" else [])
    assert place.session(ALICE) not in str(seen.headers) and "mine=1" in seen.all("cookie")[0]
    assert len(seen.all("x-gatehouse-assertion")) == 1


def test_a_session_in_one_of_two_cookie_lines_counts(door, place):
    with place.what_reaches_an_application() as reached:
        lines = [PROGRAM, ("cookie", "a=1"), ("cookie", f"{COOKIE}={place.session(ALICE)}")]
        assert raw.request(door.port, "/pipeline/", lines).status == 200
    assert [seen.user for seen in reached] == [[ALICE]]


# Tenancy: a namespace's sidecar lets in who its policy names.

@pytest.mark.parametrize("email, own, others", [(ALICE, OWN, OTHERS), (BOB, OTHERS, OWN)])
def test_a_namespace_is_its_owners(door, place, email, own, others):
    with place.what_reaches_an_application() as reached:
        assert door.ask(own, as_user=email).status == 200
        assert door.ask(others, as_user=email).status == 403
        assert door.ask(others, [PROGRAM, ("kubeflow-userid", BOB if email == ALICE else ALICE)], email).status == 403
    assert [(str(seen), seen.user) for seen in reached] == [(f"GET {own}", [email])]


def test_a_neighbour_in_the_mesh_is_no_gateway(place):
    """A header of the right name is worth nothing without the gateway's own mTLS identity."""
    with place.what_reaches_an_application() as reached:
        assert place.ask_sidecar("alice", OWN, {"kubeflow-userid": ALICE}, identity="bob") == 403
        assert place.ask_sidecar("alice", OWN, {"kubeflow-userid": ALICE}, identity="gateway") == 200
    assert [str(seen) for seen in reached] == [f"GET {OWN}"]


def test_nobody_without_an_identity_of_the_mesh_has_a_namespace(place):
    with place.nothing_reaches_an_application():
        assert place.ask_sidecar("alice", OWN, {"kubeflow-userid": ALICE}, identity=None) == 403


@pytest.mark.parametrize("identity", ["alice", None])
def test_only_the_gateway_may_ask_gatehouse(place, identity):
    """Whose answers name a user to whoever asks with a cookie; the keys are everybody's, istiod's above all."""
    cookie = {"cookie": f"{COOKIE}={place.session(ALICE)}", "host": place.doors[0].url.removeprefix("http://")}
    assert place.ask_sidecar("check_http", "/envoy/pipeline/", cookie, "gateway") == 200
    assert place.ask_sidecar("check_http", "/envoy/pipeline/", cookie, identity) in (0, 403)
    assert place.ask_sidecar("web", "/_gatehouse/userinfo", cookie, identity) in (0, 403)
    if place.mode == "token":
        assert place.ask_sidecar("web", "/_gatehouse/jwks", {}, identity) == 200


# Programs.

def test_a_service_account_is_its_subject(door, place):
    bearer = ("authorization", f"Bearer {place.account_token()}")
    with place.what_reaches_an_application() as reached:
        assert door.ask("/pipeline/apis/v2beta1/runs", [PROGRAM, bearer]).status == 200
        assert door.ask(OWN, [PROGRAM, bearer]).status == 200
        assert door.ask(OTHERS, [PROGRAM, bearer]).status == 403
    assert [seen.user for seen in reached] == [[ROBOT], [ROBOT]]


def test_a_service_accounts_forged_user_does_not_count(door, place):
    bearer = ("authorization", f"Bearer {place.account_token()}")
    with place.what_reaches_an_application() as reached:
        assert door.ask("/pipeline/", [PROGRAM, bearer, ("kubeflow-userid", BOB)]).status == 200
    assert [seen.user for seen in reached] == [[ROBOT]]


@pytest.mark.parametrize("changes", [
    {"exp": 1}, {"aud": "other"}, {"iss": "https://other.example"}, {"sub": None}, {"sub": ""},
], ids=["expired", "other audience", "other issuer", "no subject", "empty subject"])
def test_a_service_accounts_wrong_token_opens_nothing(door, place, changes):
    token = place.accounts.token(**({"sub": ROBOT, "email": None} | changes))
    with place.nothing_reaches_an_application():
        assert door.ask("/pipeline/", [PROGRAM, ("authorization", f"Bearer {token}")]).status == 401


def test_a_service_accounts_token_of_another_key_opens_nothing(door, place):
    token = place.accounts.token(key=place.accounts.other_key, sub=ROBOT)
    with place.nothing_reaches_an_application():
        assert door.ask("/pipeline/", [PROGRAM, ("authorization", f"Bearer {token}")]).status == 401


AUTHORIZATIONS = [
    [("authorization", value)]
    for value in ("Bearer x", "Bearer ", "bearer a.b.c", "Basic YWxpY2U6eA==", "Negotiate abc", "x", "", "Bearer\tx")
] + [[("authorization", "Bearer x"), ("authorization", "Bearer y")], [("Authorization", "x"), ("AUTHORIZATION", "")]]


@pytest.mark.parametrize("lines", AUTHORIZATIONS, ids=repr)
def test_no_authorization_header_goes_round_the_check(door, place, lines):
    """Where Kubeflow's policies skip the check for any such header, ours ask about every request."""
    with place.nothing_reaches_an_application():
        for target in ("/pipeline/", "/dex/../pipeline/", OWN):
            assert door.ask(target, [PROGRAM, *lines]).status == 401
            assert door.ask(target, [*NAVIGATION, *lines]).status in (302, 401)
        assert door.ask("/dex/..%2fpipeline/", [PROGRAM, *lines]).status in (400, 401)


# Signing out.

def test_the_dashboards_link_signs_out(door, place):
    client = place.signed_in(ALICE, door.url)
    session = client.cookie(COOKIE)
    assert client.get(f"{door.url}/oauth2/sign_out").status_code in (302, 303)
    _is_over(door, session)


def test_the_older_dashboards_post_signs_out(door, place):
    client = place.signed_in(ALICE, door.url)
    session = client.cookie(COOKIE)
    answer = client.post(
        f"{door.url}/authservice/logout", headers={"accept": "*/*", "origin": door.url, "sec-fetch-site": "same-origin"})
    assert answer.status_code == 201 and answer.json()["afterLogoutURL"].startswith("http")
    _is_over(door, session)


def test_another_sites_post_signs_nobody_out(door, place):
    client = place.signed_in(ALICE, door.url)
    for headers in ({}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site", "origin": door.url}):
        assert client.post(f"{door.url}/authservice/logout", headers={"accept": "*/*"} | headers).status_code == 403
    assert client.get(f"{door.url}/").status_code == 200


def _is_over(door: Door, session: str) -> None:
    with door.place.nothing_reaches_an_application():
        assert raw.request(door.port, "/pipeline/", [PROGRAM, ("cookie", f"{COOKIE}={session}")]).status == 401


# Headers that a client forges.

NAMES = ["kubeflow-userid", "kubeflow-groups", "x-gatehouse-assertion"]
SPELLINGS = [pytest.param(lines, id=f"{name}, {how}") for name in NAMES for how, lines in forgeries(name)] + [
    pytest.param([(name, FORGED)], id=name)
    for name in ("kubeflow.userid", "Kubeflow_userid", "kubeflow~userid", "kubeflow.groups", "x.gatehouse-assertion")]


@pytest.mark.parametrize("lines", SPELLINGS)
def test_no_application_sees_a_forged_header(door, place, lines):
    with place.what_reaches_an_application() as reached:
        response = door.ask("/pipeline/", [PROGRAM, *lines], ALICE)
        assert door.ask("/pipeline/", [PROGRAM, *lines]).status in (0, 400, 401)
    assert [seen.user for seen in reached] == ([[ALICE]] if response.status == 200 else [])
    assert response.status == 200 or response.status in (0, 400), response
    for seen in reached:
        assert FORGED not in str(seen.headers) and "\xe9" not in str(seen.headers)
        assert len(seen.all("x-gatehouse-assertion")) == 1
        assert len(seen.all("kubeflow-groups")) == (place.mode == "header")


@pytest.mark.parametrize("email", [None, ALICE])
def test_a_preflight_brings_no_forged_header_along(door, place, email):
    """Istio's jwt_authn does not look at CORS preflights, nor strip what it would set."""
    preflight = [
        ("origin", "https://evil.example"), ("access-control-request-method", "POST"), *((name, FORGED) for name in NAMES)]
    with place.what_reaches_an_application() as reached:
        door.ask("/pipeline/", preflight, email, method="OPTIONS")
    for seen in reached:
        assert FORGED not in str(seen.headers) and seen.user in ([], [ALICE])
    assert email or not reached


def test_nobodys_assertion_is_believed(door, place):
    """A client's own, whoever signed it: without a session it opens nothing, with one it is not the one that goes on."""
    claims = {"iss": place.doors[0].url, "aud": "kubeflow", "sub": "x", "email": BOB, "exp": 4_000_000_000}
    unsigned = f"{encoded(b'{}')}.{encoded(json.dumps(claims).encode())}."
    for token in (place.accounts.key.sign(claims), place.accounts.elliptic_key.sign(claims), unsigned, "x", ""):
        header = ("x-gatehouse-assertion", token)
        with place.what_reaches_an_application() as reached:
            assert door.ask("/pipeline/", [PROGRAM, header]).status == 401
            assert door.ask("/pipeline/", [PROGRAM, header], ALICE).status == 200
        assert [seen.user for seen in reached] == [[ALICE]]
        assert token == "" or token not in reached[0].all("x-gatehouse-assertion")


@pytest.mark.parametrize("name, value", [
    ("x-forwarded-client-cert", "By=spiffe://cluster.local/ns/a/sa/b;URI=spiffe://cluster.local/ns/alice/sa/default-editor"),
    ("x-forwarded-uri", "/dex/auth"), ("x-original-url", "/dex/auth"), ("x-envoy-original-path", "/dex/auth"),
    ("x-forwarded-host", "open.example.com"), ("x-http-method-override", "OPTIONS"), ("x-forwarded-user", ALICE),
    ("x-auth-request-email", ALICE), ("x-envoy-auth-partial-body", "true"),
])
def test_headers_about_another_request_open_nothing(door, place, name, value):
    with place.nothing_reaches_an_application():
        assert door.ask("/pipeline/", [PROGRAM, (name, value)]).status == 401


@pytest.mark.parametrize("names", ["kubeflow-userid", "x-gatehouse-assertion, kubeflow-userid", "cookie", "authorization, cookie"])
def test_no_header_of_ours_is_one_of_a_connection(door, place, names):
    """What `Connection` names is taken out at every hop, by some only after our answer."""
    with place.what_reaches_an_application() as reached:
        status = door.ask("/pipeline/", [PROGRAM, ("connection", names)], ALICE).status
    assert status in (200, 400, 401) and [seen.user for seen in reached] == ([[ALICE]] if status == 200 else [])


# Paths that two readers could take differently.

INTO_PIPELINES = [
    "/dex/..%2fpipeline/", "/dex/..%2Fpipeline/", "/dex/%2e%2e/pipeline/", "/dex/%2e%2e%2fpipeline/", "/dex//../pipeline/",
    "//pipeline/", "/dex/../pipeline/", "/dex/..;/pipeline/", "/dex/..%5cpipeline/", "/dex\\..\\pipeline/", "/_gatehouse/..%2fpipeline/",
    "/_gatehouse/%2e%2e/pipeline/", "/oauth2/..%2fpipeline/", "/oauth2/callback/..%2f..%2fpipeline/", "/authservice/..%2fpipeline/",
    "/dex/%252e%252e%252fpipeline/", "/dex/..%00/pipeline/", "/oauth2/x", "/authservice/x", "/%64ex/..%2fpipeline/",
    "/DEX/../pipeline/", "/./pipeline/", "/pipeline/%2e%2e/apis/", "/;/pipeline/", "/dex%2f..%2fpipeline/",
]


@pytest.mark.parametrize("target", INTO_PIPELINES)
def test_no_spelling_of_a_path_goes_round_the_check(door, place, target):
    with place.nothing_reaches_an_application():
        for headers in ([PROGRAM], NAVIGATION, [PROGRAM, ("authorization", "Bearer x")]):
            assert door.ask(target, headers).status in (0, 301, 302, 307, 400, 401, 403, 404)


INTO_BOBS = [
    "/notebook/alice/lab/../../bob/lab/tree", "/notebook/alice/lab/..%2f..%2fbob%2flab/tree", "/notebook/alice/lab/%2e%2e/%2e%2e/bob/lab/tree",
    "/notebook//bob/lab/tree", "//notebook/bob/lab/tree", "/notebook/alice/..%2fbob/lab/tree", "/notebook%2fbob%2flab%2ftree",
    "/notebook/alice/lab/..%5c..%5cbob/lab/tree", "/notebook/./bob/lab/tree", "/notebook/%62ob/lab/tree",
    "/dex/..%2fnotebook/bob/lab/tree", "/notebook/alice/lab/..;/..;/bob/lab/tree",
]


@pytest.mark.parametrize("target", INTO_BOBS)
def test_no_spelling_of_a_path_leads_into_anothers_namespace(door, place, target):
    with place.what_reaches_an_application() as reached:
        door.ask(target, as_user=ALICE)
    assert place.applications.bob.seen == [seen for seen in place.applications.bob.seen if seen.user == [BOB]]
    for seen in reached:
        assert seen.user == [ALICE] and "bob" not in seen.target.partition("/lab/")[0], seen


@pytest.mark.parametrize("target, seen_as", [
    ("/pipeline//a", "/pipeline/a"), ("/pipeline/a/../b", "/pipeline/b"), ("/pipeline/a%20b", "/pipeline/a%20b"),
    ("/notebook/alice/lab/tree?x=%2f", "/notebook/alice/lab/tree?x=%2f"),
])
def test_an_application_sees_the_path_that_was_decided_about(door, place, target, seen_as):
    with place.what_reaches_an_application() as reached:
        assert door.ask(target, as_user=ALICE).status == 200
    assert [seen.target for seen in reached] == [seen_as]


# Programs get 401, browsers the sign-in.

GRPC_WEB = [("content-type", "application/grpc-web+proto"), ("accept", "*/*"), ("x-grpc-web", "1"), ("sec-fetch-mode", "cors")]
MESSAGE = b"\0\0\0\0\3abc"
METADATA = "/ml_metadata.MetadataStoreService/GetContexts"


@pytest.mark.parametrize("target, headers, method", [
    ("/api/workgroup/exists", NAVIGATION, "GET"), ("/apis/v2beta1/runs", NAVIGATION, "GET"), ("/apis/v2beta1/runs", [PROGRAM], "POST"),
    ("/pipeline/apis/v2beta1/runs", [PROGRAM], "GET"), (METADATA, GRPC_WEB, "POST"), (METADATA, NAVIGATION, "GET"),
    (OWN, [("accept", "*/*"), ("x-requested-with", "XMLHttpRequest")], "GET"),
])
def test_a_program_without_a_session_gets_401(door, place, target, headers, method):
    with place.nothing_reaches_an_application():
        response = door.ask(target, headers, method=method, body=MESSAGE if method == "POST" else b"")
    assert response.status == 401 and response.first("location") is None
    assert response.first("www-authenticate").startswith("Bearer")


@pytest.mark.parametrize("target", ["/", "/pipeline/", OWN])
def test_a_browser_without_a_session_goes_to_the_sign_in(door, place, target):
    with place.nothing_reaches_an_application():
        response = door.ask(target, NAVIGATION)
    assert response.status == 302 and "/dex/auth?" in response.first("location")
    assert response.first("set-cookie")


def test_a_users_grpc_web_message_goes_there_and_back(door, place):
    with place.what_reaches_an_application() as reached:
        response = door.ask(METADATA, GRPC_WEB, ALICE, method="POST", body=MESSAGE)
    (seen,) = reached
    assert seen.body == MESSAGE and seen.all("content-type") == ["application/grpc-web+proto"] and seen.user == [ALICE]
    assert response.status == 200 and response.first("content-type") == "application/grpc-web+proto"
    assert response.body.startswith(MESSAGE) and response.body.endswith(b"grpc-status:0\r\n")


# WebSockets.

WEBSOCKET = [
    ("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="), ("sec-fetch-mode", "websocket"),
]
KERNEL = "/notebook/alice/lab/api/kernels/1/channels"


def test_a_users_websocket_opens(door, place):
    cookie = ("cookie", f"{COOKIE}={place.session(ALICE)}")
    with place.what_reaches_an_application() as reached:
        head, echoed = websocket.exchange(
            door.port, KERNEL, [*WEBSOCKET, cookie, ("kubeflow-userid", FORGED)], b"there and back")
    assert head.startswith(b"HTTP/1.1 101 ") and echoed == b"there and back"
    assert [seen.user for seen in reached] == [[ALICE]]


@pytest.mark.parametrize("email, target, status", [(None, KERNEL, b"401"), (BOB, KERNEL, b"403"), (ALICE, OTHERS, b"403")])
def test_a_strangers_websocket_does_not(door, place, email, target, status):
    cookie = [("cookie", f"{COOKIE}={place.session(email)}")] if email else []
    with place.nothing_reaches_an_application():
        head, echoed = websocket.exchange(door.port, target, [*WEBSOCKET, *cookie], b"x")
    assert head.startswith(b"HTTP/1.1 " + status) and echoed == b""


# Without Gatehouse.

def test_while_gatehouse_is_away_nobody_passes(door, place):
    cookie = ("cookie", f"{COOKIE}={place.session(ALICE)}")
    place.gatehouse.kill()
    try:
        with place.nothing_reaches_an_application():
            for headers in ([PROGRAM], [PROGRAM, cookie], [*NAVIGATION, cookie], [PROGRAM, ("authorization", "Bearer x")]):
                for target in ("/", "/pipeline/", OWN, "/dex/auth", "/_gatehouse/sign-in"):
                    assert raw.request(door.port, target, headers).status == 503
    finally:
        place.start_gatehouse()
    with place.what_reaches_an_application() as reached:
        place.envoy.wait_until(lambda: raw.request(door.port, "/pipeline/", [PROGRAM, cookie]).status == 200, "an open door")
    assert [seen.user for seen in reached] == [[ALICE]]
