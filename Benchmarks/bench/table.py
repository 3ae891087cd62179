"""The scenarios, in the order in which they run."""
import dataclasses
from collections.abc import Callable

from bench.scenarios import bearer, counts, direct, gateway, growth, logins, overload, provider, replicas, resources, sizes
from bench.workshop import Workshop


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    run: Callable[[Workshop], dict]
    quick: bool = False
    """Part of `--quick`."""


SCENARIOS = [
    Scenario("check-http", "the check over HTTP, with a session", direct.http, quick=True),
    Scenario("check-grpc", "the check over gRPC, with a session", direct.grpc, quick=True),
    Scenario("anonymous", "the check with nobody signed in", direct.anonymous),
    Scenario("envoy", "through Envoy, beside other products", gateway.through_envoy, quick=True),
    Scenario("sessions", "1 to 1,000,000 live sessions", growth.sessions, quick=True),
    Scenario("rules", "1 to 10,000 rules", growth.rules),
    Scenario("groups", "1 to 1,000 groups a user", growth.groups),
    Scenario("idle", "10,000 idle connections beside the load", growth.idle_connections),
    Scenario("bearer", "bearer tokens, not seen before and seen before", bearer.bearer),
    Scenario("provider", "the provider: documents, code exchanges, refreshes, whole flows", provider.provider, quick=True),
    Scenario("logins", "sign-ins, and checks beside them", logins.logins, quick=True),
    Scenario("directory-logins", "sign-ins with a directory, and checks beside them", logins.directory_logins, quick=True),
    Scenario("resources", "memory, start, size", resources.resources, quick=True),
    Scenario("overload", "more than it can do", overload.overload),
    Scenario("revocation", "a sign-out at one of two replicas, heard by the other", replicas.revocation),
    Scenario("races", "two replicas that want the same tokens renewed", replicas.races),
    Scenario("shared-stores", "the check of replicas that share a store", replicas.shared_stores, quick=True),
    Scenario("sizes", "what sessions take in each store, and what changes write", sizes.sizes, quick=True),
    Scenario("counts", "instructions and allocations a check", counts.counts),
]
