"""A steady load through both gateways, which knows of each answer whose it must be."""
import asyncio
import collections
import itertools
import threading
import time

from faults.crowd import NOTICE, Crowd
from faults.line import Line, Reply

# What the application answers with the request as it came.
PATH = "/echo/"


class Load:
    """Six lanes ask, each some 20 times a second. Three of four questions are those of people who are signed in; the others come
    with cookies of sessions that have ended, with cookies that nobody gave, and with none."""

    LANES, PAUSE = 6, 0.045

    def __init__(self, crowd: Crowd):
        self.crowd = crowd
        self.statuses: collections.Counter = collections.Counter()
        # Moments at which somebody who is signed in was not served, and who it was.
        self.refused: list[tuple[float, str]] = []
        self.turned_away: collections.Counter = collections.Counter()
        self.wrongly_allowed: list[str] = []
        self.mixed_up: list[str] = []
        self._ends = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> "Load":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._ends.set()
        self._thread.join(30)

    async def _run(self) -> None:
        await asyncio.gather(*(self._lane(number) for number in range(self.LANES)))

    async def _lane(self, number: int) -> None:
        line = Line((self.crowd.stack.ports.grpc_gateway, self.crowd.stack.ports.http_gateway)[number % 2])
        for turn in itertools.count(number):
            if self._ends.is_set():
                return line.close()
            await self._ask(line, *self._question(turn))
            await asyncio.sleep(self.PAUSE)

    def _question(self, turn: int) -> tuple[str, str | None]:
        """A cookie, and whose it is."""
        known = list(self.crowd.known.items())
        if known and turn % 4:
            return known[turn * 7 % len(known)]
        ended = [cookie for cookie, moment in list(self.crowd.ended.items())[-50:] if moment + NOTICE < time.monotonic()]
        others = [*ended, *self.crowd.never_given, ""]
        return others[turn // 4 * 7 % len(others)], None

    async def _ask(self, line: Line, cookie: str, email: str | None) -> None:
        began = time.monotonic()
        reply = await line.ask(PATH, cookie)
        self.statuses[reply.status] += 1
        if email is None:
            if reply.status == 200:
                age = began - self.crowd.ended.get(cookie, began)
                self.wrongly_allowed.append(f"{reply.echoed_user}, asked {age:.2f} s after the end")
        elif cookie in self.crowd.known:
            self._judge(email, reply)

    def _judge(self, email: str, reply: Reply) -> None:
        """Of somebody who is signed in."""
        if reply.status == 200:
            if reply.echoed_user != email:
                self.mixed_up.append(f"{reply.echoed_user} in place of {email}")
            return
        self.refused.append((time.monotonic(), email))
        if reply.status not in (0, 503) or reply.ends_a_session:
            self.turned_away[email] += 1
