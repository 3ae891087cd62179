"""Passkeys at the provider: made, used as second factor and alone, and not to be got around."""
import concurrent.futures
import contextlib
import datetime
import json
import re
import secrets
import sqlite3
import subprocess

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from support import jws, paths
from support.client import Client
from support.clock import Clock
from support.directory import PEOPLE as DIRECTORY_PEOPLE
from support.directory import SERVICE, SERVICE_PASSWORD, Directory
from support.directory import password_of as directory_password
from support.html import Form, Page
from support.ledger import LEDGER
from support.provider_clients import audit_lines
from support.sso import answer, authorize, is_login, send, tokens
from support.stack import hash_of, password_of
from support.webauthn import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Key, Model, Passkey, b64

# A user for each thing that is done to one.
PEOPLE = [f"{name}@example.com" for name in (
    "es256-none", "rs256-none", "eddsa-none", "es256-packed", "rs256-packed", "eddsa-packed",
    "both", "copied", "mallory", "victim", "replay", "clone", "still", "forms", "labels", "chief", "late", "many")]


@pytest.fixture(scope="module")
def setting(make_stack):
    def change(configuration):
        provider = configuration["provider"]
        provider["mfa"] = {"required": "groups", "groups": ["chiefs"]}
        provider["storedUsers"] = {}
        provider["users"] += [
            {"email": email, "hash": hash_of(email), "name": email.partition("@")[0].title(),
             "groups": ["chiefs"] if email.startswith("chief") else ["team-b"]}
            for email in PEOPLE]
        for email in PEOPLE:
            LEDGER.add(hash_of(email), f"hash of {email}")

    stack = make_stack("passkeys", change, start=False)
    clock = Clock(stack)
    stack.start()
    yield stack, clock
    stack.stop()


@pytest.fixture
def own(setting):
    return setting[0]


@pytest.fixture
def clock(setting):
    return setting[1]


@pytest.fixture
def app(own):
    return own.apps_account


def origin(own) -> str:
    return own.grpc_url


def passkey_form(page: requests.Response) -> tuple[Form, dict]:
    """The form of a page's passkey button, and what the browser is asked for."""
    form = Page(page.url, page.text).form_with("credential", "challenge")
    return form, json.loads(form.options)


def first_factor(own, app, email: str, browser: Client, **changes) -> requests.Response:
    page = authorize(browser, own, app, **changes)
    assert is_login(page), page.text[:300]
    return send(browser, page, app, login=email, password=password_of(email))


def made(own, app, email: str, label: str = "", browser: Client | None = None, **kind) -> Passkey:
    """A passkey of somebody who has signed in with their password."""
    browser, passkey = browser or Client(), Passkey(origin(own), **kind)
    assert "code" in answer(first_factor(own, app, email, browser))
    page = add(own, browser, passkey, label)
    assert "Your recovery codes" in page.text, page.text[:500]
    note_codes(page)
    return passkey


def note_codes(page: requests.Response) -> None:
    for code in re.findall(r"<li><code>([^<]+)</code>", page.text):
        LEDGER.add(code, "recovery code")


def add(own, browser: Client, passkey: Passkey, label: str = "", **changes) -> requests.Response:
    form, options = passkey_form(browser.get(f"{own.issuer}/second-factors"))
    return browser.follow(browser.submit(form, credential=passkey.register(options, **changes), label=label))


def alone(own, app, passkey: Passkey, browser: Client | None = None, **changes) -> requests.Response:
    """Somebody at the login page uses a passkey; where that leads to."""
    browser = browser or Client()
    form, options = passkey_form(authorize(browser, own, app))
    return used(browser, app, form, passkey.use(options, **changes))


def used(browser: Client, app, form: Form, credential: str) -> requests.Response:
    return browser.follow(
        browser.submit(form, credential=credential), until=lambda target: target.startswith(app.redirect_uri))


def passkeys(own) -> list:
    """As they are in the store."""
    with contextlib.closing(sqlite3.connect(f"file:{own.folder / 'gatehouse.db'}?mode=ro", uri=True, timeout=10)) as database:
        return database.execute("SELECT id, counter, version, last_used_at FROM second_factors ORDER BY id").fetchall()


@contextlib.contextmanager
def nothing_comes_of_it(own):
    """No row more, no passkey another."""
    before = passkeys(own)
    with own.nothing_comes_of_it():
        yield
    assert passkeys(own) == before


def assert_refused(own, page: requests.Response, event: str, reason: str) -> None:
    assert page.status_code == 401, f"{page.status_code}: {page.text[:300]}"
    reference = re.search(r"<code>([A-Z0-9]{10})</code>", page.text)[1]
    lines = audit_lines(own, event=event, reference=reference)
    assert len(lines) == 1 and reason in lines[0]["reason"], lines
    assert "gatehouse_sso" not in page.headers.get("set-cookie", "")


# The whole way.

@pytest.mark.parametrize("attestation", ["none", "packed"])
@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
def test_somebody_signs_in_with_nothing_but_a_passkey(own, app, algorithm, attestation):
    email = f"{algorithm.lower()}-{attestation}@example.com"
    passkey = made(own, app, email, algorithm=algorithm, signs_itself=attestation == "packed")
    claims = jws.claims_of(tokens(own, app, alone(own, app, passkey))["id_token"])
    assert claims["email"] == email and (claims["amr"], claims["acr"]) == (["hwk", "user", "mfa"], "mfa")
    assert audit_lines(own, event="second_factor_enrolled", email=email, reason="passkey")
    assert audit_lines(own, event="second_factor_used", email=email, reason="passkey, alone")


def test_it_is_the_second_factor_after_a_password(own, app):
    passkey, browser = made(own, app, "both@example.com"), Client()
    page = first_factor(own, app, "both@example.com", browser)
    form, options = passkey_form(page)
    assert options["allowCredentials"] == [{"type": "public-key", "id": b64(passkey.credential_id)}]
    assert "Use a passkey, or type one of your recovery codes" in page.text and Page(page.url, page.text).inline_scripts == 0
    assert not browser.cookie("gatehouse_sso")
    # Without a PIN it is good after a password, and alone it is not.
    claims = jws.claims_of(tokens(own, app, used(browser, app, form, passkey.use(options, flags=PRESENT)))["id_token"])
    assert (claims["amr"], claims["acr"]) == (["pwd", "hwk", "user", "mfa"], "mfa")
    with nothing_comes_of_it(own):
        assert_refused(own, alone(own, app, passkey, flags=PRESENT), "sign_in_failed", "did not verify the user")


def test_a_passkey_that_is_copied_says_so(own, app):
    passkey = made(own, app, "copied@example.com", flags=PRESENT | VERIFIED | ELIGIBLE | BACKED_UP, count=0)
    for _ in range(2):
        claims = jws.claims_of(tokens(own, app, alone(own, app, passkey))["id_token"])
        assert claims["amr"] == ["swk", "user", "mfa"], "without a counter it is good again and again"


def test_whoever_has_to_have_a_second_factor_can_make_a_passkey_at_the_sign_in(own, app):
    browser, passkey = Client(), Passkey(origin(own))
    form, options = passkey_form(first_factor(own, app, "chief@example.com", browser))
    codes = browser.submit(form, credential=passkey.register(options), label="Key of the chief")
    assert "Your recovery codes" in codes.text, codes.text[:300]
    note_codes(codes)
    assert "code" in answer(send(browser, codes, app))
    assert "code" in answer(alone(own, app, passkey))


def test_passkeys_are_listed_and_taken_away(own, app):
    browser = Client()
    passkey = made(own, app, "labels@example.com", "Blue <key>", browser)
    other = Passkey(origin(own))
    page = add(own, browser, other, "Telephone")
    assert "Blue &lt;key&gt;" in page.text and "Telephone" in page.text
    refused = add(own, browser, passkey)
    assert_refused(own, refused, "second_factor_refused", "has it already")
    form = next(form for form in Page(page.url, page.text).forms if form.fields.get("do") == "remove")
    page = browser.follow(browser.submit(form))
    assert "Blue &lt;key&gt;" not in page.text and "Telephone" in page.text
    with nothing_comes_of_it(own):
        assert_refused(own, alone(own, app, passkey), "sign_in_failed", "not a credential of this account")
    assert "code" in answer(alone(own, app, other))


# What must not be.

@pytest.fixture(scope="module")
def victim(setting):
    return made(setting[0], setting[0].apps_account, "victim@example.com")


@pytest.mark.parametrize("changes, reason", [
    ({"client_data": {"origin": "https://evil.example"}}, "another origin"),
    ({"client_data": {"origin": "http://localhost"}}, "another origin"),
    ({"client_data": {"crossOrigin": True}}, "in a frame"),
    ({"client_data": {"type": "webauthn.create"}}, "another ceremony"),
    ({"client_data": {"challenge": b64(b"\0" * 32)}}, "not the challenge"),
    ({"rp_id": "evil.example"}, "another relying party"),
    ({"flags": VERIFIED}, "nobody touched"),
    ({"flags": PRESENT | VERIFIED | BACKED_UP}, "contradict"),
    ({"signature": lambda made: made[:-1] + bytes([made[-1] ^ 1])}, "signature is wrong"),
    ({"signature": lambda made: b""}, "signature is wrong"),
    ({"user_handle": b""}, "user handle"), ({"user_handle": b"\1" * 32}, "user handle"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_an_altered_assertion_is_refused(own, app, victim, changes, reason):
    with nothing_comes_of_it(own):
        assert_refused(own, alone(own, app, victim, **changes), "sign_in_failed", reason)


def test_a_replayed_assertion_is_refused(own, app):
    for count, reason in ((0, "used before"), (1, "counter went back")):
        email = "replay@example.com" if count else "still@example.com"
        passkey, browser = made(own, app, email, count=count), Client()
        form, options = passkey_form(authorize(browser, own, app))
        credential = passkey.use(options)
        assert "code" in answer(used(browser, app, form, credential))
        with nothing_comes_of_it(own):
            assert_refused(own, used(browser, app, form, credential), "sign_in_failed", reason)


def test_of_any_number_at_once_one_counts(own, app):
    passkey, browser = made(own, app, "many@example.com", count=0), Client()
    form, options = passkey_form(authorize(browser, own, app))
    credential, tabs = passkey.use(options), [Client() for _ in range(8)]
    for tab in tabs:
        tab.session.cookies.update(browser.session.cookies)
    with concurrent.futures.ThreadPoolExecutor(len(tabs)) as pool:
        pages = list(pool.map(lambda tab: used(tab, app, form, credential), tabs))
    assert sorted("code" in answer(page) for page in pages) == [False] * 7 + [True]
    assert all(page.status_code == 401 for page in pages if "code" not in answer(page))


def test_a_cloned_authenticator_is_refused(own, app):
    passkey = made(own, app, "clone@example.com", count=5)
    assert "code" in answer(alone(own, app, passkey, count=9))
    for count in (9, 8, 0):
        with nothing_comes_of_it(own):
            assert_refused(own, alone(own, app, passkey, count=count), "sign_in_failed", "may have been cloned")
    assert "code" in answer(alone(own, app, passkey, count=10)), "its owner's goes on"


def test_another_accounts_passkey_is_no_second_factor(own, app, victim):
    own_key, browser = made(own, app, "mallory@example.com"), Client()
    page = first_factor(own, app, "mallory@example.com", browser)
    form, options = passkey_form(page)
    with nothing_comes_of_it(own):
        for credential in (victim.use(options), Passkey(origin(own)).use(options)):
            assert_refused(own, browser.submit(form, credential=credential), "second_factor_refused", "not a credential of this account")
        # With the own one's key and the victim's name.
        own_key.credential_id, kept = victim.credential_id, own_key.credential_id
        assert_refused(own, alone(own, app, own_key), "sign_in_failed", "user handle")
        own_key.user_handle, mallory = victim.user_handle, own_key.user_handle
        assert_refused(own, alone(own, app, own_key), "sign_in_failed", "signature is wrong")
        own_key.credential_id, own_key.user_handle = kept, mallory
    # What stands alone proves nothing at the step, and the other way round.
    login, _ = passkey_form(authorize(Client(), own, app))
    with nothing_comes_of_it(own):
        mixed = Form(form.action, form.method, form.fields | {"challenge": login.fields["challenge"]}, form.types, form.options)
        assert_refused(own, browser.submit(mixed, credential=own_key.use(options)), "second_factor_refused", "not one for this form")
    assert "code" in answer(used(browser, app, form, own_key.use(options)))


def test_a_challenge_is_of_its_browser_and_its_form(own, app, victim):
    here, there = Client(), Client()
    form, options = passkey_form(authorize(here, own, app))
    other, _ = passkey_form(authorize(there, own, app))
    with nothing_comes_of_it(own):
        moved = Form(other.action, other.method, other.fields | {"challenge": form.fields["challenge"]}, other.types, other.options)
        assert_refused(own, used(there, app, moved, victim.use(options)), "sign_in_failed", "not the challenge of this browser")
        # The whole form, in a browser that it was not shown in.
        page = used(there, app, form, victim.use(options))
        assert is_login(page) and not there.cookie("gatehouse_sso")
        for challenge in ("", "x", form.fields["request"]):
            wrong = Form(form.action, form.method, form.fields | {"challenge": challenge}, form.types, form.options)
            assert_refused(own, used(here, app, wrong, victim.use(options)), "sign_in_failed", "not one for this form")


def test_a_form_of_another_site_is_refused(own, app, victim):
    browser = Client()
    form, options = passkey_form(authorize(browser, own, app))
    with nothing_comes_of_it(own):
        page = browser.post(
            form.action, data=form.fields | {"credential": victim.use(options)},
            headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"})
        assert page.status_code == 403 and not browser.cookie("gatehouse_sso")


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"type":"public-key"}', "{" * 5000, "x" * 70_000])
def test_what_is_no_credential_is_refused(own, app, victim, credential):
    browser = Client()
    form, _ = passkey_form(authorize(browser, own, app))
    with nothing_comes_of_it(own):
        page = used(browser, app, form, credential)
    assert page.status_code in (400, 401) and "gatehouse_sso" not in page.headers.get("set-cookie", "")


@pytest.mark.parametrize("changes, reason", [
    ({"client_data": {"origin": "https://evil.example"}}, "another origin"), ({"rp_id": "evil.example"}, "another relying party"),
    ({"client_data": {"type": "webauthn.get"}}, "another ceremony"), ({"client_data": {"challenge": "AAAA"}}, "not the challenge"),
    ({"signature": lambda made: made[:-1] + bytes([made[-1] ^ 1])}, "attestation's signature"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_an_altered_registration_is_refused(own, app, changes, reason):
    browser = Client()
    assert "code" in answer(first_factor(own, app, "forms@example.com", browser))
    with nothing_comes_of_it(own):
        page = add(own, browser, Passkey(origin(own), signs_itself=True), **changes)
        assert_refused(own, page, "second_factor_refused", reason)


def users(own, *arguments: str) -> dict:
    done = subprocess.run(
        [paths.GATEHOUSE, "users", *arguments, "--config", str(own.file), "--json"], capture_output=True, text=True, timeout=30,
        env=own.gatehouse.environment, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_whoever_was_disabled_or_removed_is_not_let_in(own, app):
    url = users(own, "add", "dora@example.com")["invitation"]["url"]
    LEDGER.add(url.partition("token=")[2], "invitation")
    browser, passkey = Client(), Passkey(origin(own))
    password = LEDGER.add(f"pw-{secrets.token_hex(8)}", "password of a local user")
    form = Page(url, browser.follow(browser.get(url)).text).form_with("new", "again")
    assert browser.submit(form, new=password, again=password).status_code == 200
    assert "code" in answer(send(browser, authorize(browser, own, app), app, login="dora@example.com", password=password))
    note_codes(add(own, browser, passkey))
    assert "code" in answer(alone(own, app, passkey))
    users(own, "disable", "dora@example.com")
    sessions = own.rows("sso_sessions")
    assert_refused(own, alone(own, app, passkey), "sign_in_failed", "can no longer sign in")
    users(own, "enable", "dora@example.com")
    assert "code" in answer(alone(own, app, passkey))
    users(own, "delete", "dora@example.com")
    page = alone(own, app, passkey)
    assert page.status_code == 401 and "gatehouse_sso" not in page.headers.get("set-cookie", "")
    assert own.rows("sso_sessions") <= sessions + 1


def test_a_challenge_is_good_for_five_minutes(own, app, clock):
    passkey, browser = made(own, app, "late@example.com"), Client()
    form, options = passkey_form(authorize(browser, own, app))
    clock.move(301)
    with nothing_comes_of_it(own):
        page = used(browser, app, form, passkey.use(options))
        assert_refused(own, page, "sign_in_failed", "expired")
        assert "took too long" in page.text
    form, options = passkey_form(page)
    assert "code" in answer(used(browser, app, form, passkey.use(options)))


# Of a directory.

@pytest.fixture(scope="module")
def corporate(make_stack):
    """Users of a directory beside those of the file."""
    stack = make_stack("passkeys-directory", start=False)
    directory = Directory(stack.folder / "slapd")
    (stack.folder / "bind.password").write_text(SERVICE_PASSWORD)
    (stack.folder / "bind.password").chmod(0o600)
    stack.configuration["provider"]["connectors"] = [{"id": "corp", "type": "ldap", "name": "Directory", "ldap": {
        "host": f"127.0.0.1:{directory.port}", "insecureNoSSL": True, "bindDN": SERVICE, "bindPW": {"file": "bind.password"},
        "userSearch": {"baseDN": DIRECTORY_PEOPLE, "filter": "(objectClass=inetOrgPerson)", "username": "uid", "nameAttr": "cn"}}}]
    directory.start()
    stack.start()
    yield stack, directory
    stack.stop()
    directory.program.stop()


def test_a_directorys_users_have_passkeys_while_they_are_in_it(corporate):
    (stack, directory), app = corporate, corporate[0].apps_account

    def login_page(browser: Client, connector: str) -> requests.Response:
        page = authorize(browser, stack, app)
        [link] = [link for link in Page(page.url, page.text).links if f"/auth/{connector}/login" in link]
        return browser.get(link)

    browser, passkey = Client(), Passkey(origin(stack))
    page = login_page(browser, "corp")
    assert 'name="credential"' not in page.text, "none has one yet"
    assert "code" in answer(send(browser, page, app, login="ada", password=directory_password("ada")))
    note_codes(add(stack, browser, passkey))
    browser = Client()
    form, options = passkey_form(login_page(browser, "corp"))
    reply = tokens(stack, app, used(browser, app, form, passkey.use(options)))
    assert jws.claims_of(reply["id_token"])["amr"] == ["hwk", "user", "mfa"]
    assert 'name="credential"' not in login_page(Client(), "local").text, "of the other connector's users none has one"
    subprocess.run(
        ["/usr/bin/ldapdelete", "-x", "-H", f"ldap://127.0.0.1:{directory.port}", "-D", "cn=admin,dc=example,dc=com",
         "-w", f"unused-{directory.port}", f"uid=ada,{DIRECTORY_PEOPLE}"], check=True, timeout=20)
    browser = Client()
    form, options = passkey_form(login_page(browser, "corp"))
    assert_refused(stack, used(browser, app, form, passkey.use(options)), "sign_in_failed", "can no longer sign in")
    directory.program.stop()
    form, options = passkey_form(login_page(browser, "corp"))
    assert used(browser, app, form, passkey.use(options)).status_code == 503


# Options.

@pytest.mark.parametrize("options, name, verification", [
    ({}, "localhost", "preferred"), ({"rpName": "Example & Co", "userVerification": "discouraged"}, "Example & Co", "discouraged"),
    ({"userVerification": "required"}, "localhost", "required"),
], ids=str)
def test_what_authenticators_are_told(make_stack, options, name, verification):
    """And a sign-in with a passkey alone wants a PIN or a finger in any case."""
    stack = make_stack(
        f"passkeys-{verification}", lambda configuration: configuration["provider"].update(mfa={"passkeys": options}))
    app, browser, email = stack.apps_account, Client(), "bob@example.com"
    assert "code" in answer(first_factor(stack, app, email, browser))
    _, asked = passkey_form(browser.get(f"{stack.issuer}/second-factors"))
    assert asked["rp"] == {"id": "localhost", "name": name}
    assert asked["authenticatorSelection"]["userVerification"] == verification
    passkey = Passkey(origin(stack))
    note_codes(add(stack, browser, passkey))

    browser = Client()
    form, asked = passkey_form(first_factor(stack, app, email, browser))
    assert asked["userVerification"] == verification
    page = used(browser, app, form, passkey.use(asked, flags=PRESENT))
    if verification == "required":
        assert_refused(stack, page, "second_factor_refused", "did not verify the user")
    else:
        assert "code" in answer(page)
    _, asked = passkey_form(authorize(Client(), stack, app))
    assert asked["userVerification"] == "required"
    assert_refused(stack, alone(stack, app, passkey, flags=PRESENT), "sign_in_failed", "did not verify the user")
    stack.stop()


def test_passkeys_that_are_switched_off(make_stack):
    """Nobody is offered any, and whoever has one is not let in without a second factor; back on, it is as it was."""
    stack = make_stack("passkeys-off")
    app, browser, email = stack.apps_account, Client(), "bob@example.com"
    passkey = Passkey(origin(stack))
    assert "code" in answer(first_factor(stack, app, email, browser))
    codes = add(stack, browser, passkey)
    note_codes(codes)
    code = re.search(r"<li><code>([^<]+)</code>", codes.text)[1]

    def switch(enabled: bool) -> None:
        stack.gatehouse.stop()
        stack.configuration["provider"]["mfa"] = {"passkeys": {"enabled": enabled}}
        stack.write()
        stack.start_gatehouse()

    switch(False)
    assert 'name="credential"' not in authorize(Client(), stack, app).text
    someone = Client()
    assert "code" in answer(first_factor(stack, app, "admin@example.com", someone))
    assert 'name="credential"' not in someone.get(f"{stack.issuer}/second-factors").text
    browser = Client()
    page = first_factor(stack, app, email, browser)
    assert not answer(page) and 'name="credential"' not in page.text and not browser.cookie("gatehouse_sso")
    assert "code" in answer(send(browser, page, app, code=code))

    switch(True)
    assert "code" in answer(alone(stack, app, passkey))
    stack.stop()


# Only some authenticators.

def certificate(subject: list, key: Key, issuer: list, signer: Key, authority: bool, **further) -> x509.Certificate:
    name = lambda parts: x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])
    builder = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(
        key.private.public_key()).serial_number(x509.random_serial_number()).not_valid_before(
        datetime.datetime(2020, 1, 1)).not_valid_after(datetime.datetime(2049, 1, 1)).add_extension(
        x509.BasicConstraints(authority, None), True)
    for value in further.values():
        builder = builder.add_extension(value, False)
    return builder.sign(signer.private, hashes.SHA256())


VENDOR, ROOT_NAME = Key("ES256"), [(NameOID.COMMON_NAME, "Vendor root")]
MODEL = [(NameOID.COUNTRY_NAME, "SE"), (NameOID.ORGANIZATION_NAME, "Vendor"),
         (NameOID.ORGANIZATIONAL_UNIT_NAME, "Authenticator Attestation"), (NameOID.COMMON_NAME, "Model 1")]
AAGUID = x509.ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")


def model(signer: Key = VENDOR, subject: list | None = None, aaguid: bytes = b"\xa5" * 16) -> Model:
    key = Key("ES256")
    extension = x509.UnrecognizedExtension(AAGUID, b"\x04\x10" + aaguid)
    return Model([certificate(subject or MODEL, key, ROOT_NAME, signer, False, aaguid=extension)], key)


@pytest.fixture(scope="module")
def strict(make_stack):
    """A provider that takes one vendor's authenticators."""
    def change(configuration):
        configuration["provider"]["mfa"] = {"passkeys": {"attestationRoots": "vendor.pem", "userVerification": "required"}}

    stack = make_stack("passkeys-strict", change, start=False)
    root = certificate(ROOT_NAME, VENDOR, ROOT_NAME, VENDOR, True)
    (stack.folder / "vendor.pem").write_bytes(root.public_bytes(Encoding.PEM))
    stack.start()
    yield stack
    stack.stop()


def test_only_trusted_authenticators_are_taken_where_roots_are_named(strict):
    app, browser = strict.apps_account, Client()
    assert "code" in answer(first_factor(strict, app, "bob@example.com", browser))
    _, options = passkey_form(browser.get(f"{strict.issuer}/second-factors"))
    assert options["attestation"] == "direct"
    own = origin(strict)
    for passkey, reason in (
            (Passkey(own), "no trusted certificate"), (Passkey(own, signs_itself=True), "no trusted certificate"),
            (Passkey(own, model=model(Key("ES256"))), "no trusted certificate"),
            (Passkey(own, model=model(subject=MODEL[:2] + MODEL[3:])), "not one for attestation"),
            (Passkey(own, model=model(aaguid=bytes(16))), "not one for attestation"),
            (Passkey(own, model=model(), flags=PRESENT), "did not verify the user")):
        with nothing_comes_of_it(strict):
            assert_refused(strict, add(strict, browser, passkey), "second_factor_refused", reason)
    passkey = Passkey(own, model=model())
    note_codes(add(strict, browser, passkey))
    assert "code" in answer(alone(strict, app, passkey))
