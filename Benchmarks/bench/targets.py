"""What the project promises about its speed, and by how much each promise is kept or missed."""
import dataclasses

from bench.results import Outcome, Results


@dataclasses.dataclass(frozen=True)
class Target:
    """`found` is missing where the scenario has not run or could not."""

    area: str
    what: str
    limit: float
    found: float | None
    unit: str = ""
    lower_is_better: bool = True

    @property
    def is_met(self) -> bool | None:
        if self.found is None:
            return None
        return self.found <= self.limit if self.lower_is_better else self.found >= self.limit

    @property
    def margin(self) -> str:
        """How far the figure is on the good or the bad side of the limit, in percent of the limit."""
        if self.found is None:
            return "not measured"
        share = (self.found - self.limit) / self.limit if self.limit else self.found
        distance = f"{abs(share):.0%}"
        return f"met, {distance} to spare" if self.is_met else f"**missed by {distance}**"

    @property
    def row(self) -> list[str]:
        sign = "≤" if self.lower_is_better else "≥"
        found = "–" if self.found is None else number(self.found, self.unit)
        return [self.area, self.what, f"{sign} {number(self.limit, self.unit)}", found, self.margin]


def number(value: float, unit: str = "") -> str:
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    text = text.removesuffix(".00").removesuffix(".0")
    return text + (unit if unit == "×" else f" {unit}" if unit else "")


def targets(results: Results) -> list[Target]:
    empty = Outcome([], {}, 0)

    def of(name: str) -> Outcome:
        return results.scenarios.get(name, empty)

    return [
        *_checks(of("check-http"), of("check-grpc")), *_envoy(of("envoy")),
        *_growth("sessions", of("sessions")), *_growth("rules", of("rules")), *_growth("groups", of("groups")),
        *_growth("idle connections", of("idle")), *_bearer(of("bearer"), of("check-http")), *_provider(of("provider")),
        *_logins(of("logins")), *_directory_logins(of("directory-logins")),
        *_resources(of("resources"), of("anonymous")), *_overload(of("overload").facts),
        *_replicas(of("revocation").facts, of("races").facts, of("shared-stores")),
    ]


def _checks(http: Outcome, grpc: Outcome) -> list[Target]:
    def times(base: str) -> float | None:
        return grpc.ratio(f"{base}, 16 streams", "Gatehouse, 16 streams", "cpu")

    return [
        Target("check, HTTP", "of what nginx `return 200` does in the same processor time", 0.85,
               http.ratio("nginx return 200", "Gatehouse", "cpu"), "×", False),
        Target("check, gRPC", "processor time, 16 streams a connection", 8, grpc.median("Gatehouse, 16 streams", "cpu"), "µs"),
        Target("check, gRPC", "processor time, 1 stream a connection", 16, grpc.median("Gatehouse, 1 stream", "cpu"), "µs"),
        Target("check, gRPC", "of what SwiftNIO's multiplexer does, answering at once", 2.5,
               times("SwiftNIO HTTP/2 multiplexer"), "×", False),
        Target("check, gRPC", "of what grpc-swift-2 does, answering at once", 9, times("grpc-swift-2"), "×", False),
    ]


def _envoy(outcome: Outcome) -> list[Target]:
    found = []
    for way in ("HTTP", "gRPC"):
        mine, null = f"Envoy, Gatehouse over {way}", f"Envoy, null {way}"
        found += [
            Target("Envoy", f"requests/s over {way}, of those with a check that answers at once", 0.95,
                   outcome.ratio(mine, null, "rate"), "×", False),
            Target("Envoy", f"p99 over {way}, of that with a check that answers at once", 1.2,
                   outcome.ratio(mine, null, "p99"), "×"),
        ]
    for peer in ("Apache, mod_auth_openidc", "Envoy's oauth2 and jwt_authn filters"):
        found.append(Target("Envoy", f"processor time a request, of what it is with {peer}", 1,
                            outcome.ratio("Envoy, Gatehouse over gRPC", peer, "cpu"), "×"))
    return found


def _growth(what: str, outcome: Outcome) -> list[Target]:
    if len(outcome.rows) < 2:
        return [Target("growth", what, 1.1, None, "×")]
    few, many = outcome.rows[0].name, outcome.rows[-1].name
    return [Target("growth", f"processor time with {many}, of that with {few}", 1.1, outcome.ratio(many, few, "cpu"), "×")]


def _bearer(outcome: Outcome, sessions: Outcome) -> list[Target]:
    found = []
    for algorithm in ("ES256", "RS256"):
        first, bare = outcome.median(f"{algorithm}, not seen before", "cpu"), outcome.facts.get(f"bare {algorithm}")
        found.append(Target("bearer", f"{algorithm} not seen before, beyond the bare signature check", 20,
                            first - bare if first and bare else None, "µs"))
    again, session = outcome.median("ES256, seen before", "cpu"), sessions.median("Gatehouse", "cpu")
    return [*found, Target("bearer", "seen before, of a check with a session", 1.1, again / session if again and session else None, "×")]


def _provider(outcome: Outcome) -> list[Target]:
    return [
        Target("provider", f"{what}/s, of those that Glewlwyd does", 2,
               outcome.ratio(f"Gatehouse, {row}", f"Glewlwyd, {row}", "rate"), "×", False)
        for what, row in (
            ("discovery documents", "discovery"), ("key sets", "keys"), ("code exchanges", "code exchanges"),
            ("refreshes", "refreshes"), ("whole flows", "flows, signed in"))]


def _logins(outcome: Outcome) -> list[Target]:
    return [
        Target("provider", "sign-ins/s, of the password hashes/s that the machine can do", 0.9,
               outcome.facts.get("logins, of that"), "×", False),
        Target("provider", "the check's p99 while sign-ins take the whole machine, of that without", 1.5,
               outcome.ratio("checks beside logins", "checks alone", "p99"), "×"),
    ]


def _directory_logins(outcome: Outcome) -> list[Target]:
    return [
        Target("provider", "sign-ins/s with a directory", 200, outcome.median("logins", "rate"), "", False),
        Target("provider", "the check's p99 beside them, of that without", 1.5,
               outcome.ratio("checks beside logins", "checks alone", "p99"), "×"),
    ]


def _resources(outcome: Outcome, anonymous: Outcome) -> list[Target]:
    facts, flood = outcome.facts, anonymous.facts
    per_session, claims = facts.get("memory a session"), facts.get("claims of a session")
    before, after = flood.get("memory before the flood"), flood.get("memory after the flood")
    at_rest, stripped = facts.get("memory at rest"), facts.get("program, stripped")
    return [
        Target("memory", "at rest, both roles", 40, at_rest / 1e6 if at_rest else None, "MB"),
        Target("memory", "a session in memory, beyond its claims", 400, per_session - claims if per_session and claims else None, "B"),
        Target("memory", "after a flood of anonymous requests, of that before", 1.05, after / before if before and after else None, "×"),
        Target("start", "to ready", 150, facts.get("milliseconds to ready"), "ms"),
        Target("program", "stripped", 60, stripped / 1e6 if stripped else None, "MB"),
    ]


def _overload(facts: dict) -> list[Target]:
    return [
        Target("overload", "requests shed with 503", 1, facts.get("status 503", 0 if facts else None), "", False),
        Target("overload", "requests with a session in memory that were refused", 0, facts.get("cached sessions refused")),
        Target("overload", "until it answers as before", 1, facts.get("seconds to recover"), "s"),
    ]


def _replicas(revocation: dict, races: dict, stores: Outcome) -> list[Target]:
    found = []
    for engine in ("Redis", "Postgres"):
        area = f"replicas, {engine}"
        found += [
            Target(area, "from a sign-out at one to the refusal by the other, p99", 1000, revocation.get(f"{engine}, p99 ms"), "ms"),
            Target(area, "calls of the provider a race for a session's tokens", 1,
                   per(races, f"{engine}, calls of the provider", f"{engine}, races for a session's tokens")),
            Target(area, "refresh tokens that come of a race with one of ours", 1,
                   per(races, f"{engine}, refresh tokens that came of it", f"{engine}, races with a refresh token of ours")),
            Target(area, "round trips of a check that is not in memory", 1,
                   stores.facts.get(f"{engine}, round trips of a check that is not in memory")),
            *(Target(area, f"processor time of a check in memory, {which} replica, of that over SQLite", 1.05,
                     stores.ratio(f"{engine}, {which} replica", "SQLite", "cpu"), "×") for which in ("first", "second")),
        ]
    return found


def per(facts: dict, what: str, each: str) -> float | None:
    return facts[what] / facts[each] if facts.get(each) else None
