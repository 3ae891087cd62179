"""Users in the store: made, invited, changed and removed while the program runs."""
import contextlib
import json
import re
import secrets
import sqlite3
import subprocess
import urllib.parse

import bcrypt
import pytest
import requests

from support import jws, paths
from support.chromium import Chromium
from support.client import Client
from support.code_flow import exchange, refresh
from support.html import Page
from support.ledger import LEDGER
from support.provider_clients import audit_lines
from support.sso import answer, authorize, eventually, is_login, send, tokens
from support.stack import password_of

COMMON = "correct horse battery"


def change(configuration):
    provider = configuration["provider"]
    provider["storedUsers"] = {"invitations": "1h"}
    provider["passwords"] = {"bcryptCost": 8, "minimumLength": 10, "refused": "refused.txt"}


@pytest.fixture(scope="module")
def own(make_stack):
    stack = make_stack("local-users", change, start=False)
    (stack.folder / "refused.txt").write_text(f"password123\n{COMMON}\n")
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture
def app(own):
    return own.apps_account


def new_password() -> str:
    return LEDGER.add(f"pw-{secrets.token_hex(8)}", "password of a local user")


def users(own, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "users", *arguments, "--config", str(own.file)], capture_output=True, text=True, timeout=30, input=text,
        env=own.gatehouse.environment, check=False)


def outcome(own, *arguments: str, text: str | None = None) -> dict:
    done = users(own, *arguments, "--json", text=text)
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    if "invitation" in content:
        LEDGER.add(content["invitation"]["url"].partition("token=")[2], "invitation")
    return content


def add(own, name: str, *arguments: str, text: str | None = None) -> dict:
    return outcome(own, "add", f"{name}@example.com", *arguments, text=text)


def follow(url: str, browser: Client | None = None) -> requests.Response:
    browser = browser or Client()
    return browser.follow(browser.get(url))


def choose(own, url: str, password: str, again: str | None = None, browser: Client | None = None) -> requests.Response:
    """Opens a link and chooses a password."""
    browser = browser or Client()
    page = follow(url, browser)
    assert page.status_code == 200, page.text[:300]
    form = Page(page.url, page.text).form_with("new", "again")
    return browser.submit(form, new=password, again=password if again is None else again)


def made(own, name: str, *arguments: str) -> str:
    """A user who has chosen a password, which is the answer."""
    password = new_password()
    assert choose(own, add(own, name, *arguments)["invitation"]["url"], password).status_code == 200
    return password


def sign_in(own, app, login: str, password: str, browser: Client | None = None) -> requests.Response:
    browser = browser or Client()
    page = authorize(browser, own, app)
    assert is_login(page), page.text[:300]
    return send(browser, page, app, login=login, password=password)


def test_somebody_is_invited_and_signs_in(own, app):
    content = add(own, "carol", "--name", "Carol", "--group", "team-a", "--group", "team-c")
    assert content["user"]["state"] == "invited" and content["user"]["groups"] == ["team-a", "team-c"]
    url = content["invitation"]["url"]
    assert url.startswith(f"{own.issuer}/invitation?token=")
    # Looking at the page, as programs that read mail do, does not use it up.
    for _ in range(3):
        page = follow(url)
        assert page.status_code == 200 and "carol@example.com" in page.text and Page(url, page.text).inline_scripts == 0
    password = new_password()
    assert "Your password is set" in choose(own, url, password).text
    assert audit_lines(own, event="password_changed", email="carol@example.com", reason="set with a link")
    assert follow(url).status_code == 404, "good once"
    claims = jws.claims_of(tokens(own, app, sign_in(own, app, "carol@example.com", password))["id_token"])
    assert claims["email"] == "carol@example.com" and claims["email_verified"] and claims["sub"] == content["user"]["subject"]
    assert outcome(own, "show", "carol@example.com")["user"]["state"] == "active"
    assert "code" in answer(sign_in(own, app, "carol", password)), "the user name does as well"
    browser = Client()
    home = browser.sign_in(f"{own.grpc_url}/team-a/", "Carol@Example.com", password)
    assert home.status_code == 200, "the whole way through the gateway, with the groups"


def test_the_store_knows_neither_link_nor_password(own):
    content = add(own, "dave")
    token = content["invitation"]["url"].partition("token=")[2]
    password = new_password()
    everything = b"".join(file.read_bytes() for file in own.folder.glob("gatehouse.db*"))
    assert b"dave@example.com" in everything and token.encode() not in everything
    assert choose(own, content["invitation"]["url"], password).status_code == 200
    assert all(password.encode() not in file.read_bytes() for file in own.folder.glob("gatehouse.db*"))


@pytest.mark.parametrize("password, again, says", [
    ("short", None, "needs 10 characters"), ("x" * 73, None, "longer than 72 bytes"), (COMMON, None, "on a list"),
    ("PASSWORD123", None, "on a list"), ("one-password", "another-password", "not the same"), ("", None, "needs 10 characters"),
])
def test_what_is_no_password_is_said_and_the_link_stays_good(own, password, again, says):
    name = f"erin-{secrets.token_hex(4)}"
    url = add(own, name)["invitation"]["url"]
    browser = Client()
    refused = choose(own, url, password, again, browser)
    assert says in refused.text and 'role="alert"' in refused.text
    form = Page(refused.url, refused.text).form_with("new", "again")
    good = new_password()
    assert "Your password is set" in browser.submit(form, new=good, again=good).text


@pytest.mark.parametrize("query", ["", "token=", "token=x", "token=one-that-was-never-given-out-but-is-as-long", "token=a&token=b", "other=1"])
def test_what_is_no_link_is_refused_with_a_reference(own, query):
    with own.nothing_comes_of_it():
        page = Client().get(f"{own.issuer}/invitation?{query}")
    assert page.status_code == 404
    reference = re.search(r"<code>([A-Z0-9]{10})</code>", page.text)[1]
    assert audit_lines(own, event="refusal", reference=reference, reason="invitation")


def test_following_a_link_takes_its_token_out_of_the_address(own):
    content = add(own, "wanda")
    url, token = content["invitation"]["url"], content["invitation"]["url"].partition("token=")[2]
    browser = Client()
    led = browser.get(url)
    assert led.status_code == 303 and led.headers["location"] == f"{own.issuer}/invitation" and led.text == ""
    assert led.headers["referrer-policy"] == "no-referrer" and led.headers["cache-control"] == "no-store"
    cookie = led.headers["set-cookie"]
    assert token not in cookie and all(
        word in cookie for word in ("HttpOnly", "SameSite=Lax", "Max-Age=1800", f"Path={urllib.parse.urlsplit(own.issuer).path}/invitation;"))
    page = browser.follow(led)
    assert page.url == f"{own.issuer}/invitation" and "wanda@example.com" in page.text and token not in page.text
    assert page.headers["referrer-policy"] == "no-referrer" and page.headers["cache-control"] == "no-store"
    assert Client().get(f"{own.issuer}/invitation").status_code == 404, "the bare address is nothing without the cookie"
    password = new_password()
    form = Page(page.url, page.text).form_with("new", "again")
    done = browser.submit(form, new=password, again=password)
    assert "Your password is set" in done.text and "gatehouse_invitation=;" in done.headers["set-cookie"]
    assert audit_lines(own, event="password_changed", email="wanda@example.com")
    eventually(lambda: own.envoy.text().count("/dex/invitation") >= 4, "the gateway's lines")
    assert token not in own.gatehouse.text() + own.envoy.text(), "neither our own logs nor those of a gateway that we configured"


def test_a_browser_shows_and_sends_no_token(own, artifacts):
    """Neither in the address bar, nor where one goes back to, nor as `Referer` of what the page loads and of the form."""
    content = add(own, "xenia")
    url, token = content["invitation"]["url"], content["invitation"]["url"].partition("token=")[2]
    chromium = Chromium(artifacts / "screenshots", "invitations")
    try:
        chromium.open(url)
        chromium.wait(lambda: "xenia@example.com" in chromium.text(), "the page")
        assert chromium.driver.current_url == f"{own.issuer}/invitation"
        run = chromium.driver.execute_script
        assert run("return document.referrer") == ""
        assert token not in json.dumps(run("return performance.getEntries()"))
        entries = chromium.driver.execute_cdp_cmd("Page.getNavigationHistory", {})["entries"]
        assert [entry["url"] for entry in entries if "/invitation" in entry["url"]] == [f"{own.issuer}/invitation"]
        assert token not in chromium.driver.page_source
        password = new_password()
        chromium.find("input[name=new]").send_keys(password)
        chromium.find("input[name=again]").send_keys(password)
        chromium.click("form button")
        chromium.wait(lambda: "Your password is set" in chromium.text(), "the answer")
        assert run("return document.referrer") == "" and chromium.complaints() == []
    finally:
        chromium.close()
    assert token not in own.gatehouse.text() + own.envoy.text()


def test_a_link_is_not_for_another_sites_form_nor_another_browser(own):
    url = add(own, "frank")["invitation"]["url"]
    browser = Client()
    form = Page(url, follow(url, browser).text).form_with("new", "again")
    password = new_password()
    values = form.fields | {"new": password, "again": password}
    evil = browser.post(form.action, data=values, headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"})
    assert evil.status_code == 403
    assert Client().submit(form, new=password, again=password).status_code == 404
    assert "Your password is set" in browser.submit(form, new=password, again=password).text


def test_a_new_link_takes_the_place_of_the_old_one_and_an_old_one_is_too_old(own):
    first = add(own, "grace")["invitation"]["url"]
    second = outcome(own, "invite", "grace@example.com")["invitation"]["url"]
    assert follow(first).status_code == 404 and follow(second).status_code == 200
    with contextlib.closing(sqlite3.connect(own.folder / "gatehouse.db", timeout=10)) as database, database:
        database.execute("update invitations set expires_at = unixepoch() - 1")
    assert follow(second).status_code == 404


def test_somebody_changes_their_password_and_is_signed_out_elsewhere(own, app):
    old, new = made(own, "heidi"), new_password()
    here, there = Client(), Client()
    kept = tokens(own, app, sign_in(own, app, "heidi@example.com", old, here))
    lost = tokens(own, app, sign_in(own, app, "heidi@example.com", old, there))
    application = Client()
    assert application.sign_in(f"{own.grpc_url}/echo/", "heidi@example.com", old).status_code == 200
    page = here.get(f"{own.issuer}/password")
    form = Page(page.url, page.text).form_with("old", "new", "again")
    assert "heidi@example.com" in page.text and Page(page.url, page.text).inline_scripts == 0
    wrong = here.submit(form, old="wrong-password-1234", new=new, again=new)
    assert wrong.status_code == 401 and "not right" in wrong.text and "<code>" in wrong.text
    assert "on a list" in here.submit(form, old=old, new=COMMON, again=COMMON).text
    done = here.submit(form, old=old, new=new, again=new)
    assert done.status_code == 200 and "Your password is changed" in done.text
    assert audit_lines(own, event="password_changed", email="heidi@example.com", reason="by the user")

    assert "code" in answer(authorize(here, own, app, prompt="none")), "this browser goes on"
    assert refresh(own, app, kept["refresh_token"]).status_code == 200
    assert answer(authorize(there, own, app, prompt="none"))["error"] == "login_required"
    assert refresh(own, app, lost["refresh_token"]).status_code == 400
    eventually(lambda: application.get(f"{own.grpc_url}/echo/").status_code == 302, "sign-out at the gateway")
    assert sign_in(own, app, "heidi@example.com", old).status_code == 401
    assert "code" in answer(sign_in(own, app, "heidi@example.com", new))


def test_the_page_that_changes_passwords_is_for_those_who_have_one_here(own, app):
    assert Client().get(f"{own.issuer}/password").status_code == 401
    browser = Client()
    page = authorize(browser, own, app)
    assert "code" in answer(send(browser, page, app, login="bob@example.com", password=password_of("bob@example.com")))
    fixed = browser.get(f"{own.issuer}/password")
    assert fixed.status_code == 404 and "not kept here" in fixed.text, "bob is in the configuration"


def test_the_old_password_cannot_be_guessed_there(own, app):
    password = made(own, "ivan")
    browser = Client()
    assert "code" in answer(sign_in(own, app, "ivan@example.com", password, browser))
    page = browser.get(f"{own.issuer}/password")
    form = Page(page.url, page.text).form_with("old", "new", "again")
    statuses = [browser.submit(form, old="wrong", new="x" * 12, again="x" * 12).status_code for _ in range(15)]
    # One try comes back every ten seconds.
    assert statuses[:10] == [401] * 10 and 429 in statuses[10:]


def test_another_sites_form_changes_no_password(own, app):
    password = made(own, "judy")
    browser = Client()
    assert "code" in answer(sign_in(own, app, "judy@example.com", password, browser))
    page = browser.get(f"{own.issuer}/password")
    form = Page(page.url, page.text).form_with("old", "new", "again")
    values = form.fields | {"old": password, "new": "y" * 12, "again": "y" * 12}
    assert browser.post(form.action, data=values, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert browser.post(form.action, data=values | {"proof": "x"}).status_code == 403
    assert "code" in answer(sign_in(own, app, "judy@example.com", password))


@pytest.mark.parametrize("how", ["disable", "delete"])
def test_who_is_disabled_or_deleted_is_signed_out_everywhere_at_once(own, app, how):
    name = f"kim-{how}"
    password = made(own, name)
    browser, application = Client(), Client()
    got = tokens(own, app, sign_in(own, app, f"{name}@example.com", password, browser))
    assert application.sign_in(f"{own.grpc_url}/echo/", f"{name}@example.com", password).status_code == 200
    outcome(own, how, f"{name}@example.com")
    assert audit_lines(own, event="user_changed", email=f"{name}@example.com", reason=how)
    with own.nothing_reaches_an_application():
        assert application.get(f"{own.grpc_url}/echo/").status_code == 302, "from the next request on"
    assert answer(authorize(browser, own, app, prompt="none"))["error"] == "login_required"
    assert refresh(own, app, got["refresh_token"]).status_code == 400
    refused = sign_in(own, app, f"{name}@example.com", password)
    unknown = sign_in(own, app, "unknown@example.com", password)
    assert refused.status_code == unknown.status_code == 401
    assert Page(refused.url, refused.text).words.replace(f"{name}@", "") == Page(unknown.url, unknown.text).words.replace("unknown@", "")
    if how == "disable":
        assert refresh(own, app, got["refresh_token"]).status_code == 400
        outcome(own, "enable", f"{name}@example.com")
        assert "code" in answer(sign_in(own, app, f"{name}@example.com", password))
    else:
        assert users(own, "show", f"{name}@example.com").returncode == 1


def test_a_disabled_user_cannot_use_a_link(own):
    url = add(own, "leo")["invitation"]["url"]
    outcome(own, "disable", "leo@example.com")
    assert follow(url).status_code == 404


def test_an_administrator_resets_a_password(own, app):
    old, new = made(own, "mia"), new_password()
    browser = Client()
    got = tokens(own, app, sign_in(own, app, "mia@example.com", old, browser))
    url = outcome(own, "reset", "mia@example.com")["invitation"]["url"]
    assert "code" in answer(sign_in(own, app, "mia@example.com", old)), "right until then"
    assert "Your password is set" in choose(own, url, new).text
    assert sign_in(own, app, "mia@example.com", old).status_code == 401
    assert answer(authorize(browser, own, app, prompt="none"))["error"] == "login_required"
    assert refresh(own, app, got["refresh_token"]).status_code == 400
    assert "code" in answer(sign_in(own, app, "mia@example.com", new))


def test_groups_reach_clients_with_the_next_refresh(own, app):
    password = made(own, "nora", "--group", "team-a")
    page = authorize(browser := Client(), own, app, scope="openid groups offline_access")
    got = tokens(own, app, send(browser, page, app, login="nora@example.com", password=password))
    assert jws.claims_of(got["id_token"])["groups"] == ["team-a"]
    assert users(own, "set-groups", "nora@example.com", "team-b", "team-x").stdout == "in team-b, team-x\n"
    again = refresh(own, app, got["refresh_token"]).json()
    assert jws.claims_of(again["id_token"])["groups"] == ["team-b", "team-x"]


def test_a_hash_of_lower_cost_is_made_anew_at_the_sign_in(own, app):
    password = made(own, "olga")
    for old in (bcrypt.hashpw(password.encode(), bcrypt.gensalt(4, prefix=b"2a")), bcrypt.hashpw(password.encode(), bcrypt.gensalt(10))):
        with contextlib.closing(sqlite3.connect(own.folder / "gatehouse.db", timeout=10)) as database, database:
            database.execute("update users set hash = ? where email = 'olga@example.com'", [old.decode()])
        assert sign_in(own, app, "olga@example.com", "wrong-password-1234").status_code == 401
        assert stored_hash(own, "olga") == old.decode(), "a wrong password changes nothing"
        assert "code" in answer(sign_in(own, app, "olga@example.com", password))
        assert stored_hash(own, "olga").startswith("$2b$08$")
        assert "code" in answer(sign_in(own, app, "olga@example.com", password))


def stored_hash(own, name: str) -> str:
    with contextlib.closing(sqlite3.connect(f"file:{own.folder / 'gatehouse.db'}?mode=ro", uri=True)) as database:
        return LEDGER.add(
            database.execute("select hash from users where email = ?", [f"{name}@example.com"]).fetchone()[0], "a stored hash")


def test_argon2id_takes_the_place_of_bcrypt(make_stack):
    """In the store at the sign-in, and in the configuration as `gatehouse hash-password --argon2id` prints it."""
    fixed, stored = new_password(), new_password()
    printed = subprocess.run([paths.GATEHOUSE, "hash-password", "--argon2id"], input=fixed, capture_output=True, text=True, check=True)
    stack = make_stack("argon2id", start=False)
    provider = stack.configuration["provider"]
    provider["storedUsers"] = {}
    provider["passwords"] = {"algorithm": "argon2id", "argon2id": {"memory": "8MiB", "iterations": 1}}
    provider["users"].append({"email": "tina@example.com", "hash": LEDGER.add(printed.stdout.strip(), "a hash")})
    stack.start()
    app = stack.apps_account
    assert "code" in answer(sign_in(stack, app, "tina@example.com", fixed))
    assert sign_in(stack, app, "tina@example.com", stored).status_code == 401
    assert "code" in answer(sign_in(stack, app, "bob@example.com", password_of("bob@example.com"))), "bcrypt as before"
    assert outcome(stack, "add", "uma@example.com", "--password", text=stored)["user"]["state"] == "active"
    assert stored_hash(stack, "uma").startswith("$argon2id$v=19$m=8192,t=1,p=1$")
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db", timeout=10)) as database, database:
        database.execute("update users set hash = ?", [bcrypt.hashpw(stored.encode(), bcrypt.gensalt(8)).decode()])
    assert sign_in(stack, app, "uma@example.com", fixed).status_code == 401
    assert "code" in answer(sign_in(stack, app, "uma@example.com", stored))
    assert stored_hash(stack, "uma").startswith("$argon2id$v=19$m=8192,t=1,p=1$")
    assert "code" in answer(sign_in(stack, app, "uma@example.com", stored))
    long = LEDGER.add("long-" + "x" * 200, "a long password")
    assert outcome(stack, "add", "vera@example.com", "--password", text=long)["user"]["state"] == "active"
    assert "code" in answer(sign_in(stack, app, "vera@example.com", long)), "not cut as bcrypt would"
    assert sign_in(stack, app, "vera@example.com", long[:-1]).status_code == 401
    stack.stop()


def test_users_of_the_configuration_come_first_and_are_left_alone(own, app):
    listed = outcome(own, "list")["users"]
    assert [user["email"] for user in listed if user["source"] == "configuration"] == ["admin@example.com", "bob@example.com"]
    for arguments in (["add", "BOB@example.com"], ["disable", "bob@example.com"], ["reset", "bob@example.com"]):
        done = users(own, *arguments)
        assert done.returncode == 1 and "configuration" in done.stderr
    table = users(own, "list").stdout.splitlines()
    assert table[0].split("\t") == ["id", "email", "username", "name", "state", "source", "groups"]
    assert any(line.split("\t")[1] == "bob@example.com" for line in table)


def test_a_password_can_be_given_with_the_user(own, app):
    password = new_password()
    content = add(own, "pat", "--password", text=password + "\n")
    assert content["user"]["state"] == "active" and "invitation" not in content
    assert "code" in answer(sign_in(own, app, "pat@example.com", password))
    assert "on the list" in users(own, "add", "quinn@example.com", "--password", text=COMMON + "\n").stderr


@pytest.mark.parametrize("arguments, says", [
    (["add", "no address"], "address"), (["add", "carl@example.com", "--group", "a,b"], "commas"),
    (["add", "carl@example.com", "--username", "a@b"], "username"), (["show", "nobody@example.com"], "no such user"),
    (["delete", "nobody@example.com"], "no such user"),
])
def test_what_is_wrong_is_said(own, arguments, says):
    done = users(own, *arguments)
    assert done.returncode == 1 and says in done.stderr


def test_a_second_user_with_an_address_is_refused(own):
    add(own, "rita")
    done = users(own, "add", "RITA@example.com")
    assert done.returncode == 1 and "there is a user with this address" in done.stderr


def test_without_the_setting_there_are_no_users_in_the_store(stack):
    done = users(stack, "add", "carol@example.com")
    assert done.returncode == 1 and "storedUsers" in done.stderr
    assert [user["email"] for user in json.loads(users(stack, "list", "--json").stdout)["users"]] == ["admin@example.com", "bob@example.com"]
    for page in ("invitation?token=x", "password"):
        assert Client().get(f"{stack.issuer}/{page}").status_code == 404


def test_users_outlive_a_restart(own, app):
    password = made(own, "sam")
    own.gatehouse.stop()
    own.start_gatehouse()
    assert "code" in answer(sign_in(own, app, "sam@example.com", password))
