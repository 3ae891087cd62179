"""Session cookies that are broken, foreign or planted (B1–B6, B8): whoever brings one is nobody, and never sees an error page."""
import contextlib
import sqlite3
import time

import pytest

from support import raw
from support.client import Client
from support.html import Page
from support.stack import COOKIE, password_of


def ask(url: str, cookie_lines: list[str], accept: str = "application/json") -> raw.RawResponse:
    headers = [("accept", accept), *(("cookie", line) for line in cookie_lines)]
    return raw.request(int(url.rsplit(":", 1)[1]), "/echo/x", headers)


def flipped(text: str, position: int) -> str:
    other = "A" if text[position] != "A" else "B"
    return text[:position] + other + text[position + 1:]


BROKEN = {
    "first character changed": lambda value: flipped(value, 0),
    "middle changed": lambda value: flipped(value, len(value) // 2),
    "last but two changed": lambda value: flipped(value, len(value) - 3),
    "one character short": lambda value: value[:-1],
    "half": lambda value: value[:len(value) // 2],
    "one character long": lambda value: value + "A",
    "doubled": lambda value: value + value,
    "empty": lambda value: "",
    "other alphabet": lambda value: "%" + value[1:],
    "not ASCII": lambda value: "é" + value[1:],
    "quoted twice": lambda value: f'""{value}""',
    "100 KB": lambda value: "A" * 100_000,
}


@pytest.mark.parametrize("how", BROKEN)
def test_whoever_brings_a_broken_cookie_is_nobody(gateway, stack, bob, how):
    value = BROKEN[how](bob.cookie(COOKIE))
    with stack.nothing_comes_of_it():
        response = ask(gateway, [f"{COOKIE}={value}"])
    # Envoy itself refuses headers of 100 KB.
    assert response.status == 401 or (how == "100 KB" and response.status in (0, 431))


@pytest.mark.parametrize("how", [how for how in BROKEN if how not in ("100 KB", "empty")])
def test_a_browser_with_a_broken_cookie_is_sent_to_the_sign_in(gateway, stack, bob, how):
    with stack.nothing_comes_of_it():
        response = ask(gateway, [f"{COOKIE}={BROKEN[how](bob.cookie(COOKIE))}"], accept="text/html")
    assert response.status == 302
    cleared = [line for line in response.all("set-cookie") if line.startswith(f"{COOKIE}=;")]
    assert len(cleared) == 1 and "max-age=0" in cleared[0].lower(), "the browser is told to forget it"


def test_fifty_copies_sign_nobody_in(gateway, stack):
    with stack.nothing_comes_of_it():
        response = ask(gateway, ["; ".join(f"{COOKIE}=copy-{number}" for number in range(50))])
    assert response.status == 401


def test_a_cookie_of_another_gatehouse_is_worth_nothing(gateway, stack, make_stack):
    other = make_stack("other-keys")
    foreign = other.signed_in("admin@example.com").cookie(COOKIE)
    other.stop()
    with stack.nothing_comes_of_it():
        assert ask(gateway, [f"{COOKIE}={foreign}"]).status == 401


def test_a_cookie_of_another_host_is_worth_nothing(gateway, stack, bob):
    headers = [("accept", "application/json"), ("cookie", f"{COOKIE}={bob.cookie(COOKIE)}")]
    with stack.nothing_comes_of_it():
        response = raw.request(int(gateway.rsplit(":", 1)[1]), "/echo/x", headers, host="other.example.com")
    assert response.status in (400, 401, 403)


def test_the_cookie_of_a_session_that_was_ended_is_worth_nothing(gateway, stack):
    client = stack.signed_in("bob@example.com")
    value = client.cookie(COOKIE)
    assert ask(gateway, [f"{COOKIE}={value}"]).status == 200
    page = client.get(f"{stack.grpc_url}/_gatehouse/sign-out")
    client.submit(Page(page.url, page.text).forms[0])
    with stack.nothing_comes_of_it():
        assert ask(gateway, [f"{COOKIE}={value}"]).status == 401


@pytest.mark.parametrize("column, age", [("expires_at", 1), ("last_used_at", 12 * 3600 + 1)], ids=["lifetime", "idle"])
def test_an_expired_session_is_worth_nothing(make_stack, column, age):
    stack = make_stack(f"expired-{column}")
    value = stack.signed_in("bob@example.com").cookie(COOKIE)
    # The shortest lifetime is a minute: the clock is moved in the store instead.
    stack.gatehouse.stop()
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db")) as database:
        database.execute(f"update sessions set {column} = ?", [int(time.time()) - age])
        database.commit()
    stack.start_gatehouse()
    for url in stack.gateways:
        stack.gatehouse.wait_until(lambda url=url: ask(url, []).status == 401, "answers through Envoy")
        with stack.nothing_comes_of_it():
            assert ask(url, [f"{COOKIE}={value}"]).status == 401
    stack.stop()


@pytest.mark.parametrize("kind", ["made up", "somebody else's"])
def test_a_planted_session_cookie_is_replaced_at_sign_in(gateway, stack, kind):
    planted = "attackers-choice" if kind == "made up" else stack.signed_in("bob@example.com").cookie(COOKIE)
    client = Client()
    client.set_cookie(COOKIE, planted)
    answer = client.sign_in(
        f"{gateway}/_gatehouse/sign-in?rd=/echo/", "admin@example.com", password_of("admin@example.com"))
    assert answer.json()["headers"]["kubeflow-userid"] == ["admin@example.com"]
    assert client.cookie(COOKIE) not in (None, planted)
    with stack.nothing_comes_of_it():
        assert ask(gateway, [f"{COOKIE}=attackers-choice"]).status == 401


def test_every_sign_in_makes_a_new_session(gateway, stack):
    values = {stack.signed_in("bob@example.com", gateway).cookie(COOKIE) for _ in range(3)}
    assert len(values) == 3


def test_the_cookie_is_kept_from_scripts_and_other_sites(gateway, stack):
    client = Client()
    response = client.sign_in(
        f"{gateway}/echo/", "bob@example.com", password_of("bob@example.com"), until=lambda target: target.endswith("/echo/"))
    lines = [line for line in response.raw.headers.getlist("set-cookie") if line.startswith(f"{COOKIE}=")]
    assert len(lines) == 1
    attributes = {part.strip().lower() for part in lines[0].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
    assert not any(part.startswith("domain") for part in attributes)
