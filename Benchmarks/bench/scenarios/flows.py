"""Whole flows, as Dex's own example client goes through them: discovery, authorization, login, tokens, userinfo, refresh."""
import urllib.parse

from bench import load
from bench.openid_servers import USER, OpenIDServer
from bench.samples import Contender, Row
from bench.workshop import Workshop
from support.stack import password_of

# So many people at once, each with one request at a time.
PEOPLE = 8
# A flow is long, with some providers.
SECONDS = 4


def flows(workshop: Workshop, servers: list[OpenIDServer]) -> list[Row]:
    """Of somebody who is signed in at the provider; and, for ours, with the password each time (bcrypt at cost 10)."""
    login = urllib.parse.urlencode({"login": USER, "password": password_of(USER)})
    return workshop.alternate([
        *(flow(workshop, server, "flows, signed in", cookie=server.cookie) for server in servers),
        flow(workshop, servers[0], "flows, with a password", login=login),
    ])


def flow(workshop: Workshop, server: OpenIDServer, name: str, **who: str) -> Contender:
    """`who`: the `cookie` of somebody signed in, or the fields of a `login`."""
    settings = workshop.folder / f"{server.name}, {name}"
    settings.write_text("".join(f"{key} {value}\n" for key, value in {
        "host": server.host, "discovery": server.discovery, "authorize": server.authorization_request, "token": server.token,
        "authorization": server.authorization, "exchange": server.exchange, "userinfo": server.userinfo,
        "refresh": "grant_type=refresh_token", **who}.items()))

    def run(seconds: float) -> load.Load:
        return load.wrk(
            server.url, {}, max(SECONDS, seconds), script="flow", arguments=(settings,), connections=PEOPLE, threads=PEOPLE)

    return Contender(f"{server.name}, {name}", run, [server.program])
