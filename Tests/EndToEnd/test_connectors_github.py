"""Signing in through GitHub, as its API is documented: private addresses, pages, organisations and teams, limits, revoked tokens."""
import functools
import secrets

import pytest

from support.client import Client
from support.ledger import LEDGER
from support.social import SECRET, Answer, GitHub
from support.upstreams import UpstreamStack


@pytest.fixture(scope="module")
def github(artifacts):
    service = GitHub(artifacts / "logs" / "connectors-github")
    yield service
    service.stop()


@pytest.fixture(scope="module")
def place(artifacts, github):
    def entry(**more):
        return github.connection() | more

    connectors = {
        "plain": entry(),
        "all": entry(loadAllGroups=True),
        "org": entry(orgs=[{"name": "acme"}]),
        "team": entry(orgs=[{"name": "acme", "teams": ["Owners", "Nobody"]}, {"name": "Initech"}]),
        "slug": entry(orgs=[{"name": "acme", "teams": ["night-shift"]}], teamNameField="slug"),
        "both": entry(orgs=[{"name": "acme"}], teamNameField="both"),
        "strangers": entry(orgs=[{"name": "unknown"}, {"name": "invited"}, {"name": "blocked"},
                                 {"name": "acme", "teams": ["Nobody"]}]),
        "login": entry(useLoginAsID=True),
        "older": entry(org="acme"),
        "older-strangers": entry(org="unknown"),
        "domain": entry(preferredEmailDomain="example.com"),
        "wild-domain": entry(preferredEmailDomain="*.example.net"),
        "enterprise": entry(hostName="github.example.com", orgs=[{"name": "acme"}]),
    }
    stack = UpstreamStack(
        artifacts / "logs" / "connectors-github",
        [{"id": name, "type": "github", "name": "GitHub", "github": value} for name, value in connectors.items()])
    stack.further_environment = {"UPSTREAM_SECRET": SECRET}
    stack.start()
    yield stack
    stack.kill()


@pytest.fixture(autouse=True)
def good(github, place):
    github.reset()
    before = place.gatehouse.pid
    yield
    assert place.gatehouse.running and place.gatehouse.pid == before, place.gatehouse.tail()


def sign_in(place, github, connector="plain", browser=None, **changes):
    browser = browser or Client()
    return place.back(browser, github.reply(place.authorize(browser, connector).headers["location"], **changes))


# Who it is.

def test_signing_in(place, github):
    claims = place.claims(sign_in(place, github))
    assert claims["email"] == "octocat@example.org" and claims["email_verified"] is True, "the private one, on the second page"
    assert claims["name"] == "The Octocat" and claims["preferred_username"] == "octocat" and claims.get("groups", []) == []
    assert github.asked["scope"] == "user:email" and github.asked["code_challenge_method"] == "S256"
    assert github.asked["redirect_uri"] == f"{place.web}/callback"
    assert {"github.com:443", "api.github.com:443"} <= set(github.proxy.connected)


def test_a_public_address_needs_no_second_request(place, github):
    github.user["email"] = "public@example.org"
    assert place.claims(sign_in(place, github))["email"] == "public@example.org"
    assert "GET /user/emails" not in github.requests


def test_subjects_are_of_the_number_unless_the_login_is_asked_for(place, github):
    subjects = {name: place.claims(sign_in(place, github, name))["sub"] for name in ("plain", "login")}
    github.user |= {"login": "renamed"}
    again = {name: place.claims(sign_in(place, github, name))["sub"] for name in ("plain", "login")}
    assert subjects["plain"] == again["plain"] and subjects["login"] != again["login"]
    github.user |= {"id": 1, "login": "octocat"}
    assert place.claims(sign_in(place, github, "login"))["sub"] == subjects["login"]


def test_without_a_name_it_is_the_login(place, github):
    github.user["name"] = None
    assert place.claims(sign_in(place, github))["name"] == "octocat"


@pytest.mark.parametrize("emails", [
    [], [{"email": "a@example.org", "primary": True, "verified": False}], [{"email": "a@example.org", "primary": False, "verified": True}],
])
def test_without_an_address_that_github_vouches_for(place, github, emails):
    github.emails = emails
    place.refused(sign_in(place, github), 403, "connector plain: there is no primary e-mail address that is verified", "GitHub")


def test_an_enterprise_does_not_verify_addresses(place, github):
    github.emails = [{"email": "a@example.org", "primary": True, "verified": False}]
    claims = place.claims(sign_in(place, github, "enterprise"))
    assert claims["email"] == "a@example.org" and "acme:Night Shift" in claims["groups"]
    assert "GET /api/v3/user" in github.requests


# Groups.

@pytest.mark.parametrize("connector, groups", [
    ("all", ["acme", "Initech", "acme:Team A", "acme:Owners", "Initech:Printers", "acme:Night Shift", "Initech:Team A"]),
    ("org", ["acme:Team A", "acme:Owners", "acme:Night Shift"]),
    ("team", ["acme:Owners", "Initech:Printers", "Initech:Team A"]),
    ("slug", ["acme:night-shift"]),
    ("older", ["Team A", "Owners", "Night Shift"]),
    ("both", ["acme:Team A", "acme:team-a", "acme:Owners", "acme:owners", "acme:Night Shift", "acme:night-shift"]),
])
def test_groups(place, github, connector, groups):
    assert place.claims(sign_in(place, github, connector))["groups"] == groups
    assert github.asked["scope"] == "user:email read:org"


def test_neither_strangers_nor_invited_people(place, github):
    place.refused(sign_in(place, github, "strangers"), 403, "connector strangers: in none of the organisations and teams")


def test_strangers_to_the_one_organisation(place, github):
    place.refused(sign_in(place, github, "older-strangers"), 403,
                  "connector older-strangers: in none of the organisations and teams")


@pytest.mark.parametrize("connector, public, email", [
    ("domain", None, "work@example.com"), ("domain", "public@example.org", "work@example.com"),
    ("domain", "public@EXAMPLE.com", "public@EXAMPLE.com"), ("wild-domain", None, "lab@one.example.net"),
    ("plain", None, "octocat@example.org"),
])
def test_the_preferred_domain_of_addresses(place, github, connector, public, email):
    github.user["email"] = public
    github.emails += [
        {"email": "no@example.com", "primary": False, "verified": False}, {"email": "work@example.com", "primary": False, "verified": True},
        {"email": "deep@a.b.example.net", "primary": False, "verified": True},
        {"email": "lab@one.example.net", "primary": False, "verified": True}]
    assert place.claims(sign_in(place, github, connector))["email"] == email


@pytest.mark.parametrize("public, email", [(None, "octocat@example.org"), ("public@example.org", "public@example.org")])
def test_without_an_address_of_the_preferred_domain(place, github, public, email):
    github.user["email"] = public
    assert place.claims(sign_in(place, github, "domain"))["email"] == email


def test_a_page_elsewhere_gets_no_token(place, github):
    github.faults["/user/teams"] = Answer(200, [], {"link": '<https://evil.example/user/teams?page=2>; rel="next"'})
    place.refused(sign_in(place, github, "org"), 503, "connector org: cannot be asked at the moment")
    assert not any("evil" in host for host in github.proxy.connected)


def test_pages_without_end(place, github):
    github.faults["/user/teams"] = Answer(200, [], {"link": '<https://api.github.com/user/teams?page=2>; rel="next"'})
    place.refused(sign_in(place, github, "org"), 503, "connector org: cannot be asked at the moment")
    assert github.requests.count("GET /user/teams") == 50


# What goes wrong.

def test_a_code_that_github_does_not_know(place, github):
    response = sign_in(place, github, code=LEDGER.add(secrets.token_urlsafe(16), "code"))
    place.refused(response, 400, "connector plain: the token endpoint says bad_verification_code")


def test_somebody_who_says_no(place, github):
    response = sign_in(place, github, code=None, error="access_denied", error_description="The user has denied access.")
    place.refused(response, 403, "connector plain: the upstream says access_denied", "was cancelled or refused")
    assert github.requests == []


@pytest.mark.parametrize("answer, least, most", [
    (functools.partial(GitHub.rate_limit, 3600), 3000, 3601), (Answer(403, {"message": "secondary"}, {"retry-after": "60"}), 60, 60),
    (Answer(429, {}, {"retry-after": "7"}), 7, 7), (Answer(429, {}), 30, 30), (Answer(500, {}), 30, 30), (Answer(502, {}), 30, 30),
    (Answer(503, {}, {"retry-after": "99999999999"}), 86400, 86400), (Answer(200, "no user"), 30, 30), (Answer(200, {}), 30, 30),
])
def test_limits_and_faults_are_said_to_pass(place, github, answer, least, most):
    # The time of a limit's end counts from the test on, not from when all tests were listed.
    github.faults["/user"] = answer() if callable(answer) else answer
    response = sign_in(place, github)
    place.refused(response, 503, "connector plain: cannot be asked at the moment")
    assert least <= int(response.headers["retry-after"]) <= most


def test_a_suspended_account(place, github):
    github.faults["/user"] = Answer(403, {"message": "Sorry. Your account was suspended."})
    place.refused(sign_in(place, github), 403, "connector plain: the API does not show the person (403)")


# Refreshing.

def test_a_refresh_asks_the_api_with_the_kept_token(place, github):
    tokens = place.tokens(sign_in(place, github, "all"))
    github.teams = [("acme", "New", "new")]
    tokens = place.refresh(tokens).json()
    assert place.claims_of(tokens)["groups"] == ["acme", "Initech", "acme:New"]
    assert github.requests.count("POST /login/oauth/access_token") == 1


@pytest.mark.parametrize("change", [
    lambda github: github.revoke(),
    lambda github: github.orgs.pop("acme"),
    lambda github: github.user.update(id=1),
    lambda github: github.faults.update({"/user": Answer(403, {"message": "Sorry. Your account was suspended."})}),
], ids=["revoked", "left the organisation", "another user", "suspended"])
def test_who_is_gone_gets_nothing_more(place, github, change):
    tokens = place.tokens(sign_in(place, github, "org"))
    assert place.refresh(tokens).status_code == 200
    tokens = place.tokens(sign_in(place, github, "org"))
    change(github)
    reply = place.refresh(tokens)
    assert reply.status_code == 400 and reply.json()["error"] == "invalid_grant"
    github.reset()
    assert place.refresh(tokens).status_code == 400


@pytest.mark.parametrize("answer", [GitHub.rate_limit(), Answer(500, {}), Answer(429, {})])
def test_limits_and_faults_end_nothing(place, github, answer):
    tokens = place.tokens(sign_in(place, github, "org"))
    github.faults["/user"] = answer
    assert place.refresh(tokens).status_code == 503
    github.faults.clear()
    assert place.refresh(tokens).status_code == 200


def test_tokens_that_expire_are_refreshed(place, github):
    """As those of a GitHub App are."""
    github.expires_in, github.refreshes = 0, True
    tokens = place.tokens(sign_in(place, github, "org"))
    tokens = place.refresh(tokens).json()
    tokens = place.refresh(tokens).json()
    assert github.requests.count("POST /login/oauth/access_token") == 3
    github.refresh_tokens.clear()
    assert place.refresh(tokens).json()["error"] == "invalid_grant"


def test_the_token_is_sealed_in_the_store(place, github):
    place.tokens(sign_in(place, github))
    stored = b"".join(file.read_bytes() for file in place.folder.glob("gatehouse.db*"))
    assert github.tokens and all(token.encode() not in stored for token in github.tokens)
