"""Bearer tokens (JWTs of an outside issuer): one that has not been seen before costs a signature check, one that has does not."""
import re
import subprocess
import time

from bench import load, processes
from bench.gatehouse import FORWARDED, TARGET, Gatehouse, answer_bytes
from bench.samples import Contender
from bench.workshop import Workshop, apart
from support.ports import free_ports
from support.scripted_provider import ScriptedProvider


@apart
def bearer(workshop: Workshop) -> dict:
    """ES256 and RS256 (2048 bits). Beside them what the machine's OpenSSL needs for the bare signature check."""
    issuer = ScriptedProvider(free_ports(1)[0], "gatehouse", "")
    try:
        return measured(workshop, issuer)
    finally:
        issuer.stop()


def measured(workshop: Workshop, issuer: ScriptedProvider) -> dict:
    def change(configuration: dict) -> None:
        configuration["authService"]["bearer"] = [{"issuer": issuer.issuer, "audiences": ["gatehouse"]}]

    gatehouse = workshop.gatehouse("gatehouse", change)
    rows = []
    for name, key, fresh in [("ES256", issuer.elliptic_key, 60_000), ("RS256", issuer.key, 75_000)]:
        count = 2_000 if workshop.quick else fresh
        tokens = [key.sign(claims(issuer, number)) for number in range(count)]
        rows += first_and_again(workshop, gatehouse, name, tokens)
    return {"rows": rows, "facts": {
        f"bare {name}": microseconds for name, microseconds in bare_checks(workshop).items()}}


def claims(issuer: ScriptedProvider, number: int) -> dict:
    now = int(time.time())
    return {
        "iss": issuer.issuer, "aud": "gatehouse", "sub": f"caller-{number:06d}", "iat": now, "exp": now + 3600,
        "jti": f"token-{number:06d}", "email": f"caller-{number:06d}@example.com", "groups": ["callers", "team-a"],
    }


def first_and_again(workshop: Workshop, gatehouse: Gatehouse, name: str, tokens: list[str]) -> list:
    headers = {"host": gatehouse.authority, "accept": "application/json"} | FORWARDED
    size = answer_bytes(
        gatehouse.ports.check_http, f"/envoy{TARGET}", headers | {"authorization": f"Bearer {tokens.pop()}"})
    share = len(tokens) // (workshop.pairs + 1)
    runs = iter(range(workshop.pairs + 1))

    def asking(file, seconds: float) -> load.Load:
        return load.wrk(
            gatehouse.check_url, headers, seconds, script="tokens", arguments=(file,), cores=processes.LOAD_CORES)

    def first(seconds: float) -> load.Load:
        """Every run has tokens of its own, more than it can use in a second."""
        run = next(runs)
        file = workshop.folder / "tokens"
        file.write_text("\n".join(tokens[run * share:(run + 1) * share]))
        seen = asking(file, 1)
        if seen.requests > share and not workshop.quick:
            raise load.WrongAnswers(f"{name}: {seen.requests} requests with {share} tokens: some had been seen before")
        return seen

    repeated = workshop.folder / "token"
    repeated.write_text(tokens[0])
    return workshop.alternate([
        Contender(f"{name}, not seen before", first, [gatehouse.gatehouse], size),
        Contender(f"{name}, seen before", lambda seconds: asking(repeated, seconds), [gatehouse.gatehouse], size),
    ])


def bare_checks(workshop: Workshop) -> dict[str, float]:
    """Microseconds a signature check, by `openssl speed`."""
    run = subprocess.run(
        ["openssl", "speed", "-seconds", "1" if workshop.quick else "3", "ecdsap256", "rsa2048"],
        capture_output=True, text=True, timeout=120, check=True)
    found = {}
    for name, pattern in [("ES256", r"ecdsa \(nistp256\).*?(\d+\.\d+)\s*$"), ("RS256", r"rsa 2048 bits.*?(\d+\.\d+)\s*$")]:
        if match := re.search(pattern, run.stdout, re.M):
            found[name] = 1e6 / float(match[1])
    return found
