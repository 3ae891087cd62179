"""`gatehouse doctor` against set-ups that are sound but for one fault: it names the cause and its mend, and nothing else."""
import copy
import datetime
import json
import re
import socket
import ssl
import subprocess

import pytest
import yaml

from support import paths
from support.ailing_provider import AilingProvider
from support.certificates import Authority
from support.directory import GROUPS, PEOPLE, SERVICE, SERVICE_PASSWORD, Directory
from support.ledger import LEDGER
from support.listener import Listener, send, send_json
from support.ports import free_ports
from support.postgres import Postgres
from support.redis import USER, RedisServer

SECRETS = {
    "cookie.key": LEDGER.add("the-cookie-key-of-the-doctor's-tests-0123456789", "cookie.key of the doctor's tests"),
    "corp.secret": LEDGER.add("the-secret-of-the-doctor's-client", "corp.secret of the doctor's tests"),
    "bind.password": SERVICE_PASSWORD,
    "database.password": LEDGER.add("the-password-of-the-doctor's-database".replace("'", "-"), "password of the doctor's database"),
    "wrong.password": LEDGER.add("not-the-password-of-the-directory", "wrong password of the doctor's tests"),
}
HOUR = datetime.timedelta(hours=1)


class Surgery:
    """What the configuration names, all of it sound, and the configuration itself. No Gatehouse runs."""

    def __init__(self, folder):
        folder.mkdir(parents=True)
        self.folder = folder
        for name, value in SECRETS.items():
            (folder / name).write_text(value)
            (folder / name).chmod(0o600)
        self.authority = Authority(folder)
        self.closed, public, plain, secure, *faulty = free_ports(8)
        self.provider = AilingProvider(plain, "gatehouse", SECRETS["corp.secret"])
        self.secure_port, self.faulty_ports = secure, dict(zip(("expired", "other-name", "stranger"), faulty))
        self.secure = self.secure_provider(secure, self.authority.issue("secure", "localhost"))
        self.directory = Directory(folder / "slapd")
        self.directory.start()
        origin = f"http://localhost:{public}"
        self.provider.registered = self.secure.registered = [f"{origin}/_gatehouse/callback"]
        self.configuration = {
            "listen": {name: f"127.0.0.1:{port}" for name, port in zip(("web", "checkHTTP", "checkGRPC", "admin"), free_ports(4))},
            "storage": {"sqlite": {"path": "gatehouse.db"}},
            "authService": {
                "publicURL": origin, "secrets": [{"file": "cookie.key"}],
                "providers": [
                    {"id": "corp", "issuer": self.provider.issuer, "clientID": "gatehouse", "clientSecret": {"file": "corp.secret"}},
                    {"id": "secure", "issuer": self.secure.issuer, "clientID": "gatehouse", "clientSecret": {"file": "corp.secret"},
                     "connection": {"caFile": str(self.authority.file)}},
                ],
                "rules": [{"paths": ["/public/*"], "allow": "anyone"}],
            },
            "provider": {
                "issuer": f"{origin}/dex",
                "connectors": [{"id": "ldap", "type": "ldap", "name": "Directory", "ldap": {
                    "host": f"127.0.0.1:{self.directory.port}", "startTLS": True, "rootCA": str(self.directory.authority.file),
                    "bindDN": SERVICE, "bindPW": {"file": "bind.password"},
                    "userSearch": {"baseDN": PEOPLE, "filter": "(objectClass=inetOrgPerson)", "username": "uid"},
                    "groupSearch": {"baseDN": GROUPS, "userMatchers": [{"userAttr": "DN", "groupAttr": "member"}]},
                }}],
            },
        }

    def secure_provider(self, port: int, pair) -> AilingProvider:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*pair)
        return AilingProvider(port, "gatehouse", SECRETS["corp.secret"], tls, "localhost")

    def copy(self) -> dict:
        return copy.deepcopy(self.configuration)

    def ask(self, configuration: dict, *arguments, file: str = "gatehouse.yaml") -> "Told":
        (self.folder / file).write_text(yaml.safe_dump(configuration, sort_keys=False))
        return doctor(self.folder / file, *arguments)


class Told:
    """What the doctor has said."""

    def __init__(self, result: subprocess.CompletedProcess):
        self.status = result.returncode
        self.text = result.stdout + result.stderr
        try:
            self.findings = json.loads(result.stdout)["findings"]
        except ValueError:
            raise AssertionError(self.text) from None
        for secret in SECRETS.values():
            assert secret not in self.text

    def of(self, outcome: str) -> list[tuple[str, str, str]]:
        return [(one["check"], one["found"], one.get("mend", "")) for one in self.findings if one["outcome"] == outcome]

    def failed_checks(self) -> set[str]:
        return {check for check, _, _ in self.of("failure")}


def doctor(file, *arguments, environment: dict | None = None) -> Told:
    return Told(subprocess.run(
        [paths.GATEHOUSE, "doctor", "--json", "--config", file, *arguments], capture_output=True, text=True, timeout=90,
        cwd=file.parent, env=environment))


@pytest.fixture(scope="module")
def surgery(artifacts):
    made = Surgery(artifacts / "logs" / "doctor")
    yield made
    made.directory.program.kill()
    made.provider.stop()
    made.secure.stop()


@pytest.fixture(autouse=True)
def sound(surgery):
    surgery.provider.reset()


# Sound set-ups.

def test_nothing_fails_where_nothing_is_wrong(surgery):
    told = surgery.ask(surgery.copy())
    assert told.failed_checks() == set() and told.status == 0, told.text
    seen = {one["check"] for one in told.findings if one["outcome"] == "ok"}
    assert seen >= {
        "configuration", "cookies", "rules", "addresses", "names", "connections", "discovery", "keys", "clocks", "redirect URIs",
        "directories", "storage"}


def test_nothing_fails_at_a_gateway_that_runs(stack):
    told = doctor(stack.file, environment=stack.gatehouse.environment)
    assert told.failed_checks() == set() and told.status == 0, told.text
    found = " ".join(text for _, text, _ in told.of("ok"))
    assert "the gateway asks Gatehouse" in found and "it is reached there, and calls itself so" in found
    assert "a row was written and read" in found


def test_it_prints_its_table_in_order_with_the_sum_at_the_end(surgery):
    surgery.ask(surgery.copy())
    result = subprocess.run(
        [paths.GATEHOUSE, "doctor", "--config", surgery.folder / "gatehouse.yaml"], capture_output=True, text=True, timeout=90)
    *lines, last = result.stdout.splitlines()
    assert re.fullmatch(r"\d+ ok, \d+ warnings?, 0 failures", last)
    order = [line[9:].split("  ")[0] for line in lines if not line.startswith(" ")]
    assert [name for name in dict.fromkeys(order)] == sorted(set(order), key=order.index)
    assert order[0] == "configuration" and order[-1] == "public URLs"


# Gateways that lead to Gatehouse, whether they ask or not.

def open_application(handler):
    send(handler, 200, b"everybody's files", {})


def everything_to_us(handler):
    send_json(handler, {"error": "not_found", "message": "There is nothing here.", "reference": "abcdefgh"}, 404)


def refusal(handler):
    assert "json" in handler.headers["accept"] and handler.path.startswith("/gatehouse-doctor-")
    send_json(handler, {"error": "login_required", "sign_in": "/_gatehouse/sign-in"}, 401)


def sign_in(handler):
    send(handler, 302, b"", {"location": f"http://{handler.headers['host']}/_gatehouse/sign-in?rd=%2F"})


ANYONE = [{"paths": ["/*"], "allow": "anyone"}]


@pytest.mark.parametrize(("answer", "rules", "outcome", "found"), [
    (open_application, [], "failure", "an unknown path is answered with 200"),
    (everything_to_us, [], "failure", "an unknown path is answered with 404"),
    (open_application, ANYONE, "warning", "that cannot be told"),
    (refusal, ANYONE, "ok", "the gateway asks Gatehouse"),
    (refusal, [], "ok", "the gateway asks Gatehouse"),
    (sign_in, [], "ok", "the gateway asks Gatehouse"),
])
def test_a_gateway_that_leads_to_us_has_to_ask_us_too(surgery, answer, rules, outcome, found):
    """Our own endpoints answer behind each of them."""
    configuration = surgery.copy()
    configuration["authService"]["rules"] = rules

    def any_answer(handler, body):
        if handler.path == "/_gatehouse/userinfo":
            return send_json(handler, {"error": "login_required"}, 401)
        return send_json(handler, {}, 404) if handler.path.startswith("/dex/") else answer(handler)

    gateway = Listener(int(configuration["authService"]["publicURL"].rpartition(":")[2]), any_answer)
    told = surgery.ask(configuration, file="gateway.yaml")
    gateway.stop()
    assert [(one["outcome"], found in one["found"]) for one in told.findings if one["check"] == "public URLs"] == [(outcome, True)], told.text


# One fault each: what is changed, the check that fails, what it says, and how it is mended.

def another_issuer(surgery, configuration):
    configuration["authService"]["providers"][0]["issuer"] += "/"


def another_scheme(surgery, configuration):
    surgery.provider.discovery = lambda document: document | {"issuer": document["issuer"].replace("http:", "https:")}


def no_metadata(surgery, configuration):
    configuration["authService"]["providers"][0]["issuer"] += "/realms/none"


def a_realm_elsewhere(surgery, configuration):
    surgery.provider.discovery = lambda document: document | {"issuer": document["issuer"] + "/realms/main"}


def unreachable_keys(surgery, configuration):
    surgery.provider.discovery = lambda document: document | {"jwks_uri": f"http://127.0.0.1:{surgery.closed}/keys"}


def useless_keys(surgery, configuration):
    surgery.provider.keys = {"keys": [{"kty": "oct", "k": "AAAA"}]}


def clock_ahead(surgery, configuration):
    surgery.provider.clock_lead = 3600


def clock_behind(surgery, configuration):
    surgery.provider.clock_lead = -3600


def unregistered_redirect_uri(surgery, configuration):
    configuration["authService"]["path"] = "/other"


def unknown_client(surgery, configuration):
    configuration["authService"]["providers"][0]["clientID"] = "nobody"


def missing_redirect_uri(surgery, configuration):
    configuration["authService"]["providers"] = [{"id": "local", "embedded": True, "clientID": "own"}]
    configuration["provider"]["clients"] = [
        {"id": "own", "secret": {"file": "corp.secret"}, "redirectURIs": ["https://elsewhere.example.com/callback"]}]


def cookie_domain(surgery, configuration):
    configuration["authService"]["cookie"] = {"domain": "example.com"}


def public_suffix(surgery, configuration):
    configuration["authService"] |= {"publicURL": "https://app.co.uk", "cookie": {"domain": "co.uk"}}


def own_listener(surgery, configuration):
    configuration["authService"]["publicURL"] = "http://" + configuration["listen"]["web"].replace("127.0.0.1", "localhost")
    surgery.provider.registered.append(configuration["authService"]["publicURL"] + "/_gatehouse/callback")


def ldap_password(surgery, configuration):
    configuration["provider"]["connectors"][0]["ldap"]["bindPW"] = {"file": "wrong.password"}


def ldap_base(surgery, configuration):
    configuration["provider"]["connectors"][0]["ldap"]["userSearch"]["baseDN"] = "ou=nobody,dc=example,dc=com"


def ldap_away(surgery, configuration):
    configuration["provider"]["connectors"][0]["ldap"]["host"] = f"127.0.0.1:{surgery.closed}"


def ldap_authority(surgery, configuration):
    configuration["provider"]["connectors"][0]["ldap"]["rootCA"] = str(surgery.authority.file)


def no_postgres(surgery, configuration):
    configuration["storage"] = {"postgres": {"url": f"postgres://gatehouse@127.0.0.1:{surgery.closed}/gatehouse"}}


def no_redis(surgery, configuration):
    configuration["storage"] = {"redis": {"url": f"redis://127.0.0.1:{surgery.closed}/0"}}


def no_folder(surgery, configuration):
    configuration["storage"] = {"sqlite": {"path": "not/there/gatehouse.db"}}


def no_database(surgery, configuration):
    (surgery.folder / "text.db").write_text("no database at all, but a text that is long enough to be read as one" * 20)
    configuration["storage"] = {"sqlite": {"path": "text.db"}}


FAULTS = [
    (another_issuer, "discovery", "it has no `/` at its end", "write `issuer: http://127.0.0.1"),
    (another_scheme, "discovery", "it is https", "external URL"),
    (a_realm_elsewhere, "discovery", "its path is `/realms/main`", "/realms/main`"),
    (no_metadata, "discovery", "is answered with 404", "`/realms/NAME`"),
    (unreachable_keys, "keys", "cannot be fetched", "endpoints: { jwks"),
    (useless_keys, "keys", "none is for", "RSA of 2048"),
    (clock_ahead, "clocks", r"3(599|600|601) s ahead of ours, and 60 s are tolerated", "chrony"),
    (clock_behind, "clocks", r"3(599|600|601) s behind ours", "chrony"),
    (unregistered_redirect_uri, "redirect URIs", "/other/callback is not registered", "register exactly this"),
    (unknown_client, "redirect URIs", "the client `nobody` is not known", "correct `clientID`"),
    (missing_redirect_uri, "redirect URIs", "its client `own` lacks http://localhost", "add it to `redirectURIs`"),
    (cookie_domain, "configuration", "`localhost` is not in the cookie domain", "remove `domain`"),
    (own_listener, "addresses", "one of Gatehouse's own listeners", "under which browsers reach the gateway"),
    (ldap_password, "directories", "service account is refused: Invalid credentials", "`bindPW`"),
    (ldap_base, "directories", "`userSearch.baseDN` `ou=nobody,dc=example,dc=com` is not there", "correct `userSearch.baseDN`"),
    (ldap_away, "directories", "cannot be connected to", "start it"),
    (ldap_authority, "directories", "cannot be connected to", "`rootCA`"),
    (no_postgres, "storage", "Connection refused", "start it"),
    (no_redis, "storage", "cannot be used", "start it"),
    (no_folder, "storage", "cannot be made", "make its folder"),
    (no_database, "storage", "not a database", "correct its address"),
]
# The configuration's own check says it, too.
BESIDE = {missing_redirect_uri: {"configuration"}}


@pytest.mark.parametrize(("change", "check", "found", "mend"), FAULTS, ids=[fault[0].__name__ for fault in FAULTS])
def test_it_names_the_cause_and_nothing_else(surgery, change, check, found, mend):
    configuration = surgery.copy()
    change(surgery, configuration)
    told = surgery.ask(configuration, file="broken.yaml")
    assert any(one[0] == check and re.search(found, one[1]) and mend in one[2] for one in told.of("failure")), told.text
    assert told.failed_checks() == {check} | BESIDE.get(change, set()), told.text
    assert told.status == (78 if "configuration" in told.failed_checks() else 1)


def test_a_public_suffix_is_named_beside_what_comes_of_it(surgery):
    configuration = surgery.copy()
    public_suffix(surgery, configuration)
    told = surgery.ask(configuration, file="broken.yaml")
    assert any(one[0] == "configuration" and "is a public suffix" in one[1] for one in told.of("failure")), told.text


@pytest.mark.parametrize(("fault", "found", "mend"), [
    ("expired", r"its certificate expired \d+ minutes ago", "renew it"),
    ("other-name", r"its certificate is for `elsewhere.example.com`, not for localhost", "ask for it by one of those names"),
    ("stranger", "which is none of the authorities in the file", "`connection.caFile`"),
])
def test_it_says_what_is_wrong_with_a_certificate(surgery, tmp_path, fault, found, mend):
    pair = {
        "expired": lambda: surgery.authority.issue("expired", "localhost", ends_in=-HOUR),
        "other-name": lambda: surgery.authority.issue("other-name", "elsewhere.example.com"),
        "stranger": lambda: Authority(tmp_path, "stranger").issue("stranger-server", "localhost"),
    }[fault]()
    provider = surgery.secure_provider(surgery.faulty_ports[fault], pair)
    configuration = surgery.copy()
    configuration["authService"]["providers"][1]["issuer"] = provider.issuer
    told = surgery.ask(configuration, file="broken.yaml")
    provider.stop()
    assert any(one[0] == "connections" and re.search(found, one[1]) and mend in one[2] for one in told.of("failure")), told.text
    # Nothing can be asked over such a connection.
    assert told.failed_checks() == {"connections", "discovery"}


def test_a_server_that_demands_our_certificate_is_shown_it(surgery):
    """Over TLS 1.2, where a handshake without it comes to nothing."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*surgery.authority.issue("demanding", "localhost"))
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    tls.load_verify_locations(surgery.authority.file)
    tls.verify_mode = ssl.CERT_REQUIRED
    port, = free_ports(1)
    provider = AilingProvider(port, "gatehouse", SECRETS["corp.secret"], tls, "localhost")
    provider.registered = surgery.secure.registered
    certificate, key = surgery.authority.issue("gatehouse-client", "gatehouse.example.com")
    configuration = surgery.copy()
    entry = configuration["authService"]["providers"][1]
    entry["issuer"] = provider.issuer
    entry["connection"] |= {"certificate": str(certificate), "certificateKey": {"file": str(key)}}
    told = surgery.ask(configuration)
    del entry["connection"]["certificate"], entry["connection"]["certificateKey"]
    without = surgery.ask(configuration, file="broken.yaml")
    provider.stop()
    assert told.failed_checks() == set(), told.text
    assert any(one[0] == "connections" and "its certificate is good" in one[1] for one in told.of("ok"))
    assert "connections" in without.failed_checks(), without.text


def test_a_host_without_address_is_named(surgery):
    configuration = surgery.copy()
    configuration["authService"]["providers"][0]["issuer"] = "https://sso.nowhere.invalid"
    told = surgery.ask(configuration, file="broken.yaml")
    assert any(one[0] == "names" and "has no address here" in one[1] for one in told.of("failure")), told.text
    assert told.failed_checks() == {"names", "connections", "discovery"}


def test_what_cannot_be_told_is_a_warning(surgery):
    surgery.provider.shows_a_page = True
    told = surgery.ask(surgery.copy())
    assert told.status == 0
    assert any(one[0] == "redirect URIs" and "cannot be told" in one[1] for one in told.of("warning")), told.text


@pytest.mark.parametrize(("rules", "check", "found"), [
    ([{"paths": ["/dex/*"], "allow": "anyone"}], "rules", "it exempts `/dex`"),
    ([{"paths": ["/_gatehouse/*"], "allow": "anyone"}], "rules", "it exempts `/_gatehouse`"),
    ([{"allow": "anyone"}], "rules", "it lets anybody in everywhere"),
    ([{"paths": ["/*"], "allow": "signedIn"}, {"paths": ["/admin/*"], "allow": "nobody"}], "configuration", "can never match"),
])
def test_rules_that_do_not_do_what_they_seem_to_are_warnings(surgery, rules, check, found):
    configuration = surgery.copy()
    configuration["authService"]["rules"] = rules
    told = surgery.ask(configuration)
    assert told.status == 0
    assert any(one[0] == check and found in one[1] for one in told.of("warning")), told.text


def test_a_file_that_cannot_be_read_is_told_like_everything_else(surgery):
    configuration = surgery.copy()
    configuration["authService"]["cookies"] = {}
    told = surgery.ask(configuration, file="broken.yaml")
    assert told.status == 78
    (check, found, mend), = told.of("failure")
    assert check == "configuration" and "cookies" in found and "cookie" in mend
    missing = doctor(surgery.folder / "none.yaml")
    assert missing.status == 78 and "cannot be read" in missing.text


def test_short_secrets_and_files_open_to_others_are_named(surgery):
    configuration = surgery.copy()
    (surgery.folder / "short.secret").write_text("short")
    (surgery.folder / "short.secret").chmod(0o644)
    configuration["authService"]["providers"][0]["clientSecret"] = {"file": "short.secret"}
    told = surgery.ask(configuration)
    found = " ".join(one[1] for one in told.of("warning"))
    assert "the client secret has only 5 bytes" in found and "can be read by others" in found
    configuration["authService"]["secrets"] = [{"file": "short.secret"}]
    assert surgery.ask(configuration, file="broken.yaml").failed_checks() == {"configuration"}


# Stores that are there, and servers that say nothing.

@pytest.fixture(scope="module")
def postgres(artifacts):
    folder = artifacts / "logs" / "doctor-postgres"
    folder.mkdir(parents=True)
    server = Postgres(folder, password=SECRETS["database.password"])
    yield server
    server.end()


def test_a_postgres_is_tried_with_its_password(surgery, postgres):
    configuration = surgery.copy()
    url = f"postgres://gatehouse@127.0.0.1:{postgres.port}/postgres"
    configuration["storage"] = {"postgres": {"url": url, "password": {"file": "database.password"}}}
    told = surgery.ask(configuration)
    assert told.failed_checks() == set(), told.text
    assert any(one[0] == "storage" and "without tables yet" in one[1] for one in told.of("ok")), told.text
    configuration["storage"]["postgres"]["password"] = {"file": "wrong.password"}
    told = surgery.ask(configuration, file="broken.yaml")
    assert told.failed_checks() == {"storage"}, told.text
    assert any("password authentication failed" in found and "password" in mend for _, found, mend in told.of("failure")), told.text


def test_a_redis_is_tried_over_tls(surgery, artifacts):
    server = RedisServer(artifacts / "logs" / "doctor-redis", tls=True)
    server.start()
    (surgery.folder / "redis.password").write_text(server.password)
    (surgery.folder / "redis.password").chmod(0o600)
    redis = {
        "url": server.url, "username": USER, "password": {"file": "redis.password"}, "rootCA": str(server.authority.file),
        "clientCert": str(server.folder / "client.crt"), "clientKey": {"file": str(server.folder / "client.key")}}
    configuration = surgery.copy() | {"storage": {"redis": redis}}
    told = surgery.ask(configuration)
    assert told.failed_checks() == set(), told.text
    assert any(one[0] == "storage" and one[1].startswith("Redis") for one in told.of("ok")), told.text
    assert server.password not in told.text
    redis["rootCA"] = str(surgery.authority.file)
    told = surgery.ask(configuration, file="broken.yaml")
    server.kill()
    assert told.failed_checks() == {"storage"}, told.text


def test_servers_that_say_nothing_are_not_waited_for(surgery):
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        port = silent.getsockname()[1]
        configuration = surgery.copy()
        configuration["authService"]["providers"][0]["issuer"] = f"http://127.0.0.1:{port}"
        configuration["authService"]["providers"][1]["issuer"] = f"https://localhost:{port}"
        configuration["provider"]["connectors"][0]["ldap"]["host"] = f"127.0.0.1:{port}"
        told = surgery.ask(configuration, file="broken.yaml")
    assert told.failed_checks() == {"connections", "discovery", "directories"}, told.text
    texts = " ".join(found for _, found, _ in told.of("failure"))
    assert "no handshake within 5 s" in texts and texts.count("nothing was answered at") == 2


# The documentation.

PAGE = paths.ROOT / "docs" / "doctor.md"


def documented_checks(heading: str) -> list[str]:
    """The first column of the table that follows a heading, or the page's beginning."""
    text = PAGE.read_text().partition(heading)[2].partition("\n## ")[0]
    return re.findall(r"^\| `([a-zA-Z ]+)` \|", text, re.M)


def test_every_check_is_documented_in_the_order_of_the_table(surgery):
    documented = documented_checks("# What is wrong")
    printed = list(dict.fromkeys(one["check"] for one in surgery.ask(surgery.copy()).findings))
    assert printed == [name for name in documented if name in printed]
    # Those have nothing to look at in this configuration.
    assert set(documented) - set(printed) == {"files", "certificates"}


def test_the_examples_run(surgery):
    commands = re.findall(r"^gatehouse doctor (.*)$", PAGE.read_text(), re.M)
    assert len(commands) == 4
    (surgery.folder / "cluster").mkdir()
    (surgery.folder / "cluster" / "mesh.yaml").write_text("extensionProviders: []\n")
    surgery.ask(surgery.copy())
    for words in commands:
        result = subprocess.run(
            [paths.GATEHOUSE, "doctor", *words.split()], capture_output=True, text=True, timeout=90, cwd=surgery.folder)
        # A cluster in which nobody is asked is no sound one.
        assert result.returncode == (1 if "--manifests" in words else 0), result.stderr
        assert result.stdout
