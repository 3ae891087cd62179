"""Who is signed in: what those know who have been told so. People come and go while a fault lasts."""
import concurrent.futures
import itertools
import secrets
import threading
import time
import urllib.parse
from collections.abc import Callable

import requests

from support.client import Client, parameters
from support.html import Page
from support.ledger import LEDGER
from support.scripted_provider import ScriptedProvider
from support.stack import COOKIE, Stack

# For so long another replica may take a session for one that goes on: after that a sign-out holds everywhere.
NOTICE = 1.0


class Crowd:
    """`known` has the e-mail address of every session that was confirmed and not ended, by its cookie; `ended` the moment at which
    the end of a session was confirmed. What got no clear answer is in neither."""

    def __init__(self, stack: Stack, provider: ScriptedProvider):
        self.stack = stack
        self.known: dict[str, str] = {}
        self.ended: dict[str, float] = {}
        self.never_given = [LEDGER.add(secrets.token_urlsafe(32), "a cookie that nobody gave") for _ in range(20)]
        self._numbers = itertools.count(1)
        self._names: dict[str, str] = {}
        # ID tokens say all: it would have to know its access tokens apart.
        provider.discovery = lambda document: {name: value for name, value in document.items() if name != "userinfo_endpoint"}
        provider.write_token = lambda claims: provider.key.sign(claims | self._identity(claims))

    def _identity(self, claims: dict) -> dict:
        name = self._names.get(claims.get("nonce"), "nobody")
        return {"sub": name, "email": f"{name}@example.org", "name": name}

    def gather(self, count: int) -> None:
        """So many sign in, each under a name of their own."""
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            found = list(pool.map(lambda number: self.sign_in(self.stack.gateways[number % 2]), range(count)))
        assert all(found), f"{found.count(None)} of {count} could not sign in\n{self.stack.gatehouse.tail()}"

    def sign_in(self, url: str) -> Client | None:
        """Somebody new; `None` where it came to nothing."""
        name = f"person-{next(self._numbers)}"
        client = Client()

        def is_done(target: str) -> bool:
            # A reply that comes too late begins again, with another nonce.
            for nonce in parameters(target).get("nonce", []):
                self._names[nonce] = name
            return urllib.parse.urlsplit(target).path == "/echo/"

        try:
            client.follow(client.get(f"{url}/echo/"), until=is_done)
        except (requests.RequestException, AssertionError):
            return None
        if not client.cookie(COOKIE):
            return None
        self.known[client.cookie(COOKIE)] = f"{name}@example.org"
        return client

    def sign_out(self, client: Client, url: str) -> bool:
        """Whether it was confirmed. From the beginning of it nobody is sure any more whether the session goes on."""
        cookie = client.cookie(COOKIE)
        try:
            page = client.get(f"{url}/_gatehouse/sign-out")
            forms = Page(page.url, page.text).forms if page.status_code == 200 else []
            if not forms:
                return False
            del self.known[cookie]
            is_confirmed = client.submit(forms[0]).is_redirect
        except requests.RequestException:
            return False
        if is_confirmed:
            self.ended[cookie] = time.monotonic()
        return is_confirmed


class Coming:
    """People sign in and out all the while, one at a time: the last few stay, the others go."""

    STAY = 3

    def __init__(self, crowd: Crowd):
        self.crowd = crowd
        # Moments: a sign-in was confirmed, it came to nothing, a sign-out was confirmed.
        self.came: list[float] = []
        # Seconds that a sign-in or a sign-out took at the longest.
        self.slowest = 0.0
        self.refused: list[float] = []
        self.left: list[float] = []
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Coming":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._ends.set()
        self._thread.join(30)

    def _run(self) -> None:
        staying: list[Client] = []
        gateways = itertools.cycle(self.crowd.stack.gateways)
        while not self._ends.wait(0.03):
            url = next(gateways)
            client = self._timed(lambda url=url: self.crowd.sign_in(url))
            (self.came if client else self.refused).append(time.monotonic())
            if client:
                staying.append(client)
            if len(staying) > self.STAY and self._timed(lambda url=url: self.crowd.sign_out(staying.pop(0), url)):
                self.left.append(time.monotonic())

    def _timed(self, do: Callable):
        began = time.monotonic()
        try:
            return do()
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)
