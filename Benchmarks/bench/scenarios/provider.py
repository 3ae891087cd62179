"""The provider on its web listener, over SQLite that is on disk before it answers, beside another provider on the same work."""
import pathlib
import urllib.parse

import requests

from bench import load
from bench.gatehouse import answer_bytes
from bench.openid_servers import OpenIDServer, glewlwyd, ours
from bench.samples import Contender, Row
from bench.scenarios.flows import flows
from bench.workshop import Workshop
from support.client import parameters

CONNECTIONS = 16


def provider(workshop: Workshop) -> dict:
    """Documents, code exchanges, refreshes, whole flows; each alone."""
    gatehouse = workshop.gatehouse("gatehouse", signed_in=False)
    servers = [ours(gatehouse), glewlwyd(workshop)]
    rows = workshop.alternate([document(server, kind) for kind in ("discovery", "keys") for server in servers])
    return {"rows": rows + code_exchanges(workshop, servers) + refreshes(workshop, servers) + flows(workshop, servers)}


def document(server: OpenIDServer, kind: str) -> Contender:
    headers, path = {"host": server.host, "accept": "application/json"}, getattr(server, kind)
    return Contender(
        f"{server.name}, {kind}", lambda seconds: load.wrk(f"{server.url}{path}", headers, seconds, connections=CONNECTIONS),
        [server.program], answer_bytes(server.port, path, headers))


def send_all(workshop: Workshop, server: OpenIDServer, path: str, headers: dict[str, str], lines: list[str],
             statuses: set[int]) -> tuple[load.Load, list[str]]:
    """Sends each form or path once; what the load saw, and where it was redirected to."""
    file, answers = workshop.folder / "forms", workshop.folder / "locations"
    file.write_text("\n".join(lines))
    seen = load.wrk(
        f"{server.url}{path}", headers, 20, script="forms", arguments=(file, answers), connections=CONNECTIONS, only_good=False)
    if not seen.statuses or not set(map(int, seen.statuses)) <= statuses:
        raise load.WrongAnswers(f"{server.name}, {path}: {seen.statuses}")
    seen.requests = sum(seen.statuses.values())
    return seen, answers.read_text().splitlines()


def codes(workshop: Workshop, server: OpenIDServer, count: int) -> list[str]:
    """Of somebody who is signed in."""
    headers = {"host": server.host, "cookie": server.cookie}
    _, locations = send_all(workshop, server, server.authorize, headers, [server.authorization_request] * count, {302, 303})
    return [parameters(location)["code"][0] for location in locations]


def code_exchanges(workshop: Workshop, servers: list[OpenIDServer]) -> list[Row]:
    def contender(server: OpenIDServer) -> Contender:
        # Getting the codes is not what is measured, and must not fall into the measured processor time.
        prepared = [codes(workshop, server, server.batch) for _ in range(workshop.pairs)]

        def run(_: float) -> load.Load:
            forms = [f"{server.exchange}&code={urllib.parse.quote(code)}" for code in prepared.pop()]
            return send_all(workshop, server, server.token, server.token_headers, forms, {200})[0]

        return Contender(f"{server.name}, code exchanges", run, [server.program])

    return workshop.alternate([contender(server) for server in servers], warm=False)


def refreshes(workshop: Workshop, servers: list[OpenIDServer]) -> list[Row]:
    def contender(server: OpenIDServer) -> Contender:
        prepared = [refresh_tokens(workshop, server, CONNECTIONS + 4) for _ in range(workshop.pairs)]

        def run(seconds: float) -> load.Load:
            return refresh(server, prepared.pop(), workshop.folder / "refresh-tokens", seconds)

        return Contender(f"{server.name}, refreshes", run, [server.program])

    return workshop.alternate([contender(server) for server in servers], warm=False)


def refresh(server: OpenIDServer, tokens: list[str], file: pathlib.Path, seconds: float) -> load.Load:
    file.write_text("\n".join(tokens))
    seen = load.wrk(
        f"{server.url}{server.token}", server.token_headers, seconds, script="refresh",
        arguments=(file, "grant_type=refresh_token"), connections=CONNECTIONS)
    if set(seen.statuses) != {"200"}:
        raise load.WrongAnswers(f"{server.name}, refreshes: {seen.statuses}")
    return seen


def refresh_tokens(workshop: Workshop, server: OpenIDServer, count: int) -> list[str]:
    def exchanged(code: str) -> str:
        reply = requests.post(
            f"{server.url}{server.token}", data=f"{server.exchange}&code={code}", headers=server.token_headers, timeout=10)
        assert reply.status_code == 200, f"{server.name}: {reply.text}"
        return reply.json()["refresh_token"]

    return [exchanged(code) for code in codes(workshop, server, count)]
