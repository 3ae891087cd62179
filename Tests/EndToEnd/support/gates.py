"""Two replicas on one store, as tests ask them."""
import time
import urllib.error
import urllib.request

from support.client import Client
from support.html import Page
from support.replicas import Replicas
from support.stack import COOKIE


def on(make_stack, name: str, storage: dict, start: bool = True, kind=Replicas) -> Replicas:
    def change(configuration):
        configuration["storage"] = {"redis": storage}

    return make_stack(name, change, start=start, kind=kind)


def status(answer) -> int:
    return 200 if answer.allowed else answer.http_status


def statuses(stack, cookie: str) -> list[int]:
    """What the two replicas say, each by itself."""
    return [status(stack.ask(number, cookie)) for number in (0, 1)]


def seconds_until(stack, cookie: str, expected: int, limit: float) -> float:
    """Until both replicas answer so."""
    began = time.monotonic()
    while statuses(stack, cookie) != [expected, expected]:
        assert time.monotonic() - began < limit, f"{statuses(stack, cookie)} after {limit} s\n{stack.gatehouse.tail()}"
        time.sleep(0.005)
    return time.monotonic() - began


def metric(stack, number: int, name: str) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.admin_port(number)}/metrics", timeout=10) as response:
        lines = response.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.split(" ")[0].split("{")[0] == name)


def readiness(stack, number: int) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{stack.admin_port(number)}/readyz", timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def sign_out(client: Client, url: str) -> None:
    page = client.get(f"{url}/_gatehouse/sign-out")
    client.submit(Page(page.url, page.text).forms[0])


def in_and_out(stack) -> tuple[str, str]:
    """A session that goes on, and one that has ended."""
    known = stack.signed_in("bob@example.com").cookie(COOKIE)
    leaving = stack.signed_in("admin@example.com")
    ended = leaving.cookie(COOKIE)
    sign_out(leaving, stack.grpc_url)
    seconds_until(stack, ended, 401, 1)
    assert statuses(stack, known) == [200, 200]
    return known, ended
