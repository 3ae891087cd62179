"""Sign-ins beside what the password hash allows, and the check while they take the whole machine."""
import ctypes
import ctypes.util
import dataclasses
import os
import statistics
import threading
import time
import urllib.parse

from bench import load
from bench.gatehouse import Gatehouse
from bench.openid_servers import USER
from bench.samples import Contender, Row, measure
from bench.workshop import Workshop
from support.client import Client
from support.directory import GROUPS, PEOPLE, SERVICE, SERVICE_PASSWORD, Directory
from support.directory import password_of as directory_password_of
from support.html import Page
from support.sso import authorize_url
from support.stack import hash_of, password_of


@dataclasses.dataclass(frozen=True)
class Account:
    """Who signs in, and where."""

    connector: str
    login: str
    password: str


LOCAL = Account("local", USER, password_of(USER))
IN_DIRECTORY = Account("ldap", "ada", directory_password_of("ada"))


def logins(workshop: Workshop) -> dict:
    """Sign-ins with bcrypt at cost 10, in turn with what libcrypt can do at all; then checks, with and without sign-ins at full load."""
    gatehouse = workshop.gatehouse("gatehouse")
    signing_in = Contender("logins", lambda seconds: sign_ins(workshop, gatehouse, seconds * 2), [gatehouse.gatehouse])
    row, limits = Row("logins", []), []
    for _ in range(workshop.pairs):
        limits.append(hashes_a_second(workshop.seconds))
        row.samples.append(measure(signing_in, workshop.seconds))
    return {
        "rows": [row, *checks_without_and_with(workshop, gatehouse)],
        "facts": {
            "hashes a second": statistics.median(limits),
            "logins, of that": statistics.median(sample["rate"] / limit for sample, limit in zip(row.samples, limits)),
        },
    }


def directory_logins(workshop: Workshop) -> dict:
    """Sign-ins with a real OpenLDAP on loopback: each searches for the entry, binds as it, and searches for its groups. Then checks."""
    directory = Directory(workshop.folder / "slapd", tls=False)
    workshop.keep(directory.program)
    directory.start()

    def change(configuration: dict) -> None:
        configuration["provider"]["connectors"] = [ldap(directory)]
        # The session of the checks is a local user's: there is a choice now.
        configuration["authService"]["providers"][0]["request"] = {"parameters": {"connector_id": LOCAL.connector}}

    gatehouse = workshop.gatehouse("gatehouse", change)
    signing_in = Contender(
        "logins", lambda seconds: sign_ins(workshop, gatehouse, seconds * 2, IN_DIRECTORY), [gatehouse.gatehouse, directory.program])
    rows = workshop.alternate([signing_in], warm=False)
    return {"rows": [*rows, *checks_without_and_with(workshop, gatehouse, IN_DIRECTORY)], "facts": {}}


def ldap(directory: Directory) -> dict:
    """The connector."""
    password = directory.folder / "bind.password"
    password.write_text(SERVICE_PASSWORD)
    password.chmod(0o600)
    return {"id": "ldap", "type": "ldap", "name": "Directory", "ldap": {
        "host": f"127.0.0.1:{directory.port}", "insecureNoSSL": True, "bindDN": SERVICE,
        "bindPW": {"file": str(password)},
        "userSearch": {"baseDN": PEOPLE, "username": "uid", "nameAttr": "cn"},
        "groupSearch": {"baseDN": GROUPS, "userMatchers": [{"userAttr": "DN", "groupAttr": "member"}]}}}


def checks_without_and_with(workshop: Workshop, gatehouse: Gatehouse, whose: Account = LOCAL) -> list[Row]:
    alone = Contender("checks alone", lambda seconds: checks(gatehouse, seconds), [gatehouse.gatehouse])
    beside = Contender(
        "checks beside logins", lambda seconds: beside_logins(workshop, gatehouse, seconds, whose), [gatehouse.gatehouse])
    return workshop.alternate([alone, beside], warm=False)


def sign_in_form(gatehouse: Gatehouse, whose: Account) -> tuple[str, dict[str, str], str]:
    """A login page that has been opened: where its form goes, with which headers, and the filled-in form."""
    browser = Client()
    page = browser.follow(browser.get(authorize_url(gatehouse, gatehouse.apps_account, connector_id=whose.connector)))
    form = Page(page.url, page.text).form_with("login", "password")
    headers = {
        "host": gatehouse.authority, "cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.session.cookies),
        "content-type": "application/x-www-form-urlencoded", "origin": gatehouse.web_url, "sec-fetch-site": "same-origin",
    }
    return form.action, headers, urllib.parse.urlencode(form.fields | {"login": whose.login, "password": whose.password})


def sign_ins(workshop: Workshop, gatehouse: Gatehouse, seconds: float, whose: Account = LOCAL) -> load.Load:
    """As many as it can for so long, from 8 connections."""
    action, headers, form = sign_in_form(gatehouse, whose)
    file = workshop.folder / "logins"
    file.write_text("\n".join([form] * 10_000))
    seen = load.wrk(
        action, headers, seconds, script="forms", arguments=(file, workshop.folder / "answers"), connections=8)
    if set(seen.statuses) != {"303"}:
        raise load.WrongAnswers(f"sign-ins: {seen.statuses}")
    return seen


def checks(gatehouse: Gatehouse, seconds: float) -> load.Load:
    return load.wrk(gatehouse.check_url, gatehouse.headers(), seconds, connections=4)


def beside_logins(workshop: Workshop, gatehouse: Gatehouse, seconds: float, whose: Account = LOCAL) -> load.Load:
    logins = threading.Thread(target=sign_ins, args=(workshop, gatehouse, seconds + 1, whose))
    logins.start()
    time.sleep(0.5)
    try:
        return checks(gatehouse, seconds)
    finally:
        logins.join()


def hashes_a_second(seconds: float) -> float:
    """bcrypt at cost 10 by the libcrypt that Gatehouse uses, on all cores at once: more sign-ins than that there cannot be."""
    library = ctypes.CDLL(ctypes.util.find_library("crypt"))
    library.crypt_rn.restype = ctypes.c_char_p
    setting = hash_of(USER).encode()
    counts = []

    def work() -> None:
        memory, count, end = ctypes.create_string_buffer(32768), 0, time.monotonic() + seconds
        while time.monotonic() < end:
            assert library.crypt_rn(b"a password", setting, memory, 32768)
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=work) for _ in range(os.cpu_count() or 1)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - began)
