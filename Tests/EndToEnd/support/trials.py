"""What two replicas do at the same moment, tried many times over; the tests try it seldom, the benchmarks often."""
import base64
import collections
import concurrent.futures
import json
import time
import urllib.parse

from support.code_flow import code_for, exchange
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


def refresh_races(pair: Pair, races: int) -> collections.Counter:
    """So many sessions whose tokens are due, each of them asked about at both replicas at the same moment: how often the provider
    got each refresh token. It takes every one once; a second use would end the session."""
    provider = pair.provider
    provider.gives_refresh_tokens()
    provider.refreshes.clear()
    provider.expires_in = DUE_AFTER
    cookies = [_remembered(pair, number % 2) for number in range(races)]
    provider.expires_in = 3600
    time.sleep(DUE_AFTER + 1)
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
    account, brought = pair.apps_account, []
    token = exchange(pair, account, code_for(pair, account)).json()["refresh_token"]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for _ in range(races):
            brought.append(set(pool.map(lambda number, token=token: refreshed(pair, number, token), (0, 1, 0, 1))))
            token = next(iter(brought[-1]))
    return brought


def refreshed(pair: Pair, number: int, token: str) -> str:
    """The next refresh token, from the token endpoint of one replica."""
    account = pair.apps_account
    basic = base64.b64encode(f"{account.id}:{account.secret}".encode()).decode()
    answer = pair.request(
        pair.port(number, "web"), "POST", "/dex/token",
        {"host": urllib.parse.urlsplit(pair.issuer).netloc, "authorization": f"Basic {basic}",
         "content-type": "application/x-www-form-urlencoded"},
        urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": token}))
    assert answer.status == 200, f"{answer.status} {answer.text[:300]}"
    reply = json.loads(answer.text)
    for name in ("access_token", "id_token", "refresh_token"):
        LEDGER.add(reply.get(name), name)
    return reply["refresh_token"]
