"""Signing in with a directory: a real OpenLDAP, reached in every way, read in every way, and taken away in the middle."""
import concurrent.futures
import json
import os
import signal
import subprocess
import time

import pytest

from support import jws
from support.client import Client, parameters
from support.directory import CROWD, GROUPS, GUID, MANY, PEOPLE, SERVICE, SERVICE_PASSWORD, Directory, password_of
from support.html import Page
from support.password_stack import PasswordStack
from support.stack import Stack
from support.stack import password_of as password_of_the_file

USERS = {"baseDN": PEOPLE, "filter": "(objectClass=inetOrgPerson)", "username": "uid", "nameAttr": "cn",
         "preferredUsernameAttr": "uid"}
MEMBER = {"userAttr": "DN", "groupAttr": "member"}
MEMBER_UID = {"userAttr": "uid", "groupAttr": "memberUid"}
INTO_GROUPS = MEMBER | {"recursionGroupAttr": "member"}
NAMED_BY_ENTRY = {"userAttr": "memberOf", "groupAttr": "DN"}
UNIQUE = {"userAttr": "DN", "groupAttr": "uniqueMember"}
BY_DN = {"baseDN": GROUPS, "filter": "(objectClass=groupOfNames)", "userMatchers": [MEMBER]}
ALL_GROUPS = {"baseDN": GROUPS, "filter": "(|(objectClass=groupOfNames)(objectClass=posixGroup))"}
NOT_DISABLED = "(!(userAccountControl:1.2.840.113556.1.4.803:=2))"
ELSEWHERE = "192.0.2.1:389"


def copied(value):
    """Without parts that are in two places, which YAML would write as aliases."""
    return json.loads(json.dumps(value))


class DirectoryStack(PasswordStack):
    """Gatehouse with one connector for every way in which a directory can be used."""

    def __init__(self, folder):
        super().__init__(folder)
        self.directory = Directory(folder / "slapd")
        self.second = Directory(folder / "slapd2")
        self.other_name = Directory(folder / "slapd3", ("ldap.example.net",))
        self.without_tls = Directory(folder / "slapd4", tls=False)
        self.anonymous = Directory(folder / "slapd5", tls=False, anonymous="read", crowded=True)
        self.directories = [self.directory, self.second, self.other_name, self.without_tls, self.anonymous]
        self.further_environment = {"DIRECTORY_PASSWORD": SERVICE_PASSWORD, "OTHER_DIRECTORY_PASSWORD": "another"}
        (folder / "bind.password").write_text(SERVICE_PASSWORD)
        (folder / "bind.password").chmod(0o600)
        self.configuration["provider"]["connectors"] = [
            {"id": name, "type": "ldap", "name": f"Directory {name}", "ldap": ldap}
            for name, ldap in self.connectors().items()
        ]

    def connectors(self) -> dict:
        plain, tls = f"127.0.0.1:{self.directory.port}", f"127.0.0.1:{self.directory.tls_port}"
        ca, crowded = str(self.directory.authority.file), f"127.0.0.1:{self.anonymous.port}"
        account = {"bindDN": SERVICE, "bindPW": {"file": "bind.password"}}

        def ldap(host=plain, users=None, groups=BY_DN, account=account, **more):
            way = {} if {"startTLS", "rootCA"} & more.keys() else {"insecureNoSSL": True}
            hosts = {"hosts": host} if isinstance(host, list) else {"host": host}
            return hosts | way | account | {"userSearch": USERS | (users or {}), "groupSearch": groups} | more

        return copied({
            "plain": ldap(),
            "ldaps": ldap(tls, rootCA=ca),
            "starttls": ldap(startTLS=True, rootCA=ca),
            "unknown-ca": ldap(tls, rootCA=str(self.second.authority.file)),
            "starttls-unknown-ca": ldap(startTLS=True, rootCA=str(self.second.authority.file)),
            "other-name": ldap(f"127.0.0.1:{self.other_name.tls_port}", rootCA=str(self.other_name.authority.file)),
            "other-name-any": ldap(
                f"127.0.0.1:{self.other_name.tls_port}", rootCA=str(self.other_name.authority.file), insecureSkipVerify=True),
            "stripped": ldap(f"127.0.0.1:{self.without_tls.port}", startTLS=True, rootCA=ca),
            "wrong-account": ldap(bindDN=f"uid=ada,{PEOPLE}"),
            "anonymous": ldap(crowded, account={}),
            "not-anonymous": ldap(account={}),
            "environment": ldap(bindPW={"env": "DIRECTORY_PASSWORD"}),
            "other-environment": ldap(bindPW={"env": "OTHER_DIRECTORY_PASSWORD"}),
            "prompt": ldap(usernamePrompt="Staff number"),
            "by-mail": ldap(users={"username": "uid,mail"}),
            "active-directory": ldap(
                users={"filter": f"(&(objectClass=adUser){NOT_DISABLED})", "username": "sAMAccountName",
                       "idAttr": "objectGUID", "preferredUsernameAttr": "sAMAccountName"}),
            "suffix": ldap(users={"emailSuffix": "corp.example.org"}),
            "principal": ldap(users={"emailAttr": "userPrincipalName"}),
            "by-dn": ldap(users={"idAttr": "DN"}),
            "one-level": ldap(users={"baseDN": "dc=example,dc=com", "scope": "one"}),
            "one-level-people": ldap(users={"scope": "one"}),
            "nested": ldap(groups=BY_DN | {"userMatchers": [INTO_GROUPS]}),
            "both-ways": ldap(groups=BY_DN | {"userMatchers": [NAMED_BY_ENTRY, INTO_GROUPS]}),
            "both-ways-turned": ldap(groups=BY_DN | {"userMatchers": [INTO_GROUPS, NAMED_BY_ENTRY]}),
            "described": ldap(groups=BY_DN | {"nameAttr": "description", "userMatchers": [INTO_GROUPS]}),
            "one-level-groups": ldap(groups=BY_DN | {"scope": "one"}),
            "one-level-nested": ldap(groups=BY_DN | {"scope": "one", "userMatchers": [INTO_GROUPS]}),
            "unique": ldap(groups=BY_DN | {"filter": "(objectClass=groupOfUniqueNames)", "userMatchers": [UNIQUE]}),
            "unique-nested": ldap(groups=BY_DN | {"filter": "(objectClass=groupOfUniqueNames)", "userMatchers": [
                UNIQUE | {"recursionGroupAttr": "uniqueMember"}]}),
            "posix": ldap(groups=BY_DN | {"filter": "(objectClass=posixGroup)", "userMatchers": [MEMBER_UID]}),
            "older": ldap(groups={"baseDN": GROUPS, "filter": "(objectClass=posixGroup)", "userAttr": "uid", "groupAttr": "memberUid"}),
            "member-of": ldap(groups=BY_DN | {"userMatchers": [NAMED_BY_ENTRY]}),
            "crowd": ldap(crowded, groups=ALL_GROUPS | {"userMatchers": [MEMBER, MEMBER_UID]}),
            "crowd-twice": ldap(crowded, groups=ALL_GROUPS | {"userMatchers": [MEMBER, MEMBER]}),
            "failover": ldap([f"127.0.0.1:{self.second.port}", plain]),
            "second": ldap(f"127.0.0.1:{self.second.port}"),
        })

    def start(self) -> None:
        for directory in self.directories:
            directory.start()
        super().start()

    def kill(self) -> None:
        super().kill()
        for directory in self.directories:
            directory.program.kill()


@pytest.fixture(scope="session")
def place(artifacts):
    stack = DirectoryStack(artifacts / "logs" / "ldap")
    try:
        stack.start()
        yield stack
    finally:
        stack.kill()


@pytest.fixture(autouse=True)
def same_process(place):
    before = place.gatehouse.pid
    yield
    assert place.gatehouse.running and place.gatehouse.pid == before, place.gatehouse.tail()


def binds(directory: Directory, dn: str) -> int:
    return directory.log().count(f'BIND dn="{dn}" method=')


# Choosing.

def test_people_choose_how_to_sign_in(place):
    _, page = place.authorize(None)
    links = Page(page.url, page.text).links
    assert page.status_code == 200 and len(links) == 1 + len(place.connectors())
    assert "Directory ldaps" in page.text and any("/dex/auth/ldaps/login?" in link for link in links)


def test_a_chosen_connector_leads_to_its_login_page(place):
    browser, page = place.authorize(None)
    link = next(link for link in Page(page.url, page.text).links if "/dex/auth/plain/login?" in link)
    form = Page(link, browser.get(link).text).form_with("login", "password")
    answer = browser.submit(form, login="bob", password=password_of("bob"))
    assert answer.status_code == 303 and "code" in parameters(answer.headers["location"])


def test_a_login_page_does_not_take_another_connectors_users(place):
    assert place.try_password("local", "ada", password_of("ada")).status_code == 401
    assert place.try_password("plain", "bob@example.com", password_of_the_file("bob@example.com")).status_code == 401


def test_the_users_of_the_file_are_still_there(place):
    answer = place.try_password("local", "bob@example.com", password_of_the_file("bob@example.com"))
    assert answer.status_code == 303


@pytest.mark.parametrize("connector, label", [("plain", "User name"), ("prompt", "Staff number"), ("local", "E-mail address")])
def test_the_login_page_says_what_to_type(place, connector, label):
    assert label in place.authorize(connector)[1].text


def test_with_one_connector_there_is_nothing_to_choose(artifacts, place):
    """And the whole way: gateway, login page, application."""
    stack = Stack(artifacts / "logs" / "ldap-alone")
    ldap = place.connectors()["nested"] | {"bindPW": {"file": str(place.folder / "bind.password")}}
    stack.configuration["provider"] |= {"users": [], "connectors": [
        {"id": "ldap", "type": "ldap", "name": "Company directory", "ldap": ldap}]}
    try:
        stack.start()
        for url in stack.gateways:
            client = Client()
            client.sign_in(f"{url}/", "ada", password_of("ada"))
            seen = client.get(f"{url}/echo/x", headers={"accept": "application/json"}).json()["headers"]
            assert seen["kubeflow-userid"] in ("ada@example.com", ["ada@example.com"])
            assert "engineers" in str(seen["kubeflow-groups"]) and "everyone" in str(seen["kubeflow-groups"])
    finally:
        stack.kill()


# Ways to the directory.

@pytest.mark.parametrize("connector", ["plain", "ldaps", "starttls", "other-name-any"])
def test_a_way_to_the_directory(place, connector):
    claims = place.claims(connector, "ada")
    assert (claims["email"], claims["email_verified"], claims["name"]) == ("ada@example.com", True, "Ada Lovelace")
    assert claims["preferred_username"] == "ada" and claims["groups"] == ["engineers", "red"]


@pytest.mark.parametrize("connector, says", [
    ("unknown-ca", "Can't contact LDAP server"), ("starttls-unknown-ca", "StartTLS with"),
    ("other-name", "Can't contact LDAP server"), ("stripped", "StartTLS with"), ("wrong-account", "bind as bindDN"),
    ("other-environment", "bind as bindDN"), ("not-anonymous", "Insufficient access"),
])
def test_a_directory_that_is_not_the_one_is_told_no_password(place, connector, says):
    """K8, K9: StartTLS stripped, a certificate of somebody else, of another host."""
    before = [binds(directory, f"uid=bob,{PEOPLE}") for directory in place.directories]
    answer = place.try_password(connector, "bob", password_of("bob"))
    assert answer.status_code == 503 and "code" not in answer.headers.get("location", "")
    assert [binds(directory, f"uid=bob,{PEOPLE}") for directory in place.directories] == before
    assert any(f'"{connector}: ' in line and says in line for line in place.gatehouse.text().splitlines())


def test_who_searches_where_nobody_is_named(place):
    """Without bindDN, the only bind is that of whoever signs in."""
    before = [binds(place.anonymous, dn) for dn in (f"uid=ada,{PEOPLE}", SERVICE)]
    assert place.claims("anonymous", "ada")["groups"] == ["engineers", "red"]
    assert [binds(place.anonymous, dn) for dn in (f"uid=ada,{PEOPLE}", SERVICE)] == [before[0] + 1, before[1]]
    assert place.try_password("anonymous", "ada", "wrong").status_code == 401


def test_the_password_of_the_account_from_the_environment(place):
    before = binds(place.directory, SERVICE)
    assert place.claims("environment", "ada")["groups"] == ["engineers", "red"]
    assert binds(place.directory, SERVICE) == before + 1


# Passwords.

@pytest.mark.parametrize("login, password", [
    ("ada", "wrong"), ("nobody", "wrong"), ("gatehouse", "x"), ("*", password_of("ada")), ("a*", password_of("ada")),
    (")(uid=*))(|(uid=*", password_of("ada")), ("ada)(objectClass=*", password_of("ada")), ("ada\0", password_of("ada")),
    ("ada\\00", password_of("ada")), ("\\61da", password_of("ada")), (f"uid=ada,{PEOPLE}", password_of("ada")),
    ("ada,ou=people", password_of("ada")), ("ada", password_of("ada") + "\0"), ("ada", password_of("ada") + "\0x"),
])
def test_who_is_not_signed_in(place, login, password):
    """K1, K2, K3."""
    answer = place.try_password("plain", login, password)
    assert answer.status_code in (400, 401) and "location" not in answer.headers


@pytest.mark.parametrize("password", ["", "\0"])
def test_an_empty_password_never_reaches_the_directory(place, password):
    """K4: a directory takes a bind without a password for an anonymous one."""
    before = place.directory.log().count("BIND")
    assert place.try_password("plain", "ada", password).status_code in (400, 401)
    assert place.directory.log().count("BIND") == before


def test_a_dn_with_a_comma_and_parentheses(place):
    """K5."""
    claims = place.claims("plain", "jsmith")
    assert claims["name"] == "Smith, John (Jack)" and claims["groups"] == ["engineers"]


def test_a_referral_is_not_followed(place):
    """K6: the search below ou=people meets one every time."""
    assert place.claims("plain", "bob")["groups"] == ["staff"]
    assert "192.0.2.1" not in place.gatehouse.text()


def test_two_entries_for_one_login_sign_nobody_in(place):
    assert place.try_password("by-mail", "twins@example.com", password_of("twin")).status_code == 503
    assert "more than one entry fits" in place.gatehouse.text()


def test_a_wrong_password_and_an_unknown_user_look_alike(place):
    pages = [Page(answer.url, answer.text).words for answer in (
        place.try_password("plain", "ada", "wrong"), place.try_password("plain", "nobody", "wrong"))]
    assert pages[0] == pages[1]


def test_the_log_holds_no_password(place):
    place.try_password("plain", "ada", "a-password-that-is-wrong")
    for text in (password_of("ada"), SERVICE_PASSWORD, "a-password-that-is-wrong"):
        assert text not in place.gatehouse.text()


# What is read.

def test_several_attributes_may_be_typed(place):
    assert place.claims("by-mail", "ada")["sub"] == place.claims("by-mail", "ada@example.com")["sub"]


def test_active_directory(place):
    claims = place.claims("active-directory", "ada.sam")
    assert claims["preferred_username"] == "ada.sam"
    assert GUID.hex().encode() in jws.decoded(claims["sub"])
    assert place.try_password("active-directory", "gone.sam", password_of("gone")).status_code == 401


def test_an_email_address_of_name_and_suffix(place):
    assert place.claims("suffix", "bob")["email"] == "Bob@corp.example.org"


def test_an_entry_without_what_is_needed_says_so(place):
    assert place.try_password("plain", "nomail", password_of("nomail")).status_code == 503
    assert "has no mail, which emailAttr asks for" in place.gatehouse.text()


@pytest.mark.parametrize("connector, login, email", [
    ("plain", "ada", "ada@example.com"), ("principal", "ada", "ada@corp.example.org"), ("principal", "nomail", "nomail@corp.example.org"),
])
def test_the_email_address_is_in_the_attribute_that_is_named(place, connector, login, email):
    assert place.claims(connector, login)["email"] == email


def test_the_name_of_the_entry_as_id(place):
    assert f"uid=ada,{PEOPLE}".encode() in jws.decoded(place.claims("by-dn", "ada")["sub"])


@pytest.mark.parametrize("connector, login, status", [
    ("plain", "deep", 303), ("one-level-people", "ada", 303), ("one-level-people", "deep", 401), ("one-level", "ada", 401),
])
def test_one_level_does_not_look_deeper(place, connector, login, status):
    assert place.try_password(connector, login, password_of(login)).status_code == status


@pytest.mark.parametrize("connector, login, groups", [
    ("nested", "ada", ["blue", "engineers", "everyone", "red", "staff"]), ("nested", "bob", ["everyone", "staff"]),
    ("posix", "ada", ["posix"]), ("older", "ada", ["posix"]), ("posix", "bob", []), ("member-of", "ada", ["engineers", "red"]),
    ("plain", "gone", []), ("both-ways", "ada", ["blue", "engineers", "everyone", "red", "staff"]),
    ("both-ways-turned", "ada", ["blue", "engineers", "everyone", "red", "staff"]), ("both-ways", "bob", ["everyone", "staff"]),
    # Those in between have no description.
    ("described", "ada", ["All of us", "Those who build"]), ("described", "bob", ["All of us"]),
    ("plain", "carol", ["far", "near"]), ("one-level-groups", "carol", ["near"]),
    ("nested", "carol", ["around", "beside", "far", "near"]), ("one-level-nested", "carol", ["beside", "near"]),
    ("unique", "carol", ["unique"]), ("unique", "jsmith", ["unique"]), ("unique-nested", "carol", ["unique", "uniques"]),
    ("unique", "ada", []),
])
def test_groups(place, connector, login, groups):
    """Groups in groups end, also where they contain each other."""
    assert place.claims(connector, login).get("groups", []) == groups


def test_more_groups_than_one_page(place):
    assert len(place.claims("plain", "many")["groups"]) == MANY


def test_too_many_groups_by_all_matchers_together(place):
    """Those that two of them find count once."""
    assert len(place.claims("crowd-twice", "crowd")["groups"]) == CROWD
    assert place.try_password("crowd", "crowd", password_of("crowd")).status_code == 503
    assert f"uid=crowd,{PEOPLE} is in more than 5000 groups" in place.gatehouse.text()


# Refreshing.

@pytest.mark.parametrize("connector, login", [("plain", "bob"), ("by-dn", "bob"), ("active-directory", "ada.sam")])
def test_a_refresh_asks_the_directory_again(place, connector, login):
    tokens = place.tokens(connector, login)
    again = place.token({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})
    assert again.status_code == 200, again.text
    assert jws.claims_of(again.json()["id_token"])["groups"] == jws.claims_of(tokens["id_token"])["groups"]


def change(directory: Directory, *lines: str) -> None:
    """An LDIF change by the directory's own administrator."""
    subprocess.run(
        ["/usr/bin/ldapmodify", "-x", "-H", f"ldap://127.0.0.1:{directory.port}", "-D", "cn=admin,dc=example,dc=com",
         "-w", f"unused-{directory.port}"], input="\n".join(lines) + "\n", text=True, check=True, capture_output=True, timeout=20)


def test_a_refresh_sees_new_groups_and_a_disabled_user(place):
    tokens = place.tokens("second", "bob")
    change(place.second, f"dn: cn=engineers,{GROUPS}", "changetype: modify", "add: member", f"member: uid=bob,{PEOPLE}")
    again = place.token({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}).json()
    assert jws.claims_of(again["id_token"])["groups"] == ["engineers", "staff"]
    change(place.second, f"dn: uid=bob,{PEOPLE}", "changetype: modrdn", "newrdn: uid=formerly-bob", "deleteoldrdn: 1")
    refused = place.token({"grant_type": "refresh_token", "refresh_token": again["refresh_token"]})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


# The directory goes away.

def test_a_directory_that_dies_and_comes_back(place):
    """K7. Connections of the pool have been open when it died."""
    assert place.claims("second", "ada")
    place.second.program.kill()
    answer = place.try_password("second", "ada", password_of("ada"))
    assert answer.status_code == 503 and answer.headers["retry-after"]
    assert "Can't contact LDAP server" in place.gatehouse.text()
    place.second.start()
    assert place.claims("second", "ada")["email"] == "ada@example.com"


def test_a_restart_that_nobody_noticed_fails_no_sign_in(place):
    assert place.claims("second", "ada")
    place.second.program.kill()
    place.second.start()
    assert place.claims("second", "ada")["email"] == "ada@example.com"


def test_the_second_server_answers_while_the_first_is_away(place):
    assert place.claims("failover", "ada")
    place.second.program.kill()
    try:
        before = binds(place.directory, f"uid=ada,{PEOPLE}")
        assert place.claims("failover", "ada")["email"] == "ada@example.com"
        assert binds(place.directory, f"uid=ada,{PEOPLE}") == before + 1
    finally:
        place.second.start()


def test_a_refresh_without_the_directory_ends_nothing(place):
    tokens = place.tokens("second", "ada")
    place.second.program.kill()
    try:
        away = place.token({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})
        assert away.status_code == 503
    finally:
        place.second.start()
    again = place.token({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})
    assert again.status_code == 200


def test_connections_are_used_again(place):
    place.claims("plain", "ada")
    before = place.directory.log().count("ACCEPT")
    for _ in range(5):
        place.claims("plain", "ada")
    assert place.directory.log().count("ACCEPT") == before


def test_others_are_served_while_a_directory_is_silent(place):
    """A stopped server answers nothing: sign-ins there wait, everything else does not."""
    place.claims("second", "ada")
    os.kill(place.second.program.pid, signal.SIGSTOP)
    try:
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            waiting = [pool.submit(place.try_password, "second", "ada", password_of("ada")) for _ in range(40)]
            time.sleep(0.5)
            assert not any(one.done() for one in waiting)
            assert place.health("readyz") == 200
            assert place.claims("plain", "bob")["email"] == "bob@example.com"
            os.kill(place.second.program.pid, signal.SIGCONT)
            assert {one.result().status_code for one in waiting} == {303}
    finally:
        os.kill(place.second.program.pid, signal.SIGCONT)
