"""The check asked without a gateway: what one check costs."""
from collections.abc import Callable

from bench import load, processes
from bench.gatehouse import FORWARDED, Gatehouse, TARGET, allowed_bytes, answer_bytes
from bench.peers import Peer
from bench.samples import Contender
from bench.workshop import Workshop, apart
from support.program import Program


@apart
def http(workshop: Workshop) -> dict:
    """The same request to each server, from 32 connections; the server has one core to itself."""
    gatehouse = workshop.gatehouse("gatehouse")
    headers = gatehouse.headers()
    servers = [("nginx return 200", workshop.nginx()), ("SwiftNIO, HTTP/1 decoder", workshop.null_server("http1"))]
    contenders = [
        http_contender(name, server, server.port, headers) for name, server in servers if server
    ] + [http_contender("Gatehouse", gatehouse.gatehouse, gatehouse.ports.check_http, headers)]
    return {"rows": workshop.alternate(contenders)}


def http_contender(name: str, program: Program, port: int, headers: dict[str, str], status: int = 200, **options) -> Contender:
    target = f"/envoy{TARGET}"
    return Contender(
        name, lambda seconds: load.wrk(f"http://127.0.0.1:{port}{target}", headers, seconds, cores=processes.LOAD_CORES, **options),
        [program], answer_bytes(port, target, headers, status))


@apart
def grpc(workshop: Workshop) -> dict:
    """The CheckRequest that Envoy sends for a browser: 4 connections with 16 streams each, and 16 connections with one."""
    gatehouse = workshop.gatehouse("gatehouse")
    message = gatehouse.message()
    servers: list[tuple[str, Program, int]] = [
        (name, server, server.port) for name, server in [
            ("SwiftNIO HTTP/2 multiplexer", workshop.null_server("multiplexer")),
            ("grpc-swift-2", workshop.null_server("grpc-swift")),
        ] if server
    ] + [("Gatehouse", gatehouse.gatehouse, gatehouse.ports.check_grpc)]
    rows = []
    for connections, streams in [(4, 16), (16, 1)]:
        rows += workshop.alternate([
            Contender(
                f"{name}, {streams} {'streams' if streams > 1 else 'stream'}",
                grpc_load(workshop, message, port, connections, streams), [program], allowed_bytes(port, message))
            for name, program, port in servers
        ])
    return {"rows": rows}


def grpc_load(workshop: Workshop, message, port: int, connections: int, streams: int) -> Callable[[float], load.Load]:
    return lambda seconds: load.h2load(
        port, message, seconds, connections=connections, streams=streams, cores=processes.LOAD_CORES,
        log=workshop.folder / "h2load.log")


@apart
def anonymous(workshop: Workshop) -> dict:
    """Nobody is signed in: a browser is sent to the sign-in, a program is told 401. Memory must not grow."""
    gatehouse = workshop.gatehouse("gatehouse")
    port, program = gatehouse.ports.check_http, gatehouse.gatehouse
    programs_call = {"host": gatehouse.authority, "accept": "application/json", "sec-fetch-mode": "cors"} | FORWARDED
    contenders = [
        http_contender("navigation, 302", program, port, gatehouse.headers(cookie=""), 302),
        http_contender("fetch, 401", program, port, programs_call, 401, only_good=False),
    ]
    rows = workshop.alternate(contenders)
    before = processes.resident_bytes(program.pid)
    flood = contenders[0].load(workshop.seconds * 3)
    return {"rows": rows, "facts": {
        "flood requests": flood.requests, "memory before the flood": before,
        "memory after the flood": processes.resident_bytes(program.pid),
    }}
