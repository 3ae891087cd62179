"""The OpenID provider on its web listener, over SQLite that writes to disk before it answers."""
import base64
import ctypes
import ctypes.util
import os
import pathlib
import threading
import time
import urllib.parse

from bench import load, processes
from bench.gatehouse import Gatehouse, answer_bytes
from bench.samples import Contender, measure
from bench.workshop import Workshop
from support.client import Client, parameters
from support.code_flow import CHALLENGE, SCOPE, VERIFIER, exchange
from support.html import Page
from support.stack import hash_of, password_of

import bcrypt

# A user whose password is quickly checked, to get many codes.
QUICK_USER, QUICK_PASSWORD = "quick@example.com", "a password for benchmarks"


def add_quick_user(configuration: dict) -> None:
    hashed = bcrypt.hashpw(QUICK_PASSWORD.encode(), bcrypt.gensalt(8, prefix=b"2b")).decode()
    configuration["provider"]["users"].append({"email": QUICK_USER, "hash": hashed, "name": "Quick", "groups": ["team-a"]})


def provider(workshop: Workshop) -> dict:
    """Documents, code exchanges and refreshes, each alone; 16 connections."""
    gatehouse = workshop.gatehouse("gatehouse", add_quick_user)
    rows = workshop.alternate([
        document(gatehouse, "discovery", "/dex/.well-known/openid-configuration"), document(gatehouse, "keys", "/dex/keys"),
    ])
    rows += code_exchanges(workshop, gatehouse)
    rows += refreshes(workshop, gatehouse)
    return {"rows": rows}


def document(gatehouse: Gatehouse, name: str, target: str) -> Contender:
    headers = {"host": gatehouse.authority, "accept": "application/json"}
    return Contender(
        name, lambda seconds: load.wrk(f"{gatehouse.web_url}{target}", headers, seconds, connections=16),
        [gatehouse.gatehouse], answer_bytes(gatehouse.ports.web, target, headers))


def sign_in_form(gatehouse: Gatehouse, email: str, password: str) -> tuple[str, dict[str, str], str]:
    """A login page that has been opened: where its form goes, with which headers, and the filled-in form."""
    account, browser = gatehouse.apps_account, Client()
    query = {
        "client_id": account.id, "redirect_uri": account.redirect_uri, "response_type": "code", "scope": SCOPE,
        "state": "state", "nonce": "nonce", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    }
    page = browser.follow(browser.get(f"{gatehouse.issuer}/auth?{urllib.parse.urlencode(query)}"))
    form = Page(page.url, page.text).form_with("login", "password")
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.session.cookies)
    headers = {
        "host": gatehouse.authority, "cookie": cookies, "content-type": "application/x-www-form-urlencoded",
        "origin": gatehouse.web_url, "sec-fetch-site": "same-origin",
    }
    return form.action, headers, urllib.parse.urlencode(form.fields | {"login": email, "password": password})


def post_all(workshop: Workshop, url: str, headers: dict[str, str], forms: list[str], status: int, connections: int = 16,
             seconds: float = 20) -> tuple[load.Load, list[str]]:
    """Posts each form once; what the load saw, and the redirects that were answered."""
    file, answers = workshop.folder / "forms", workshop.folder / "locations"
    file.write_text("\n".join(forms))
    seen = load.wrk(
        url, headers, seconds, script="forms", arguments=(file, answers), connections=connections, only_good=False)
    if set(seen.statuses) != {str(status)}:
        raise load.WrongAnswers(f"{url}: {seen.statuses}")
    seen.requests = seen.statuses[str(status)]
    return seen, answers.read_text().splitlines()


def codes(workshop: Workshop, gatehouse: Gatehouse, count: int) -> list[str]:
    action, headers, form = sign_in_form(gatehouse, QUICK_USER, QUICK_PASSWORD)
    _, locations = post_all(workshop, action, headers, [form] * count, 303, connections=8)
    return [parameters(location)["code"][0] for location in locations]


def token_headers(gatehouse: Gatehouse) -> dict[str, str]:
    account = gatehouse.apps_account
    basic = base64.b64encode(f"{account.id}:{urllib.parse.quote(account.secret)}".encode()).decode()
    return {
        "host": gatehouse.authority, "authorization": f"Basic {basic}", "accept": "application/json",
        "content-type": "application/x-www-form-urlencoded",
    }


def code_exchanges(workshop: Workshop, gatehouse: Gatehouse) -> list:
    count = 50 if workshop.quick else 400

    def run(_: float) -> load.Load:
        forms = [urllib.parse.urlencode({
            "grant_type": "authorization_code", "code": code, "redirect_uri": gatehouse.apps_account.redirect_uri,
            "code_verifier": VERIFIER}) for code in prepared.pop()]
        return post_all(workshop, f"{gatehouse.issuer}/token", token_headers(gatehouse), forms, 200)[0]

    # Getting the codes is not what is measured, and must not fall into the measured processor time.
    prepared = [codes(workshop, gatehouse, count) for _ in range(workshop.pairs)]
    return workshop.alternate([Contender("code exchanges", run, [gatehouse.gatehouse])], warm=False)


def refreshes(workshop: Workshop, gatehouse: Gatehouse) -> list:
    tokens = workshop.folder / "refresh-tokens"

    def run(seconds: float) -> load.Load:
        tokens.write_text("\n".join(prepared.pop()))
        seen = load.wrk(
            f"{gatehouse.issuer}/token", token_headers(gatehouse), seconds, script="refresh",
            arguments=(tokens, "grant_type=refresh_token"), connections=16)
        if set(seen.statuses) != {"200"}:
            raise load.WrongAnswers(f"refreshes: {seen.statuses}")
        return seen

    prepared = [refresh_tokens(workshop, gatehouse, 40) for _ in range(workshop.pairs)]
    return workshop.alternate([Contender("refreshes", run, [gatehouse.gatehouse])], warm=False)


def refresh_tokens(workshop: Workshop, gatehouse: Gatehouse, count: int) -> list[str]:
    return [
        exchange(gatehouse, gatehouse.apps_account, code).json()["refresh_token"] for code in codes(workshop, gatehouse, count)]


# Sign-ins.

def logins(workshop: Workshop) -> dict:
    """Sign-ins with bcrypt at cost 10, beside what libcrypt can do at all; then checks, with and without sign-ins at full load."""
    gatehouse = workshop.gatehouse("gatehouse")
    rows = workshop.alternate([Contender(
        "logins", lambda seconds: sign_ins(workshop, gatehouse, seconds * 2), [gatehouse.gatehouse])], warm=False)
    alone = Contender(
        "checks alone", lambda seconds: checks(gatehouse, seconds), [gatehouse.gatehouse])
    beside = Contender(
        "checks beside logins", lambda seconds: beside_logins(workshop, gatehouse, seconds), [gatehouse.gatehouse])
    return {
        "rows": rows + workshop.alternate([alone, beside], warm=False),
        "facts": {"hashes a second": hashes_a_second(1 if workshop.quick else 3)},
    }


def sign_ins(workshop: Workshop, gatehouse: Gatehouse, seconds: float) -> load.Load:
    """As many as it can for so long, from 8 connections."""
    action, headers, form = sign_in_form(gatehouse, "bob@example.com", password_of("bob@example.com"))
    file = workshop.folder / "logins"
    file.write_text("\n".join([form] * 10_000))
    seen = load.wrk(
        action, headers, seconds, script="forms", arguments=(file, workshop.folder / "answers"), connections=8)
    if set(seen.statuses) != {"303"}:
        raise load.WrongAnswers(f"sign-ins: {seen.statuses}")
    return seen


def checks(gatehouse: Gatehouse, seconds: float) -> load.Load:
    return load.wrk(gatehouse.check_url, gatehouse.headers(), seconds, connections=4)


def beside_logins(workshop: Workshop, gatehouse: Gatehouse, seconds: float) -> load.Load:
    logins = threading.Thread(target=sign_ins, args=(workshop, gatehouse, seconds + 1))
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
    setting = hash_of("bob@example.com").encode()
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
