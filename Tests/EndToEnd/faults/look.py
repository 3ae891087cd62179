"""A look at every session, at each replica by itself."""
import asyncio
import dataclasses
import time

from faults.crowd import NOTICE, Crowd
from faults.line import USER, Line
from faults.load import PATH
from faults.site import Site


@dataclasses.dataclass
class Look:
    lost: set[str]
    """Cookies of sessions that should go on, and that a replica does not let in."""
    still_in: set[str]
    """Cookies of sessions that have ended, and that a replica lets in."""
    mixed_up: set[str]
    """Cookies with which a replica takes somebody for another."""


async def _users(site: Site, cookies: list[str]) -> dict[tuple[str, int], str | None]:
    """Whom each replica takes each cookie for; `None` where it lets nobody in."""
    found: dict[tuple[str, int], str | None] = {}
    host = f"localhost:{site.stack.ports.grpc_gateway}"

    async def ask(port: int, part: list[str]) -> None:
        line = Line(port)
        for cookie in part:
            reply = await line.ask(f"/envoy{PATH}", cookie, host)
            found[cookie, port] = reply.first(USER) if reply.status == 200 else None
        line.close()

    await asyncio.gather(*(ask(port, cookies[part::4]) for port in site.check_ports for part in range(4)))
    return found


def look(site: Site, patience: float = 2, notice: float = NOTICE, ended: slice = slice(None)) -> Look:
    """Those that are not let in are asked about again until they are, for as many seconds as `patience` says. Of the sessions that
    have ended it is those `notice` seconds ago, and of these `ended`."""
    crowd: Crowd = site.crowd
    over = [cookie for cookie, moment in list(crowd.ended.items()) if moment + notice < time.monotonic()][ended]
    deadline = time.monotonic() + patience
    while True:
        known = dict(crowd.known)
        users = asyncio.run(_users(site, [*known, *over]))
        # Who has gone away meanwhile is no matter.
        lost = {cookie for cookie, _ in users if users[cookie, _] is None and cookie in known and cookie in crowd.known}
        if not lost or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    return Look(
        lost, {cookie for (cookie, _), user in users.items() if user is not None and cookie not in known},
        {cookie for (cookie, _), user in users.items() if user is not None and cookie in known and user != known[cookie]})
