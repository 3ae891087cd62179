"""Directories that say nothing, or say it late, or stop in the middle; that want our certificate; and Active Directory's own rules."""
import concurrent.futures
import contextlib
import json
import pathlib
import subprocess
import time

import pytest
import requests

from support import jws, paths
from support.certificates import Authority
from support.directory import GUID, PEOPLE, SERVICE, SERVICE_PASSWORD, Directory, password_of
from support.html import Page
from support.password_stack import PasswordStack
from support.ports import free_ports
from support.scripted_directory import BIT_AND, IN_CHAIN, ScriptedDirectory, entry
from support.sso import eventually

DOMAIN = "DC=corp,DC=example,DC=com"
BIND_DN = f"CN=Gatehouse,OU=Services,{DOMAIN}"
SHORT = {"connectTimeout": "1s", "timeout": "1s", "signInTimeout": "3s"}
# Where it does not matter how long a busy machine takes.
PATIENT = {"connectTimeout": "30s", "timeout": "60s", "signInTimeout": "2m"}


def windows_users(people: str, groups: str) -> list:
    """As a domain controller shows them: accounts that are on and off, and groups in groups, two of them in each other."""
    def group(name: str, *members: str):
        return entry(f"CN={name},{groups}", objectClass=["top", "group"], objectCategory="group", cn=name, member=list(members))

    def user(name: str, control: int, **more):
        return entry(
            f"CN={name.title()},{people}", password_of(name), objectClass=["top", "person", "user"], objectCategory="person",
            sAMAccountName=name, userPrincipalName=f"{name}@corp.example.com", displayName=name.title(),
            mail=f"{name}@example.com", userAccountControl=control, objectGUID=GUID[:-1] + bytes([len(name)]), **more)

    return [
        entry(DOMAIN, objectClass="domain"), entry(BIND_DN, SERVICE_PASSWORD, objectClass="user"),
        # 512: a normal account; 66048: one whose password does not end; 514, 66050: the same, disabled.
        user("ada", 512), user("robert", 66048), user("gone", 514), user("retired", 66050),
        group("Engineers", f"CN=Ada,{people}"), group("Staff", f"CN=Engineers,{groups}", f"CN=Robert,{people}"),
        group("Everyone", f"CN=Staff,{groups}", f"CN=Circle,{groups}"), group("Circle", f"CN=Everyone,{groups}"),
        group("Elsewhere"),
    ]


class LimitStack(PasswordStack):
    def __init__(self, folder: pathlib.Path, servers: list[ScriptedDirectory]):
        super().__init__(folder)
        self.bad, self.good, self.controller = servers
        self.demanding = Directory(folder / "slapd", verify_client="demand")
        self.ours = self.demanding.authority.issue("gatehouse")
        (folder / "stranger").mkdir(exist_ok=True)
        self.strangers = Authority(folder / "stranger").issue("gatehouse")
        self.write_secret("bind.password", SERVICE_PASSWORD)
        self.configuration["provider"]["connectors"] = [
            {"id": name, "type": "ldap", "name": f"Directory {name}", "ldap": options} for name, options in self.connectors().items()]

    def connectors(self) -> dict:
        def windows(*servers, **more):
            return {
                "hosts": [f"127.0.0.1:{server.port}" for server in servers], "bindDN": BIND_DN, "bindPW": {"file": "bind.password"},
                "userSearch": {
                    "baseDN": DOMAIN, "username": "sAMAccountName,userPrincipalName", "idAttr": "objectGUID", "nameAttr": "displayName",
                    "preferredUsernameAttr": "sAMAccountName",
                    "filter": f"(&(objectCategory=person)(objectClass=user)(!(userAccountControl:{BIT_AND}:=2)))"},
                "groupSearch": {
                    "baseDN": DOMAIN, "filter": "(objectClass=group)",
                    "userMatchers": [{"userAttr": "DN", "groupAttr": f"member:{IN_CHAIN}:"}]},
            } | SHORT | ({} if {"startTLS", "rootCA"} & more.keys() else {"insecureNoSSL": True}) | more

        def demanding(way: dict, pair=None):
            host = self.demanding.port if "startTLS" in way else self.demanding.tls_port
            return {
                "host": f"127.0.0.1:{host}", "rootCA": str(self.demanding.authority.file), "bindDN": SERVICE,
                "bindPW": {"file": "bind.password"}, "userSearch": {"baseDN": PEOPLE, "username": "uid", "nameAttr": "cn"},
            } | way | ({"clientCert": str(pair[0]), "clientKey": str(pair[1])} if pair else {})

        ca, start = str(self.demanding.authority.file), {"startTLS": True}
        return {
            "bad": windows(self.bad), "bad-tls": windows(self.bad, rootCA=ca), "bad-starttls": windows(self.bad, startTLS=True),
            # One answer may take all the time that there is.
            "queue": windows(self.bad, connectTimeout="30s", timeout="60s"),
            "failover": windows(self.bad, self.good, timeout="3s", signInTimeout="2m"), "patient": windows(self.bad, **PATIENT),
            # Each asked by one test only: nothing is connected before.
            "closes": windows(self.bad, **PATIENT), "resets": windows(self.bad, **PATIENT),
            "next": windows(self.bad, self.good, **PATIENT),
            "good": windows(self.good, **PATIENT), "controller": windows(self.controller, **PATIENT),
            "certificate": demanding({}, self.ours), "certificate-starttls": demanding(start, self.ours),
            "no-certificate": demanding({}), "no-certificate-starttls": demanding(start),
            "strange-certificate": demanding({}, self.strangers),
        }

    def start(self) -> None:
        self.demanding.start()
        super().start()

    def kill(self) -> None:
        super().kill()
        self.demanding.program.kill()


@pytest.fixture(scope="module")
def servers():
    people, groups = f"OU=People,{DOMAIN}", f"OU=Groups,{DOMAIN}"
    with contextlib.ExitStack() as listening:
        made = []
        for port in free_ports(3):
            made.append(ScriptedDirectory(port, windows_users(people, groups)))
            listening.callback(made[-1].stop)
        yield made


@pytest.fixture(scope="module")
def place(artifacts, servers):
    stack = LimitStack(artifacts / "logs" / "ldap-limits", servers)
    try:
        stack.start()
        yield stack
    finally:
        stack.kill()


@pytest.fixture(autouse=True)
def good_again(place):
    before = place.gatehouse.pid
    yield
    answer_again(place)
    assert place.gatehouse.running and place.gatehouse.pid == before, place.gatehouse.tail()


def misbehave(place, how: str) -> None:
    place.bad.goes_on.clear()
    place.bad.behaviour = how


def answer_again(place) -> None:
    place.bad.behaviour = "good"
    place.bad.goes_on.set()


def refused(place, connector: str, login: str = "ada") -> str:
    """What the log says of a sign-in that the directory does not let happen, under the reference of the page."""
    answer = place.try_password(connector, login, password_of(login))
    assert answer.status_code == 503 and answer.headers["retry-after"], Page(answer.url, answer.text).text
    reference = answer.text.split("<code>")[1].split("</code>")[0]
    return next(line for line in place.gatehouse.text().splitlines() if reference in line and f'"{connector}: ' in line)


@contextlib.contextmanager
def sign_ins(place, connector: str, count: int):
    """So many forms sent at once, by ten browsers that have the login page already: their answers' statuses, to come."""
    pages = [place.authorize(connector) for _ in range(10)]
    forms = [(browser, Page(page.url, page.text).form_with("login", "password")) for browser, page in pages]

    def send(number: int) -> int:
        browser, form = forms[number % len(forms)]
        return requests.post(
            form.action, data=form.fields | {"login": "ada", "password": password_of("ada")}, allow_redirects=False, timeout=120,
            cookies={cookie.name: cookie.value for cookie in browser.session.cookies},
            headers={"origin": place.web, "sec-fetch-site": "same-origin"}).status_code

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        yield [pool.submit(send, number) for number in range(count)]


# Time.

@pytest.mark.parametrize("connector", ["bad", "bad-tls", "bad-starttls"])
@pytest.mark.parametrize("how", ["silent", "half", "slow"])
def test_an_answer_that_does_not_come_in_time(place, connector, how):
    """Nothing, half of it, or too late: the page says so, and the log why. TLS' own handshake is the first answer there."""
    misbehave(place, how)
    said = refused(place, connector)
    assert any(words in said for words in ("Timed out", "after 3 seconds", "Can't contact", "Connect error")), said


@pytest.mark.parametrize("connector", ["bad-tls", "bad-starttls"])
def test_a_handshake_that_does_not_go_on(place, connector):
    """TLS' own: the server takes the connection, and StartTLS, and says nothing from then on."""
    misbehave(place, "handshake")
    said = refused(place, connector)
    assert any(words in said for words in ("Timed out", "after 3 seconds")), said


def test_the_threads_of_those_who_gave_up_are_free_again(place):
    """More sign-ins than threads: each ends in its time, the wait for a thread included; and the next one after them works. Those whose
    time has passed while they waited say nothing of servers that they have not asked."""
    misbehave(place, "silent")
    before, warned = place.bad.connections, place.gatehouse.text().count("server cannot be used")
    with sign_ins(place, "queue", 96) as waiting:
        eventually(lambda: place.bad.connections > before, "nobody asks the directory")
        assert place.claims("good", "ada")["email"] == "ada@example.com", "others are served meanwhile"
        assert place.health("readyz") == 200
        assert {one.result() for one in waiting} == {503}
    text = place.gatehouse.text()
    assert "queue: not done with the directory after 3 seconds" in text or "Timed out" in text
    warnings = text.count("server cannot be used") - warned
    # A thread's time may pass between its last look at the clock and its question.
    eventually(lambda: warnings <= place.bad.connections - before + 16, "connection for each warning")
    answer_again(place)
    eventually(lambda: place.try_password("queue", "ada", password_of("ada")).status_code == 303, "sign-in where there were none")


def test_a_connection_whose_question_is_open_is_not_kept(place):
    """Not where the time of the sign-in ends with that of the question, either."""
    def is_replaced() -> bool:
        answer_again(place)
        eventually(lambda: place.try_password("queue", "ada", password_of("ada")).status_code == 303, "a sign-in")
        before = place.bad.connections
        misbehave(place, "silent")
        refused(place, "queue")
        answer_again(place)
        eventually(lambda: place.try_password("queue", "ada", password_of("ada")).status_code == 303, "a sign-in")
        return place.bad.connections > before

    # More than once only where the machine was too busy to ask in time: then the connection is as good as before.
    eventually(is_replaced, "new connection", timeout=60)


def test_the_next_server_answers_where_the_first_says_nothing(place):
    misbehave(place, "silent")
    before = len(place.good.binds)
    assert place.claims("failover", "ada")["email"] == "ada@example.com"
    assert len(place.good.binds) > before


def test_a_slow_directory_is_waited_for_within_the_time(place):
    """A second for an answer is too long only where the configuration says so."""
    misbehave(place, "silent")
    browser, page = place.authorize("patient")
    form = Page(page.url, page.text).form_with("login", "password")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        before = place.bad.connections
        waiting = pool.submit(browser.submit, form, login="ada", password=password_of("ada"))
        eventually(lambda: place.bad.connections > before, "nobody asks the directory")
        answer_again(place)
        assert waiting.result().status_code == 303


# Connections that end.

def cut(place, connector: str) -> list[str]:
    """A sign-in with a server that ends connections: a page that says what to do, soon, and why in the log. Whose binds it has seen."""
    before, began = len(place.bad.binds), time.monotonic()
    said = refused(place, connector)
    assert f"bind at 127.0.0.1:{place.bad.port}: Can't contact LDAP server" in said, said
    assert time.monotonic() - began < 20, "nothing is waited for"
    return place.bad.binds[before:]


@pytest.mark.parametrize("how", ["closes", "resets"])
def test_a_connection_that_ends_in_a_bind(place, how):
    """First in that of bindDN, then in that of whoever signs in, which is tried once more: the idle connection may have been old."""
    ada = f"CN=Ada,OU=People,{DOMAIN}"
    misbehave(place, how)
    assert cut(place, how) == [BIND_DN]
    answer_again(place)
    assert place.claims(how, "ada")["email"] == "ada@example.com"
    misbehave(place, how)
    assert cut(place, how) == [ada, ada]
    answer_again(place)
    assert place.claims(how, "ada")["email"] == "ada@example.com"


def test_a_server_that_ends_binds_leaves_them_to_the_next(place):
    """It can be reached, and answers searches: only what is asked of it fails."""
    ada = f"CN=Ada,OU=People,{DOMAIN}"
    assert place.claims("next", "ada")["email"] == "ada@example.com"
    misbehave(place, "closes")
    bad, good = len(place.bad.binds), len(place.good.binds)
    assert place.claims("next", "ada")["email"] == "ada@example.com"
    assert place.bad.binds[bad:] == [ada, ada] and place.good.binds[good:] == [ada]
    assert place.claims("next", "ada")["email"] == "ada@example.com"
    assert place.bad.binds[bad:] == [ada, ada], "the next server has been found, and is asked at once"
    answer_again(place)


# Certificates of ours.

@pytest.mark.parametrize("connector", ["certificate", "certificate-starttls"])
def test_a_directory_that_demands_our_certificate(place, connector):
    assert place.claims(connector, "ada")["email"] == "ada@example.com"


@pytest.mark.parametrize("connector", ["no-certificate", "no-certificate-starttls", "strange-certificate"])
def test_without_the_right_certificate_no_password_is_sent(place, connector):
    before = place.demanding.log().count("BIND dn=")
    refused(place, connector)
    assert place.demanding.log().count("BIND dn=") == before


# Active Directory.

@pytest.mark.parametrize("login, groups", [
    ("ada", ["Circle", "Engineers", "Everyone", "Staff"]), ("robert", ["Circle", "Everyone", "Staff"]),
])
def test_the_server_looks_for_groups_in_groups(place, login, groups):
    """Over more than one page, with groups that are in each other, and a reference to elsewhere behind each answer."""
    claims = place.claims("controller", login)
    assert claims["groups"] == groups and claims["preferred_username"] == login
    assert f"member:{IN_CHAIN}:=CN={login.title()},OU=People,{DOMAIN}" in place.controller.filters


@pytest.mark.parametrize("login", ["gone", "retired"])
def test_a_disabled_account_is_nobodys(place, login):
    before = place.controller.binds.count(f"CN={login.title()},OU=People,{DOMAIN}")
    assert place.try_password("controller", login, password_of(login)).status_code == 401
    assert place.controller.binds.count(f"CN={login.title()},OU=People,{DOMAIN}") == before
    assert f"userAccountControl:{BIT_AND}:=2" in place.controller.filters


def test_the_principal_name_is_typed_as_well(place):
    account = place.claims("controller", "ada")["sub"]
    answer = place.try_password("controller", "ada@corp.example.com", password_of("ada"))
    assert answer.status_code == 303 and place.claims("controller", "ada")["sub"] == account


def test_a_refresh_sees_a_disabled_account_and_a_new_group(place):
    tokens = place.tokens("controller", "robert")
    elsewhere = place.controller.by_dn(f"CN=Elsewhere,OU=Groups,{DOMAIN}")
    elsewhere.attributes["member"] = [f"CN=Robert,OU=People,{DOMAIN}".encode()]
    again = place.token({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}).json()
    assert jws.claims_of(again["id_token"])["groups"] == ["Circle", "Elsewhere", "Everyone", "Staff"]
    robert = place.controller.by_dn(f"CN=Robert,OU=People,{DOMAIN}")
    robert.attributes["useraccountcontrol"] = [b"66050"]
    gone = place.token({"grant_type": "refresh_token", "refresh_token": again["refresh_token"]})
    robert.attributes["useraccountcontrol"], elsewhere.attributes["member"] = [b"66048"], []
    assert (gone.status_code, gone.json()["error"]) == (400, "invalid_grant")


# Many at once.

def test_two_hundred_sign_ins_at_once_and_checks_beside_them(place):
    """All of them pass through the 16 threads; checks are answered meanwhile."""
    before = place.good.connections
    url, host = f"http://127.0.0.1:{place.ports.check_http}/envoy/public/x", f"localhost:{place.ports.http_gateway}"
    with sign_ins(place, "good", 200) as waiting:
        checks = [requests.get(url, headers={"host": host}, timeout=30).status_code]
        while not all(one.done() for one in waiting):
            checks.append(requests.get(url, headers={"host": host}, timeout=30).status_code)
        assert [one.result() for one in waiting] == [303] * 200
    assert set(checks) == {200}
    assert place.good.connections - before <= 32, "those of the pool: 16 that search, and 16 that try passwords"


# Commands.

def gatehouse(place, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "connectors", *arguments, "--config", place.file], capture_output=True, text=True, timeout=60,
        env=place.gatehouse.environment, check=False)


def test_connectors_are_listed_and_shown(place):
    lines = [line.split("\t") for line in gatehouse(place, "list").stdout.splitlines()]
    assert lines[:2] == [["id", "type", "name", "addresses", "source"], ["local", "local", "Local users", "", "configuration"]]
    servers = f"127.0.0.1:{place.bad.port},127.0.0.1:{place.good.port}"
    assert ["failover", "ldap", "Directory failover", servers, "configuration"] in lines
    shown = dict(line.split("\t") for line in gatehouse(place, "show", "good").stdout.splitlines())
    assert shown == {"id": "good", "type": "ldap", "name": "Directory good", "addresses": f"127.0.0.1:{place.good.port}",
                     "source": "configuration"}
    assert json.loads(gatehouse(place, "list", "--json").stdout)["connectors"][0]["id"] == "local"
    assert SERVICE_PASSWORD not in gatehouse(place, "list", "--json").stdout
    unknown = gatehouse(place, "show", "nobody")
    assert unknown.returncode == 1 and "no such connector" in unknown.stderr


@pytest.mark.parametrize("connector, code, says", [
    ("good", 0, "reached\n"), ("certificate", 0, "reached\n"), ("local", 0, "nothing to be asked without a person"),
    ("no-certificate", 1, "Can't contact LDAP server"), ("nobody", 1, "no such connector"),
])
def test_a_connector_is_tried(place, connector, code, says):
    done = gatehouse(place, "test", connector)
    assert done.returncode == code and says in done.stdout + done.stderr


def test_a_connector_that_says_nothing_is_tried(place):
    misbehave(place, "silent")
    done = gatehouse(place, "test", "bad", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1 and answer["outcome"] == "failed"
    assert "Timed out" in answer["detail"] or "not done with the directory after 3 seconds" in answer["detail"]


def test_the_command_waits_for_as_long_as_the_connector_does(place):
    """Longer than for anything else that it asks: 10 s."""
    misbehave(place, "silent")
    before = place.bad.questions
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(gatehouse, place, "test", "patient")
        eventually(lambda: place.bad.questions > before, "question to the directory", timeout=60)
        time.sleep(11)
        answer_again(place)
        done = waiting.result()
    assert done.returncode == 0 and "reached" in done.stdout, done.stderr
