"""What two replicas do at the same moment, tried many times over; the tests try it seldom, the benchmarks often."""
import base64
import collections
import concurrent.futures
import dataclasses
import json
import time
import urllib.parse

from support.code_flow import VERIFIER, code_for
from support.ledger import LEDGER
from support.pair import Pair


def revocations(pair: Pair, trials: int, limit: float = 5) -> list[float]:
    """Sign-outs at one replica, at each in turn: the seconds from the moment at which it is asked for, to the first refusal by the
    other, which has the session in its memory and is asked all the time."""
    took = []
    for number in range(trials):
        here, there = number % 2, 1 - number % 2
        cookie = _remembered(pair, here)
        began = time.monotonic()
        pair.sign_out(here, cookie)
        while (status := pair.status(there, cookie)) != 401:
            assert status == 200 and time.monotonic() - began < limit, f"{status} after {limit} s"
        took.append(time.monotonic() - began)
        assert pair.status(here, cookie) == 401
    return took


# Seconds after which a session's tokens are due, however short a life the provider gives them.
DUE_AFTER = 5
TOGETHER = 8


@dataclasses.dataclass
class DueSessions:
    """Sessions whose tokens are due from a moment on (monotonic)."""

    cookies: list[str]
    at: float

    def wait(self) -> None:
        time.sleep(max(0, self.at - time.monotonic()))


def due_sessions(pair: Pair, count: int) -> DueSessions:
    """New ones, made at each in turn, which both have in their memory. Their next tokens will last for an hour."""
    pair.provider.gives_refresh_tokens()
    pair.provider.expires_in = DUE_AFTER
    cookies = [_remembered(pair, number % 2) for number in range(count)]
    pair.provider.expires_in = 3600
    return DueSessions(cookies, time.monotonic() + DUE_AFTER + 1)


def refresh_races(pair: Pair, due: DueSessions) -> collections.Counter:
    """Each session is asked about at both replicas at the same moment: how often the provider got each refresh token. It takes
    every one once; a second use would end the session."""
    provider, cookies, races = pair.provider, due.cookies, len(due.cookies)
    due.wait()
    provider.refreshes.clear()
    with concurrent.futures.ThreadPoolExecutor(2 * TOGETHER) as pool:
        for first in range(0, races, TOGETHER):
            together = cookies[first:first + TOGETHER]
            asked = [(number, cookie) for cookie in together for number in (0, 1, 0, 1)]
            deadline = time.monotonic() + 10
            # A replica renews no more than sixteen at once, and leaves what comes then for the next request.
            while len(provider.refreshes) < first + len(together):
                assert set(pool.map(lambda each: pair.status(*each), asked)) == {200}
                assert time.monotonic() < deadline, f"{len(provider.refreshes)} of {races}"
                time.sleep(0.02)
        # Who comes too late comes now.
        time.sleep(0.2)
        everybody = [(number, cookie) for cookie in cookies for number in (0, 1)]
        assert set(pool.map(lambda each: pair.status(*each), everybody)) == {200}
    return collections.Counter(provider.refreshes)


def _remembered(pair: Pair, number: int) -> str:
    """A new session that both have in their memory."""
    cookie = pair.sign_in(number)
    assert [pair.status(each, cookie) for each in (0, 1)] == [200, 200]
    return cookie


def rotation_races(pair: Pair, races: int) -> list[set[str]]:
    """One refresh token of our own provider, brought to both replicas twice at the same moment; the next race is about the one that
    came of it. The refresh tokens that each race brought."""
    brought: list[set[str]] = []
    token = exchanged(pair, 0, code_for(pair, pair.apps_account))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for _ in range(races):
            brought.append(set(pool.map(lambda number, token=token: refreshed(pair, number, token), (0, 1, 0, 1))))
            token = next(iter(brought[-1]))
    return brought


def refreshed(pair: Pair, number: int, token: str) -> str:
    """The next refresh token, from the token endpoint of one replica."""
    return _granted(pair, number, {"grant_type": "refresh_token", "refresh_token": token})


def exchanged(pair: Pair, number: int, code: str) -> str:
    """The refresh token that a code is good for, from the token endpoint of one replica."""
    return _granted(pair, number, {
        "grant_type": "authorization_code", "code": code, "redirect_uri": pair.apps_account.redirect_uri,
        "code_verifier": VERIFIER})


def _granted(pair: Pair, number: int, form: dict[str, str]) -> str:
    account = pair.apps_account
    basic = base64.b64encode(f"{account.id}:{account.secret}".encode()).decode()
    answer = pair.request(
        pair.port(number, "web"), "POST", "/dex/token",
        {"host": urllib.parse.urlsplit(pair.issuer).netloc, "authorization": f"Basic {basic}",
         "content-type": "application/x-www-form-urlencoded"},
        urllib.parse.urlencode(form))
    assert answer.status == 200, f"{answer.status} {answer.text[:300]}"
    reply = json.loads(answer.text)
    for name in ("access_token", "id_token", "refresh_token"):
        LEDGER.add(reply.get(name), name)
    return reply["refresh_token"]
