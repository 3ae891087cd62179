"""Whoever watches over sign-ins finds each of them in the log, under the reference that the person saw."""
import json
import re
import subprocess
import time

import pytest

from support import paths
from support.client import NAVIGATION, Client
from support.fixtures import both_gateways, outside_fixture
from support.html import Page
from support.ledger import LEDGER

PROGRAM = {"accept": "application/json"}
REFERENCE = re.compile(r"[0-9A-Z]{10}")


watched = outside_fixture("audit", {
    "personalTokens": {"lifetime": "30d"}, "bearer": [{"issuer": "http://127.0.0.1:9", "audiences": ["gatehouse"]}]})
url = both_gateways("watched")


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()


def signed_in(url: str) -> Client:
    client = Client()
    assert client.follow(client.get(f"{url}/echo/")).status_code == 200
    return client


def refused_sign_in(watched, provider, url):
    provider.write_token = lambda claims: provider.other_key.sign(claims)
    client = Client()
    return client.follow(client.get(f"{url}/echo/"))


def unverified_address(watched, provider, url):
    provider.write_token = lambda claims: provider.key.sign(claims | {"email_verified": False})
    client = Client()
    return client.follow(client.get(f"{url}/echo/"))


def made_up_callback(watched, provider, url):
    return Client().get(f"{url}/_gatehouse/callback?code=stolen-code-9&state=made-up-state-9")


def refused_page(watched, provider, url):
    return signed_in(url).get(f"{url}/admin/")


def closed_page(watched, provider, url):
    """Nobody may open it: no credential is looked at."""
    return signed_in(url).get(f"{url}/closed/x")


def refused_program(watched, provider, url):
    return signed_in(url).get(f"{url}/admin/", headers=PROGRAM)


def bad_bearer(watched, provider, url):
    return Client().get(f"{url}/echo/", headers=PROGRAM | {"authorization": "Bearer gh_pat_" + "a" * 49})


def bad_notice(watched, provider, url):
    return Client().post(f"{url}/_gatehouse/backchannel-logout", data={"logout_token": provider.logout_token(nonce="n")})


def sign_out(watched, provider, url):
    client = signed_in(url)
    page = client.get(f"{url}/_gatehouse/sign-out")
    client.submit(Page(page.url, page.text).forms[0])


def notice(watched, provider, url):
    signed_in(url)
    assert Client().post(
        f"{url}/_gatehouse/backchannel-logout", data={"logout_token": provider.logout_token()}).status_code == 200


def revoked_by_the_user(watched, provider, url):
    client = signed_in(url)
    page = client.get(f"{url}/_gatehouse/sessions")
    client.submit(Page(page.url, page.text).forms[0])


def revoked_by_an_administrator(watched, provider, url):
    signed_in(url)
    subprocess.run(
        [paths.GATEHOUSE, "sessions", "revoke", "--user", "eve@example.org", "--config", watched.file], check=True,
        env=watched.gatehouse.environment, capture_output=True)


def make_token(watched, provider, url):
    client = signed_in(url)
    page = client.get(f"{url}/_gatehouse/tokens")
    asked = client.submit(Page(page.url, page.text).form_with("name"), name="audited", access="full", days="7")
    made = client.submit(Page(asked.url, asked.text).forms[0])
    LEDGER.add(re.search(r"gh_pat_[0-9A-Za-z]{49}", made.text).group(), "personal token")
    return client


def revoke_token(watched, provider, url):
    client = make_token(watched, provider, url)
    page = client.get(f"{url}/_gatehouse/tokens")
    client.submit(next(form for form in Page(page.url, page.text).forms if form.method == "POST"))


# What is done, the event, and what the line says of the person (True), or that it is about nobody.
EVENTS = [
    (lambda watched, provider, url: signed_in(url) and None, "sign_in", True),
    (refused_sign_in, "sign_in_failed", False), (unverified_address, "sign_in_failed", False),
    (made_up_callback, "sign_in_failed", False), (refused_page, "refusal", True), (closed_page, "refusal", False),
    (refused_program, "refusal", True),
    (bad_bearer, "refusal", False), (bad_notice, "refusal", False), (sign_out, "sign_out", True), (notice, "sign_out", True),
    (revoked_by_the_user, "revocation", True), (revoked_by_an_administrator, "revocation", None),
    (lambda watched, provider, url: make_token(watched, provider, url) and None, "token_issued", True),
    (revoke_token, "revocation", True),
]


@pytest.mark.parametrize(("act", "event", "has_person"), EVENTS, ids=[
    "sign-in", "another key", "unverified address", "made-up callback", "refused page", "closed page", "refused program", "bad bearer",
    "bad notice", "sign-out", "notice", "own revocation", "administrator's revocation", "token made", "token revoked"])
def test_it_leaves_one_line(watched, provider, url, act, event, has_person):
    before = len(watched.gatehouse.text())
    answer = act(watched, provider, url)

    def lines() -> list[dict]:
        new = watched.gatehouse.text()[before:].splitlines()
        audit = [json.loads(line) for line in new if '"audit"' in line]
        return [line for line in audit if line.get("event") == event]

    watched.gatehouse.wait_until(lambda: lines(), f"line of {event}")
    time.sleep(0.1)
    found = lines()
    assert len(found) == 1, found
    line = found[0]
    assert REFERENCE.fullmatch(line["reference"])
    if has_person is not None:
        assert line["request_id"] and ("client_address" in line)
        assert (line.get("subject") == provider.subject and line.get("issuer") == provider.issuer) == has_person
    if event in ("refusal", "sign_in_failed", "revocation"):
        assert line["reason"]
    if answer is not None:
        # The person, or the program, was told the same reference.
        assert line["reference"] in answer.text, answer.text[:500]
    assert LEDGER.found_in(watched.gatehouse.text()[before:]) == []


def test_a_reference_is_nobody_elses(watched, url):
    seen = set()
    for _ in range(20):
        page = Client().get(f"{url}/_gatehouse/callback?state=x", headers=NAVIGATION)
        seen.add(re.search(r"<code>([0-9A-Z]{10})</code>", page.text).group(1))
    assert len(seen) == 20


def test_nothing_that_a_client_says_becomes_a_line_of_its_own(watched, url):
    """Neither a line break nor a quotation mark of an address, a header or a parameter."""
    before = len(watched.gatehouse.text())
    tricks = "%0a%7b%22message%22:%22audit%22%7d", "%22,%22event%22:%22sign_in%22"
    for trick in tricks:
        Client().get(f"{url}/_gatehouse/callback?error={trick}&iss={trick}")
        Client().get(f"{url}/closed/{trick}", headers=PROGRAM | {"user-agent": '","event":"sign_in"', "x-request-id": '","event":"sign_in'})
    for text in watched.gatehouse.text()[before:].splitlines():
        assert json.loads(text).get("event") != "sign_in"
