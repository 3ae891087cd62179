"""Tokens that somebody is asked about: introspection (RFC 7662), userinfo, Kubernetes TokenReview; and service-account issuers."""
import secrets
import ssl
import time

import pytest

from support import code_flow, jws
from support.certificates import Authority
from support.fixtures import both_gateways
from support.flood import flood
from support.kubernetes_api import KubernetesAPI
from support.ports import free_ports
from support.token_issuer import TokenIssuer
from test_bearer import assert_invalid, send


def introspection(issuer: TokenIssuer, **more) -> dict:
    return {
        "issuer": issuer.issuer, "audiences": ["gatehouse"],
        "introspection": {"clientID": issuer.client_id, "clientSecret": {"file": "introspection.secret"}} | more,
    }


def start(make_stack, name: str, issuer: TokenIssuer | None, entries: list[dict]):
    def change(configuration):
        configuration["authService"]["bearer"] = entries

    stack = make_stack(name, change, start=False)
    if issuer:
        (stack.folder / "introspection.secret").write_text(issuer.client_secret)
        (stack.folder / "introspection.secret").chmod(0o600)
    stack.start()
    return stack


@pytest.fixture(scope="module")
def issuer():
    issuer = TokenIssuer(free_ports(1)[0])
    yield issuer
    issuer.stop()


@pytest.fixture(scope="module")
def asking(make_stack, issuer):
    stack = start(make_stack, "introspection", issuer, [introspection(issuer, tokens="opaque")])
    yield stack
    stack.stop()


url = both_gateways("asking")


def test_an_opaque_token_is_asked_about_once(url, issuer):
    token, before = issuer.opaque(), issuer.count("/introspect")
    for _ in range(5):
        response = send(url, token)
        assert response.status_code == 200, response.text[:300]
        assert response.json()["headers"]["kubeflow-userid"] == ["robot@example.com"]
    assert issuer.count("/introspect") - before == 1


def test_a_bad_opaque_token_is_asked_about_once(url, asking, issuer):
    token, before = secrets.token_urlsafe(32), issuer.count("/introspect")
    with asking.nothing_comes_of_it():
        for _ in range(5):
            assert_invalid(send(url, token))
    assert issuer.count("/introspect") - before == 1


def test_jwts_of_an_issuer_of_both_are_checked_by_its_keys(url, issuer):
    before = issuer.count("/introspect")
    assert send(url, issuer.token()).status_code == 200
    assert issuer.count("/introspect") == before


@pytest.mark.parametrize("changes", [
    pytest.param({"active": False}, id="not active"),
    pytest.param({"aud": "other"}, id="E3 other audience"),
    pytest.param({"aud": None}, id="no audience where one is asked for"),
    pytest.param({"iss": "https://evil.example"}, id="E2 other issuer"),
    pytest.param({"exp": int(time.time()) - 1}, id="E6 expired by 1 s"),
    pytest.param({"exp": "soon"}, id="exp no number"),
    pytest.param({"nbf": int(time.time()) + 3600}, id="not yet"),
    pytest.param({"sub": None}, id="no user"),
    pytest.param({"email_verified": False}, id="unverified address"),
    pytest.param({"cnf": {"x5t#S256": "x"}}, id="bound to a certificate"),
    pytest.param({"cnf": {"jkt": "x"}}, id="bound to a key"),
])
def test_what_introspection_says_is_checked(url, asking, issuer, changes):
    with asking.nothing_comes_of_it():
        assert_invalid(send(url, issuer.opaque(**changes)))


def test_what_introspection_leaves_out_is_left_to_it(url, issuer):
    response = send(url, issuer.opaque(iss=None, exp=None, iat=None))
    assert response.status_code == 200, response.text[:300]


def test_the_introspection_endpoint_is_away(url, asking, issuer):
    """E8: 503, and nothing is remembered of it."""
    token = issuer.opaque()
    issuer.is_down = True
    try:
        with asking.nothing_comes_of_it():
            assert send(url, token).status_code == 503
    finally:
        issuer.is_down = False
    assert send(url, token).status_code == 200


def test_a_wrong_client_secret_is_no_word_about_the_token(url, asking, issuer):
    right, issuer.client_secret = issuer.client_secret, "another"
    try:
        with asking.nothing_comes_of_it():
            assert send(url, issuer.opaque()).status_code == 503
    finally:
        issuer.client_secret = right


def test_fifty_requests_with_one_new_token_ask_once(asking, issuer):
    import concurrent.futures
    token, before = issuer.opaque(), issuer.count("/introspect")
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: send(asking.grpc_url, token).status_code, range(50)))
    assert answers == [200] * 50
    assert issuer.count("/introspect") - before == 1


@pytest.mark.parametrize("way", ["grpc_url", "http_url"])
def test_many_bad_tokens_are_bounded_work(make_stack, issuer, way):
    """E9: the issuer is asked about a few dozen, then their sender has to wait; tokens seen before go on to count."""
    stack = start(make_stack, f"introspection-flood-{way}", issuer, [introspection(issuer)])
    url = getattr(stack, way)
    try:
        good = issuer.opaque()
        assert send(url, good).status_code == 200
        before = issuer.count("/introspect")
        with stack.nothing_comes_of_it():
            statuses = flood(
                int(url.rsplit(":", 1)[1]),
                ([("authorization", f"Bearer {secrets.token_urlsafe(24)}")] for _ in range(10_000)))
            assert set(statuses) == {"401", "429"} and statuses["429"] > 9_000
            response = send(url, secrets.token_urlsafe(24))
        assert response.status_code == 429 and int(response.headers["retry-after"]) >= 1
        assert issuer.count("/introspect") - before < 200
        assert send(url, good).status_code == 200
    finally:
        stack.stop()


def test_every_token_is_asked_about_where_the_entry_says_so(make_stack, issuer):
    """E7: a JWT that its signature alone would let in, and that was revoked."""
    stack = start(make_stack, "introspection-all", issuer, [introspection(issuer)])
    try:
        kept, revoked = issuer.token(), issuer.token()
        issuer.active[kept] = {"active": True, "sub": "robot-7", "aud": "gatehouse", "email": "kept@example.com"}
        for url in stack.gateways:
            assert send(url, kept).json()["headers"]["kubeflow-userid"] == ["kept@example.com"]
            with stack.nothing_comes_of_it():
                assert_invalid(send(url, revoked))
    finally:
        stack.stop()


def test_userinfo_is_asked_where_the_entry_says_so(make_stack, issuer):
    stack = start(make_stack, "bearer-userinfo", None, [
        {"issuer": issuer.issuer, "audiences": ["gatehouse"], "userinfo": True, "email": "mail"}])
    try:
        known, other, revoked = issuer.token(), issuer.token(), issuer.token()
        issuer.userinfo[known] = {"sub": "robot-7", "mail": "from-userinfo@example.com", "aud": "x", "groups": ["root"]}
        issuer.userinfo[other] = {"sub": "somebody-else", "mail": "other@example.com"}
        for url in stack.gateways:
            seen = send(url, known).json()["headers"]
            assert seen["kubeflow-userid"] == ["from-userinfo@example.com"]
            # What the token itself says is not overwritten.
            assert seen["kubeflow-groups"] == ["admins,robots"]
            with stack.nothing_comes_of_it():
                assert_invalid(send(url, other))
                assert_invalid(send(url, revoked))
    finally:
        stack.stop()


def test_access_tokens_of_our_own_provider_count(make_stack):
    """Asked in memory."""
    def change(configuration):
        configuration["authService"]["bearer"] = [
            {"issuer": configuration["provider"]["issuer"], "audiences": ["app"], "tokenType": "at+jwt", "userinfo": True}]

    stack = make_stack("bearer-own-provider", change)
    try:
        account = stack.apps_account
        tokens = code_flow.exchange(stack, account, code_flow.code_for(stack, account)).json()
        for url in stack.gateways:
            response = send(url, tokens["access_token"])
            assert response.status_code == 200, response.text[:300]
            assert response.json()["headers"]["kubeflow-userid"] == ["bob@example.com"]
            with stack.nothing_comes_of_it():
                assert_invalid(send(url, tokens["id_token"]))
    finally:
        stack.stop()


@pytest.fixture(scope="module")
def mutual(tmp_path_factory):
    """An issuer that knows its clients by their certificates, with the files of one."""
    authority = Authority(tmp_path_factory.mktemp("mutual"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*authority.issue("issuer", "localhost"))
    tls.load_verify_locations(authority.file)
    tls.verify_mode = ssl.CERT_OPTIONAL
    issuer = TokenIssuer(free_ports(1)[0], tls=tls)
    certificate, key = authority.issue(issuer.client_id)
    files = {"caFile": str(authority.file), "certificate": str(certificate), "certificateKey": {"file": str(key)}}
    yield issuer, files
    issuer.stop()


def test_introspection_by_certificate_asks_its_own_endpoint(make_stack, mutual):
    """tls_client_auth: the alias for such clients (RFC 8705, section 5), with our certificate and no secret."""
    issuer, files = mutual
    stack = start(make_stack, "introspection-mtls", None, [
        {"issuer": issuer.issuer, "audiences": ["gatehouse"],
         "introspection": {"clientID": issuer.client_id, "auth": "tls_client_auth"}} | files])
    try:
        for url in stack.gateways:
            token, before = issuer.opaque(), issuer.count("/mtls/introspect")
            for _ in range(3):
                response = send(url, token)
                assert response.status_code == 200, response.text[:300]
                assert response.json()["headers"]["kubeflow-userid"] == ["robot@example.com"]
            assert issuer.count("/mtls/introspect") - before == 1
            with stack.nothing_reaches_an_application():
                assert_invalid(send(url, issuer.opaque(active=False)))
        assert issuer.count("/introspect") == 0
    finally:
        stack.stop()


def test_introspection_without_the_certificate_is_no_word_about_the_token(make_stack, mutual):
    issuer, files = mutual
    (stack_name, entry) = ("introspection-other-client", {
        "issuer": issuer.issuer, "audiences": ["gatehouse"], "caFile": files["caFile"],
        "introspection": {"clientID": "x", "clientSecret": {"env": "APP_SECRET"}, "auth": "client_secret_post"}})
    stack = start(make_stack, stack_name, None, [entry])
    try:
        with stack.nothing_reaches_an_application():
            assert send(stack.grpc_url, issuer.opaque()).status_code == 503
    finally:
        stack.stop()


def test_userinfo_of_bearers_is_asked_with_the_certificate(make_stack, mutual):
    issuer, files = mutual
    stack = start(make_stack, "userinfo-mtls", None, [
        {"issuer": issuer.issuer, "audiences": ["gatehouse"], "userinfo": True} | files])
    try:
        token = issuer.token()
        issuer.userinfo[token] = {"sub": "robot-7"}
        for url in stack.gateways:
            assert send(url, token).status_code == 200
        assert issuer.count("/mtls/userinfo") == 1
    finally:
        stack.stop()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    api = KubernetesAPI(free_ports(1)[0], tmp_path_factory.mktemp("cluster"))
    yield api
    api.stop()


def test_service_accounts_by_plain_discovery(make_stack, cluster):
    stack = start(make_stack, "service-accounts", None, [{
        "issuer": cluster.issuer, "audiences": ["gatehouse"], "email": "sub", "groups": ["kubernetes.io.namespace"],
        "groupPrefix": "ns:", "caFile": str(cluster.ca_file), "tokenFile": str(cluster.token_file)}])
    try:
        for url in stack.gateways:
            response = send(url, cluster.service_account_token())
            assert response.status_code == 200, response.text[:300]
            seen = response.json()["headers"]
            assert seen["kubeflow-userid"] == ["system:serviceaccount:team:runner"]
            assert seen["kubeflow-groups"] == ["ns:team"]
            with stack.nothing_comes_of_it():
                assert_invalid(send(url, cluster.service_account_token(audiences=["https://kubernetes.default.svc"])))
        assert not any("tokenreviews" in request for request in cluster.requests)
    finally:
        stack.stop()


def test_a_server_of_another_authority_is_not_believed(make_stack, cluster):
    stack = start(make_stack, "service-accounts-no-ca", None, [
        {"issuer": cluster.issuer, "audiences": ["gatehouse"], "tokenFile": str(cluster.token_file)}])
    try:
        for url in stack.gateways:
            with stack.nothing_comes_of_it():
                assert send(url, cluster.service_account_token()).status_code == 503
    finally:
        stack.stop()


def test_token_review(make_stack, cluster):
    stack = start(make_stack, "token-review", None, [{
        "issuer": cluster.issuer, "audiences": ["gatehouse"], "email": "sub", "tokenReview": cluster.url,
        "caFile": str(cluster.ca_file), "tokenFile": str(cluster.token_file)}])
    try:
        for url in stack.gateways:
            token, before = cluster.service_account_token(), len(cluster.reviews)
            for _ in range(3):
                response = send(url, token)
                assert response.status_code == 200, response.text[:300]
                seen = response.json()["headers"]
                assert seen["kubeflow-userid"] == ["system:serviceaccount:team:runner"]
                assert seen["kubeflow-groups"] == [
                    "system:serviceaccounts,system:serviceaccounts:team,system:authenticated"]
            assert len(cluster.reviews) - before == 1
            assert cluster.reviews[-1]["spec"]["audiences"] == ["gatehouse"]
            with stack.nothing_comes_of_it():
                assert_invalid(send(url, cluster.service_account_token(audiences=["other"])))
                gone = cluster.service_account_token()
                del cluster.accounts[gone]
                assert_invalid(send(url, gone))
                assert_invalid(send(url, jws.Key("x").sign({"iss": "https://evil.example", "sub": "x"})))
        # The platform renews the file; the next question sends what it holds by then.
        cluster.renew_own_token()
        assert send(stack.grpc_url, cluster.service_account_token()).status_code == 200
    finally:
        stack.stop()
