"""Signing in through GitLab, Microsoft and Google, as their interfaces are documented."""
import time

import pytest

from support.client import Client
from support.social import SECRET, Answer, GitLab, Google, Microsoft
from support.upstreams import UpstreamStack

TENANT = "8f1c2a5e-acme"


@pytest.fixture(scope="module")
def services(artifacts):
    services = {kind.__name__.lower(): kind(artifacts / "logs" / "connectors-others") for kind in (GitLab, Microsoft, Google)}
    yield services
    for service in services.values():
        service.stop()


@pytest.fixture(scope="module")
def place(artifacts, services):
    directory = {
        "serviceAccountFilePath": services["google"].service_account(artifacts / "logs" / "connectors-others" / "service.json"),
        "domainToAdminEmail": {"example.org": "admin@example.org", "*": "nobody@example.org"},
    }
    options = {
        "gitlab": {
            "gitlab": {}, "gitlab-groups": {"groups": ["acme", "elsewhere"]}, "gitlab-strangers": {"groups": ["elsewhere"]},
            "gitlab-permissions": {"getGroupsPermission": True},
            "gitlab-permissions-some": {"getGroupsPermission": True, "groups": ["acme/platform"]}, "gitlab-login": {"useLoginAsID": True},
            "gitlab-own": {"baseURL": "https://git.example.com/gitlab"},
        },
        "microsoft": {
            "microsoft": {"tenant": TENANT}, "microsoft-ids": {"tenant": TENANT, "groupNameFormat": "id"},
            "microsoft-security": {"tenant": TENANT, "onlySecurityGroups": True},
            "microsoft-groups": {"tenant": TENANT, "groups": ["Admins", "Nobody"]},
            "microsoft-only": {"tenant": TENANT, "groups": ["Admins", "Nobody"], "useGroupsAsWhitelist": True},
            "microsoft-government": {
                "tenant": TENANT, "apiURL": "https://login.microsoftonline.us", "graphURL": "https://graph.microsoft.us"},
            "microsoft-strangers": {"tenant": TENANT, "groups": ["Nobody"]},
            "microsoft-nickname": {"tenant": TENANT, "preferredUsernameField": "mailNickname", "scopes": ["user.read", "mail.read"]},
            "microsoft-name": {"tenant": TENANT, "preferredUsernameField": "name"},
            "microsoft-email": {"tenant": TENANT, "preferredUsernameField": "email", "emailToLowercase": True},
            "microsoft-common": {}, "microsoft-organizations": {"tenant": "organizations"}, "microsoft-consumers": {"tenant": "consumers"},
            "microsoft-account": {"tenant": TENANT, "preferredUsernameField": "onPremisesSamAccountName"},
            "microsoft-lower": {"tenant": TENANT, "emailToLowercase": True, "promptType": "select_account", "domainHint": "example.org"},
        },
        "google": {
            "google": {}, "google-few": {"scopes": ["email"], "promptType": "select_account consent"}, "google-domain": {"hostedDomains": ["example.org"]},
            "google-domains": {"hostedDomains": ["example.com", "example.net"]},
            "google-groups": directory,
            "google-older": {"serviceAccountFilePath": directory["serviceAccountFilePath"], "adminEmail": "admin@example.net"},
            "google-nested": directory | {"fetchTransitiveGroupMembership": True},
            "google-some": directory | {"groups": ["Admins@example.org", "others@example.org"]},
            "google-nested-some": directory | {"groups": ["europe@example.org"], "fetchTransitiveGroupMembership": True},
            "google-strangers": directory | {"groups": ["others@example.org"]},
        },
    }
    stack = UpstreamStack(artifacts / "logs" / "connectors-others", [
        {"id": name, "type": kind, "name": f"Our {name}", kind: services[kind].connection() | more}
        for kind, connectors in options.items() for name, more in connectors.items()])
    stack.further_environment = {"UPSTREAM_SECRET": SECRET}
    stack.start()
    yield stack
    stack.kill()


@pytest.fixture(autouse=True)
def good(services, place):
    for service in services.values():
        service.reset()
    before = place.gatehouse.pid
    yield
    assert place.gatehouse.running and place.gatehouse.pid == before, place.gatehouse.tail()


@pytest.fixture
def sign_in(place, services):
    def sign_in(connector: str, browser=None, answer: dict | None = None, **more):
        browser = browser or Client()
        location = place.authorize(browser, connector, **more).headers["location"]
        return place.back(browser, services[connector.split("-")[0]].reply(location, **(answer or {})))

    return sign_in


# All of them.

@pytest.mark.parametrize("connector", ["gitlab", "microsoft", "google"])
def test_somebody_who_says_no(place, sign_in, services, connector):
    response = sign_in(connector, answer={"code": None, "error": "access_denied"})
    place.refused(response, 403, f"connector {connector}: the upstream says access_denied", f"Our {connector}")


@pytest.mark.parametrize("connector", ["gitlab", "microsoft", "google"])
def test_a_code_that_is_not_known(place, sign_in, services, connector):
    place.refused(sign_in(connector, answer={"code": "unknown"}), 400, f"connector {connector}: the")


@pytest.mark.parametrize("connector, path", [("gitlab", "/api/v4/user"), ("microsoft", "/v1.0/me")])
@pytest.mark.parametrize("answer, seconds", [
    (Answer(429, {}, {"retry-after": "17"}), 17), (Answer(500, {}), 30), (Answer(503, {}, {"retry-after": "5"}), 5),
])
def test_limits_and_faults_are_said_to_pass(place, sign_in, services, connector, path, answer, seconds):
    services[connector].faults[path] = answer
    response = sign_in(connector)
    place.refused(response, 503, f"connector {connector}: cannot be asked at the moment")
    assert int(response.headers["retry-after"]) == seconds
    services[connector].faults.clear()
    tokens = place.tokens(sign_in(connector))
    services[connector].faults[path] = answer
    assert place.refresh(tokens).status_code == 503
    services[connector].faults.clear()
    assert place.refresh(tokens).status_code == 200


@pytest.mark.parametrize("connector", ["gitlab", "microsoft", "google"])
def test_a_revoked_sign_in(place, sign_in, services, connector):
    tokens = place.tokens(sign_in(connector))
    tokens = place.refresh(tokens).json()
    assert place.claims_of(tokens)["email"].lower().endswith("@example.org")
    services[connector].revoke()
    assert place.refresh(tokens).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("connector, path", [
    ("gitlab", "/oauth/token"), ("microsoft", f"/{TENANT}/oauth2/v2.0/token"), ("google", "/token"),
])
@pytest.mark.parametrize("answer", [Answer(500, {}), Answer(503, {}), Answer(200, [])])
def test_a_token_endpoint_that_fails(place, sign_in, services, connector, path, answer):
    services[connector].faults[path] = answer
    place.refused(sign_in(connector), 503, f"connector {connector}: cannot be asked at the moment")
    services[connector].faults.clear()
    assert place.claims(sign_in(connector))["email"]


@pytest.mark.parametrize("connector", ["gitlab", "microsoft", "google"])
def test_an_upstream_that_cannot_be_reached(place, sign_in, services, connector):
    """Nothing answers at its address: a page with a reference, its audit line, and everything again as soon as it is back."""
    tokens = place.tokens(sign_in(connector))
    services[connector].proxy.go_away()
    try:
        place.refused(sign_in(connector), 503, f"connector {connector}: cannot be asked at the moment")
        assert place.refresh(tokens).status_code == 503
    finally:
        services[connector].proxy.come_back()
    assert place.refresh(tokens).status_code == 200


# GitLab.

def test_gitlab(place, sign_in, services):
    claims = place.claims(sign_in("gitlab"))
    assert (claims["email"], claims["name"], claims["preferred_username"]) == ("tanuki@example.org", "Tanuki Example", "tanuki")
    assert claims["groups"] == ["acme", "acme/platform", "other"]
    assert services["gitlab"].asked["scope"] == "read_user openid" and services["gitlab"].asked["code_challenge_method"] == "S256"


@pytest.mark.parametrize("connector, groups", [
    ("gitlab-groups", ["acme"]),
    ("gitlab-permissions", ["acme", "acme:owner", "acme/platform", "acme/platform:maintainer", "acme/platform:developer", "other"]),
    ("gitlab-permissions-some", ["acme/platform", "acme/platform:maintainer", "acme/platform:developer"]),
])
def test_groups_of_gitlab(place, sign_in, services, connector, groups):
    services["gitlab"].permissions["maintainer"] = ["acme/platform"]
    assert place.claims(sign_in(connector))["groups"] == groups


def test_a_gitlab_of_ones_own(place, sign_in, services):
    """`baseURL`, with a path: the browser, the token endpoint and the API."""
    asked = place.authorize(Client(), "gitlab-own").headers["location"]
    assert asked.startswith("https://git.example.com/gitlab/oauth/authorize?")
    claims = place.claims(sign_in("gitlab-own"))
    assert claims["email"] == "tanuki@example.org" and claims["groups"] == ["acme", "acme/platform", "other"]
    assert set(services["gitlab"].hosts) == {"git.example.com"}
    assert services["gitlab"].requests[0] == "POST /gitlab/oauth/token"


def test_strangers_at_gitlab(place, sign_in):
    place.refused(sign_in("gitlab-strangers"), 403, "connector gitlab-strangers: in none of the groups")


@pytest.mark.parametrize("change, reason", [
    ({"email": None}, "there is no e-mail address"), ({"email": ""}, "there is no e-mail address"),
    ({"confirmed_at": None}, "the e-mail address is not verified"), ({"state": "blocked"}, "the account is not active"),
])
def test_accounts_of_gitlab_that_are_not_taken(place, sign_in, services, change, reason):
    services["gitlab"].user |= change
    place.refused(sign_in("gitlab"), 403, f"connector gitlab: {reason}")


def test_gitlab_names_can_be_the_subject(place, sign_in, services):
    first = place.claims(sign_in("gitlab-login"))["sub"]
    services["gitlab"].user["id"] = 2
    assert place.claims(sign_in("gitlab-login"))["sub"] == first != place.claims(sign_in("gitlab"))["sub"]


def test_tokens_of_gitlab_are_renewed_when_their_time_is_over(place, sign_in, services):
    gitlab = services["gitlab"]
    gitlab.expires_in = 30
    tokens = place.tokens(sign_in("gitlab"))
    gitlab.groups = ["acme/new"]
    for _ in range(3):
        tokens = place.refresh(tokens).json()
        assert place.claims_of(tokens)["groups"] == ["acme/new"]
    assert gitlab.requests.count("POST /oauth/token") == 4


def test_who_has_left_the_groups_of_gitlab(place, sign_in, services):
    """Asked at every refresh; another group of the connector's will do."""
    gitlab = services["gitlab"]
    tokens = place.tokens(sign_in("gitlab-groups"))
    gitlab.groups = ["elsewhere", "other"]
    tokens = place.refresh(tokens).json()
    assert place.claims_of(tokens)["groups"] == ["elsewhere"]
    gitlab.groups = ["acme/platform", "other"]
    assert place.refresh(tokens).json()["error"] == "invalid_grant"
    place.refused(sign_in("gitlab-groups"), 403, "connector gitlab-groups: in none of the groups")


def test_an_account_of_gitlab_that_is_blocked_later(place, sign_in, services):
    tokens = place.tokens(sign_in("gitlab"))
    services["gitlab"].user["state"] = "blocked"
    assert place.refresh(tokens).json()["error"] == "invalid_grant"


# Microsoft.

def test_microsoft(place, sign_in, services):
    claims = place.claims(sign_in("microsoft"))
    assert (claims["email"], claims["name"], claims["preferred_username"]) == ("MeganB@example.org", "Megan Bowen", "MeganB@example.org")
    assert claims["groups"] == ["Staff", "Admins", "Staff of Paris", "Mailing list", "All"], "over three pages"
    asked = services["microsoft"].asked
    assert asked["scope"] == "user.read directory.read.all offline_access" and "prompt" not in asked


def test_groups_of_microsoft_only_for_clients_that_are_told_them(place, sign_in, services):
    assert "groups" not in place.claims(sign_in("microsoft", scope="openid email"))
    assert services["microsoft"].asked["scope"] == "user.read"


@pytest.mark.parametrize("connector, groups", [
    ("microsoft-ids", ["g1", "g2", "g3", "g4", "g5"]), ("microsoft-security", ["Staff", "Admins", "Staff of Paris"]),
    ("microsoft-groups", ["Staff", "Admins", "Staff of Paris", "Mailing list", "All"]), ("microsoft-only", ["Admins"]),
])
def test_groups_of_microsoft(place, sign_in, connector, groups):
    assert place.claims(sign_in(connector))["groups"] == groups


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers"])
def test_people_of_many_tenants(place, sign_in, services, monkeypatch, tenant):
    """Where they sign in and where their codes go; of many tenants nobody has groups."""
    microsoft, connector = services["microsoft"], f"microsoft-{tenant}"
    monkeypatch.setattr(microsoft, "token_path", f"/{tenant}/oauth2/v2.0/token")
    asked = place.authorize(Client(), connector).headers["location"]
    assert asked.startswith(f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize?")
    claims = place.claims(sign_in(connector))
    assert claims["email"] == "MeganB@example.org" and not claims.get("groups")
    assert microsoft.asked["scope"] == "user.read offline_access"
    assert microsoft.requests == [f"POST /{tenant}/oauth2/v2.0/token", "GET /v1.0/me"]


def test_strangers_at_microsoft(place, sign_in):
    place.refused(sign_in("microsoft-strangers"), 403, "connector microsoft-strangers: in none of the groups")


def test_another_cloud_of_microsofts(place, sign_in, services):
    """`apiURL` and `graphURL`: where people sign in, and the directory, its further pages included."""
    asked = place.authorize(Client(), "microsoft-government").headers["location"]
    assert asked.startswith(f"https://login.microsoftonline.us/{TENANT}/oauth2/v2.0/authorize?")
    assert place.claims(sign_in("microsoft-government"))["groups"] == ["Staff", "Admins", "Staff of Paris", "Mailing list", "All"]
    assert set(services["microsoft"].hosts) == {"login.microsoftonline.us", "graph.microsoft.us"}


def test_more_groups_than_a_token_of_microsofts_holds(place, sign_in, services, monkeypatch):
    """200 are the most in a token there ("groups overage"): the directory is asked for all, and for their names by the thousand."""
    microsoft = services["microsoft"]
    monkeypatch.setattr(type(microsoft), "PAGE", 500)
    microsoft.groups = {f"g{number:04}": f"Group {number:04}" for number in range(1100)}
    microsoft.security = list(microsoft.groups)
    assert place.claims(sign_in("microsoft"))["groups"] == sorted(microsoft.groups.values())
    # Three pages of ids, two of a thousand names, and one of the hundred that are left.
    assert microsoft.requests.count("POST /v1.0/directoryObjects/getByIds") == 3
    assert microsoft.requests.count("POST /v1.0/me/getMemberGroups") == 3


def test_options_of_microsoft(place, sign_in, services):
    assert place.claims(sign_in("microsoft-lower"))["email"] == "meganb@example.org"
    asked = services["microsoft"].asked
    assert asked["prompt"] == "select_account" and asked["domain_hint"] == "example.org"


@pytest.mark.parametrize("connector, name", [
    ("microsoft-nickname", "megan"), ("microsoft-account", None), ("microsoft-name", "Megan Bowen"),
    ("microsoft-email", "meganb@example.org"), ("microsoft-lower", "MeganB@example.org"),
])
def test_user_names_of_microsoft(place, sign_in, services, connector, name):
    services["microsoft"].user["mailNickname"] = "megan"
    assert place.claims(sign_in(connector)).get("preferred_username") == name
    assert ("mail.read" in services["microsoft"].asked["scope"]) is (connector == "microsoft-nickname")


def test_without_a_principal_name_there_is_no_address(place, sign_in, services):
    services["microsoft"].user["userPrincipalName"] = None
    place.refused(sign_in("microsoft"), 403, "connector microsoft: there is no user principal name")


def test_a_page_of_microsoft_elsewhere_gets_no_token(place, sign_in, services):
    services["microsoft"].faults["/v1.0/me/getMemberGroups"] = Answer(
        200, {"value": ["g1"], "@odata.nextLink": "https://graph.microsoft.com.evil.example/v1.0/me"})
    place.refused(sign_in("microsoft"), 503, "connector microsoft: cannot be asked at the moment")
    assert not any("evil" in host for host in services["microsoft"].proxy.connected)


@pytest.mark.parametrize("connector", ["microsoft-groups", "microsoft-only"])
def test_who_has_left_the_groups_of_microsoft(place, sign_in, services, connector):
    """Asked at every refresh; another group of the connector's will do."""
    microsoft = services["microsoft"]
    tokens = place.tokens(sign_in(connector))
    microsoft.groups = {"g1": "Staff", "g9": "Nobody"}
    tokens = place.refresh(tokens).json()
    assert place.claims_of(tokens)["groups"] == (["Nobody"] if connector == "microsoft-only" else ["Staff", "Nobody"])
    microsoft.groups = {"g1": "Staff"}
    assert place.refresh(tokens).json()["error"] == "invalid_grant"
    place.refused(sign_in(connector), 403, f"connector {connector}: in none of the groups")


# Google.

def test_google(place, sign_in, services):
    claims = place.claims(sign_in("google"))
    assert (claims["email"], claims["name"]) == ("jsmith@example.org", "John Smith") and "groups" not in claims
    asked = services["google"].asked
    assert asked["access_type"] == "offline" and asked["prompt"] == "consent" and set(asked["scope"].split()) == {"openid", "profile", "email"}


def test_options_of_google(place, sign_in, services):
    """`scopes`, and `promptType`, which goes with what asks for a refresh token."""
    claims = place.claims(sign_in("google-few"))
    assert claims["email"] == "jsmith@example.org"
    asked = services["google"].asked
    assert set(asked["scope"].split()) == {"openid", "email"}
    assert (asked["access_type"], asked["prompt"]) == ("offline", "select_account consent")
    sign_in("google-few", scope="openid email")
    assert "prompt" not in services["google"].asked


def test_google_is_asked_for_no_refresh_token_in_vain(sign_in, services):
    sign_in("google", scope="openid email")
    assert "access_type" not in services["google"].asked and "prompt" not in services["google"].asked


@pytest.mark.parametrize("connector, domain, works", [
    ("google-domain", "example.org", True), ("google-domain", "example.com", False), ("google-domain", None, False),
    ("google-domains", "example.net", True), ("google-domains", "example.org", False),
])
def test_hosted_domains_of_google(place, sign_in, services, connector, domain, works):
    services["google"].user["hd"] = domain
    response = sign_in(connector)
    assert services["google"].asked["hd"] == ("example.org" if connector == "google-domain" else "*")
    if works:
        assert place.claims(response)["email"] == "jsmith@example.org"
    else:
        place.refused(response, 403, f"connector {connector}: not of one of the hosted domains")


@pytest.mark.parametrize("change, reason", [
    ({"email": None}, "there is no e-mail address"), ({"email_verified": False}, "the e-mail address is not verified"),
])
def test_addresses_of_google(place, sign_in, services, change, reason):
    services["google"].user |= change
    place.refused(sign_in("google"), 403, f"connector google: {reason}")


def test_who_leaves_the_hosted_domain(place, sign_in, services):
    tokens = place.tokens(sign_in("google-domain"))
    services["google"].user["hd"] = None
    assert place.refresh(tokens).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("connector, groups, admin", [
    ("google-groups", ["staff@example.org", "admins@example.org", "paris@example.org"], "admin@example.org"),
    ("google-older", ["staff@example.org", "admins@example.org", "paris@example.org"], "admin@example.net"),
    ("google-nested", ["staff@example.org", "admins@example.org", "paris@example.org", "france@example.org", "europe@example.org"],
     "admin@example.org"),
    ("google-some", ["admins@example.org"], "admin@example.org"),
    ("google-nested-some", ["europe@example.org"], "admin@example.org"),
])
def test_groups_of_google(place, sign_in, services, connector, groups, admin):
    assert place.claims(sign_in(connector))["groups"] == groups, "over two pages"
    assert {question["admin"] for question in services["google"].questions} == {admin}
    assert "admin.googleapis.com:443" in services["google"].proxy.connected
    # Groups that contain each other are asked about once: two pages for the person, and one for each group.
    if "nested" in connector:
        assert [question["userKey"] for question in services["google"].questions].count("paris@example.org") == 1


def test_strangers_at_google(place, sign_in, services):
    place.refused(sign_in("google-strangers"), 403, "connector google-strangers: in none of the groups")
    services["google"].members = {}
    place.refused(sign_in("google-some"), 403, "connector google-some: in none of the groups")


def test_somebody_whom_the_directory_does_not_know_has_no_groups(place, sign_in, services):
    services["google"].members = {}
    assert place.claims(sign_in("google-groups")).get("groups", []) == []


def test_the_service_accounts_token_is_kept_until_it_ends(place, sign_in, services):
    google = services["google"]
    place.claims(sign_in("google-groups"))
    # What an earlier test has left is revoked with every reset: the API refuses it once.
    before = len(google.assertions)
    for _ in range(3):
        place.claims(sign_in("google-groups"))
    assert len(google.assertions) == before
    google.service_life = 61
    for token in [token for token, about in google.tokens.items() if "admin" in about]:
        del google.tokens[token]
    for _ in range(3):
        place.claims(sign_in("google-groups"))
        time.sleep(1.1)
    assert len(google.assertions) >= before + 3


def test_a_refused_token_of_the_service_account_is_asked_for_once_more(place, sign_in, services):
    google = services["google"]
    google.faults[google.DIRECTORY] = google.unauthorized()
    place.refused(sign_in("google-groups"), 503, "connector google-groups: cannot be asked at the moment")
    assert google.requests.count(f"GET {google.DIRECTORY}") == 2
    google.faults.clear()
    assert place.claims(sign_in("google-groups"))["groups"]


@pytest.mark.parametrize("answer, seconds", [
    (Google.directory_error(403, "userRateLimitExceeded"), 30), (Google.directory_error(403, "quotaExceeded"), 30),
    (Google.directory_error(403, "forbidden", "Not Authorized to access this resource/api"), 30),
    (Google.directory_error(429, "rateLimitExceeded", **{"retry-after": "9"}), 9), (Google.directory_error(503, "backendError"), 30),
    (Answer(200, []), 30),
])
def test_a_directory_that_does_not_answer_lets_nobody_in_and_ends_nothing(place, sign_in, services, answer, seconds):
    google = services["google"]
    tokens = place.tokens(sign_in("google-groups"))
    google.faults[google.DIRECTORY] = answer
    response = sign_in("google-groups")
    place.refused(response, 503, "connector google-groups: cannot be asked at the moment")
    assert int(response.headers["retry-after"]) == seconds
    assert place.refresh(tokens).status_code == 503
    google.faults.clear()
    assert place.refresh(tokens).status_code == 200


@pytest.mark.parametrize("nested", [403, 404])
def test_groups_of_another_customer_lead_no_further(place, sign_in, services, nested):
    google = services["google"]
    google.members["paris@example.org"] = ["abroad@example.com"]
    # `*` is nobody whom the account may stand for.
    google.admins.add("nobody@example.org")
    resource = google.resource
    def answer(handler, path, query, body, about):
        if query["userKey"] == "abroad@example.com":
            raise google.directory_error(nested, "forbidden")
        return resource(handler, path, query, body, about)
    google.resource = answer
    try:
        groups = place.claims(sign_in("google-nested"))["groups"]
    finally:
        del google.resource
    assert groups == ["staff@example.org", "admins@example.org", "paris@example.org", "abroad@example.com"]


def test_an_administrator_whom_the_account_may_not_stand_for(place, sign_in, services):
    services["google"].user["email"] = "jsmith@example.com"
    place.refused(sign_in("google-groups"), 503, "connector google-groups: cannot be asked at the moment")
    assert any("the service account gets no token: unauthorized_client" in line for line in
               place.gatehouse.log.read_text().splitlines())


@pytest.mark.parametrize("refreshes", [True, False])
def test_the_directory_is_asked_again_at_every_refresh(place, sign_in, services, refreshes):
    google = services["google"]
    if not refreshes:
        google.issued = lambda about: {name: value for name, value in Google.issued(google, about).items() if name != "refresh_token"}
    try:
        tokens = place.tokens(sign_in("google-some"))
    finally:
        google.__dict__.pop("issued", None)
    google.members["jsmith@example.org"] = ["others@example.org"]
    tokens = place.refresh(tokens).json()
    assert place.claims_of(tokens)["groups"] == ["others@example.org"]
    google.members["jsmith@example.org"] = ["staff@example.org"]
    assert place.refresh(tokens).json()["error"] == "invalid_grant"
