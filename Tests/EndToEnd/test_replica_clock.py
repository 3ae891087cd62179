"""A replica whose clock is wrong says so, and Envoy leaves it out where it looks at readiness as the documentation says (A9, J)."""
import json

import grpc
import pytest
import yaml

from support import extauthz, paths
from support.clock import ClockOfTheOther
from support.gates import metric, on, readiness, status
from support.redis import RedisServer
from support.replicas import Replicas
from support.stack import COOKIE
from test_docs import blocks

HOUR = 3600
SERVING, NOT_SERVING = 1, 2


class WatchedReplicas(Replicas):
    """Envoy asks both whether they are ready: docs/gateways/envoy.md says how."""

    def prepare_envoy(self) -> None:
        super().prepare_envoy()
        (added,) = [text for text in blocks(paths.ROOT / "docs/gateways/envoy.md", "yaml") if "health_checks" in text]
        added = yaml.safe_load(added)
        file = self.folder / "envoy.yaml"
        configuration = json.loads(file.read_text())
        for cluster in configuration["static_resources"]["clusters"]:
            if cluster["name"].startswith("gatehouse_"):
                cluster["health_checks"] = added["health_checks"]
                for number, place in enumerate(cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]):
                    place["endpoint"]["health_check_config"] = added["health_check_config"] | {
                        "port_value": self.admin_port(number)}
        file.write_text(json.dumps(configuration))


@pytest.fixture(scope="module")
def setting(make_stack, artifacts):
    redis = RedisServer(artifacts / "logs", "redis-replica-clock")
    redis.start()
    stack = on(make_stack, "replica-clock", {"url": redis.url}, start=False, kind=WatchedReplicas)
    clock = ClockOfTheOther(stack)
    stack.start()
    yield stack, clock
    stack.stop()
    redis.kill()


def health(stack) -> list[int]:
    """What each of the two says over gRPC; 0: nothing, yet."""
    def said(port: int) -> int:
        try:
            return extauthz.health(port)
        except grpc.RpcError:
            return 0

    return [said(port) for port in (stack.ports.check_grpc, stack.other.ports["checkGRPC"])]


@pytest.mark.parametrize(("seconds", "words"), [(HOUR, "s ahead of its clock"), (-HOUR, "s behind its clock")])
def test_a_replica_whose_clock_is_wrong_says_so_and_is_left_out(setting, seconds, words):
    stack, clock = setting
    client = stack.signed_in("bob@example.com")
    cookie = client.cookie(COOKIE)

    def says_so() -> bool:
        code, text = readiness(stack, 1)
        return code == 503 and "Redis is not asked: this machine's clock is 3" in text and words in text

    def is_served(url: str) -> bool:
        # Envoy asks the two in turn.
        return all(client.get(f"{url}/echo/").status_code == 200 for _ in range(8))

    def is_back() -> bool:
        return readiness(stack, 1)[0] == 200 and health(stack) == [SERVING, SERVING] and status(stack.ask(1, cookie)) == 200

    clock.move(seconds)
    try:
        stack.gatehouse.wait_until(says_so, "word of the wrong clock", 30)
        stack.gatehouse.wait_until(lambda: health(stack) == [SERVING, NOT_SERVING], "word of it over gRPC", 30)
        assert abs(metric(stack, 1, "gatehouse_store_clock_lead_seconds") - seconds) < 60
        assert status(stack.ask(1, cookie)) == 503 and status(stack.ask(0, cookie)) == 200
        for url in stack.gateways:
            stack.gatehouse.wait_until(lambda url=url: is_served(url), "service by the other one alone", 30)
        assert says_so() and readiness(stack, 0)[0] == 200
    finally:
        clock.move(0)
    stack.gatehouse.wait_until(is_back, "return of the replica", 30)
