"""Through Envoy, with nginx as the application: what a user's request costs, with each way to ask and with other products."""
import copy
import subprocess

import yaml

from bench import load, peers
from bench.gatehouse import TARGET, Gatehouse, answer_bytes
from bench.peers import Peer
from bench.samples import Contender, Row
from bench.workshop import Workshop
from bench.scenarios import relying_parties
from support import paths
from support.ports import free_ports
from support.program import Program


def through_envoy(workshop: Workshop) -> dict:
    """32 connections; every program may use every core. The processor time is that of Envoy, the check and the application."""
    gatehouse = workshop.gatehouse("gatehouse")
    application = workshop.nginx("application")
    nulls = {
        "null HTTP": workshop.null_server("http1") or workshop.nginx("null-http"),
        "null gRPC": workshop.null_server("multiplexer"), "null grpc-swift-2": workshop.null_server("grpc-swift"),
    }
    listeners, clusters, ports = ways(gatehouse, application, {name: peer for name, peer in nulls.items() if peer})
    oauth2 = relying_parties.envoy_oauth2(gatehouse, "application")
    envoy = workshop.keep(peers.envoy(workshop.folder, {
        "static_resources": {
            "listeners": [*listeners, oauth2.listener], "clusters": clusters, "secrets": oauth2.secrets,
        },
    }, ports["Envoy, no check"]))
    programs = {name: [envoy, application] for name in ports}
    for name in ports:
        if peer := nulls.get(name.removeprefix("Envoy, ")):
            programs[name] = [*programs[name], peer]
        elif "Gatehouse" in name:
            programs[name] = [*programs[name], gatehouse.gatehouse]
    contenders = [contender(name, port, gatehouse.headers(), programs[name]) for name, port in ports.items()]
    if not workshop.quick:
        contenders += others(workshop, gatehouse, application, envoy, oauth2)
    rows = workshop.alternate(contenders)
    return {"rows": rows, "facts": added(rows)}


def added(rows: list[Row]) -> dict[str, float]:
    """Processor time a request that each check adds to its gateway without one."""
    facts = {}
    for base in (row for row in rows if row.name.endswith(", no check")):
        gateway = base.name.removesuffix(", no check")
        facts |= {
            f"CPU µs added: {row.name}": row.median("cpu") - base.median("cpu")
            for row in rows if row is not base and row.name.startswith("Apache") == (gateway == "Apache")}
    return facts


def others(workshop: Workshop, gatehouse: Gatehouse, application: Peer, envoy: Peer, oauth2) -> list[Contender]:
    """The other products on the same work, each with a session that it began itself at our provider."""
    found = [contender(
        "Envoy's oauth2 and jwt_authn filters", oauth2.port,
        relying_parties.signed_in_headers(gatehouse, oauth2.port), [envoy, application])]
    plain = workshop.keep(peers.apache(workshop.folder, application.port, "apache").begin())
    found.append(contender("Apache, no check", plain.port, gatehouse.headers(), [plain, application]))
    port, directives = relying_parties.mod_auth_openidc(gatehouse)
    apache = workshop.keep(peers.apache(workshop.folder, application.port, "mod_auth_openidc", directives, port).begin())
    found.append(contender(
        "Apache, mod_auth_openidc", port, relying_parties.signed_in_headers(gatehouse, port), [apache, application]))
    return found


def contender(name: str, port: int, headers: dict[str, str], programs: list[Program]) -> Contender:
    # Envoy says x-forwarded-for and -proto itself; a browser does not.
    headers = {header: value for header, value in headers.items() if not header.startswith("x-forwarded-")}
    return Contender(
        name, lambda seconds: load.wrk(f"http://127.0.0.1:{port}{TARGET}", headers, seconds), programs,
        answer_bytes(port, TARGET, headers))


def ways(gatehouse: Gatehouse, application: Peer, nulls: dict[str, Peer]) -> tuple[list[dict], list[dict], dict[str, int]]:
    """A listener for each way, all with the check filter that `gatehouse manifests envoy` writes; last that file's own."""
    names = [
        "Envoy, no check", *(f"Envoy, {name}" for name in nulls), "Envoy, Gatehouse over HTTP", "Envoy, Gatehouse over gRPC",
        "Gatehouse's whole manifest, over HTTP", "Gatehouse's whole manifest, over gRPC",
    ]
    ports = dict(zip(names, free_ports(len(names))))
    written = manifest(gatehouse, application.port, grpc=ports[names[-1]], http=ports[names[-2]])
    checks = {mode: check_filter(written, f"{mode}_127") for mode in ("grpc", "http")}
    clusters = [*written["static_resources"]["clusters"], peers.cluster("application", application.port)]
    listeners = [peers.listener("Envoy, no check", ports["Envoy, no check"], [], [peers.to("application")])]
    for name, peer in nulls.items():
        mode = "http" if "HTTP" in name else "grpc"
        cluster = name.replace(" ", "-")  # Envoy asks under the cluster's name
        clusters.append(peers.cluster(cluster, peer.port, http2=mode == "grpc"))
        listeners.append(peers.listener(
            name, ports[f"Envoy, {name}"], [asking(checks[mode], cluster)], [peers.to("application")]))
    for mode, label in (("http", "HTTP"), ("grpc", "gRPC")):
        listeners.append(peers.listener(
            mode, ports[f"Envoy, Gatehouse over {label}"], [checks[mode]], [peers.to("application")]))
    return listeners + written["static_resources"]["listeners"], clusters, ports


def manifest(gatehouse: Gatehouse, application: int, *, grpc: int, http: int) -> dict:
    subprocess.run(
        [paths.GATEHOUSE, "manifests", "envoy", "--config", gatehouse.file, "--listen", f"grpc=127.0.0.1:{grpc}",
         "--listen", f"http=127.0.0.1:{http}", "--upstream", f"/=127.0.0.1:{application}", "--out", gatehouse.folder],
        check=True, timeout=30, env=gatehouse.gatehouse.environment, stdout=subprocess.DEVNULL)
    return yaml.safe_load((gatehouse.folder / "envoy.yaml").read_text())


def check_filter(written: dict, listener: str) -> dict:
    found = next(each for each in written["static_resources"]["listeners"] if each["name"].startswith(listener))
    manager = found["filter_chains"][0]["filters"][0]["typed_config"]
    return next(each for each in manager["http_filters"] if each["name"] == "envoy.filters.http.ext_authz")


def asking(check: dict, cluster: str) -> dict:
    """The same filter, asking another server."""
    check = copy.deepcopy(check)
    if service := check["typed_config"].get("grpc_service"):
        service["envoy_grpc"]["cluster_name"] = cluster
    else:
        check["typed_config"]["http_service"]["server_uri"]["cluster"] = cluster
    return check
