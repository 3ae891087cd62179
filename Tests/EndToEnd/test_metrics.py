"""`/metrics` on the admin listener: Prometheus reads it, what is counted moves, and nobody's data is in it."""
import urllib.request

import pytest
from prometheus_client import parser

from support import raw
from support.client import Client
from support.stack import COOKIE, password_of

PROGRAM = ("accept", "application/json")


@pytest.fixture(scope="module")
def counted(make_stack):
    stack = make_stack("metrics")
    yield stack
    stack.stop()


def scrape(stack) -> dict[str, parser.Metric]:
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.ports.admin}/metrics", timeout=10) as response:
        assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        text = response.read().decode()
    return {family.name: family for family in parser.text_string_to_metric_families(text)}


def value(families, sample: str, **labels) -> float:
    """The sum of the samples of that name with these labels."""
    return sum(
        found.value for family in families.values() for found in family.samples
        if found.name == sample and labels.items() <= found.labels.items())


def ask(stack, target: str, *headers, port: int | None = None) -> int:
    return raw.request(port or stack.ports.grpc_gateway, target, [PROGRAM, *headers]).status


@pytest.fixture(scope="module")
def bob(counted) -> tuple[str, str]:
    return ("cookie", f"{COOKIE}=" + counted.signed_in("bob@example.com").cookie(COOKIE))


@pytest.mark.parametrize("target, signed_in, status, outcome, rule", [
    ("/public/x", False, 200, "accepted", "rules[2]"), ("/echo/x", True, 200, "accepted", "default"),
    ("/admin/", True, 403, "forbidden", "rules[3]"), ("/closed/x", False, 403, "forbidden", "rules[6]"),
    ("/echo/x", False, 401, "unauthenticated", "default"), ("/admin/", False, 401, "unauthenticated", "rules[3]"),
    ("/_gatehouse/jwks", False, 200, "answered", "own endpoints"), ("/dex/keys", False, 200, "accepted", "provider"),
])
def test_decisions_are_counted_by_outcome_and_rule(counted, bob, target, signed_in, status, outcome, rule):
    before = scrape(counted)
    for _ in range(3):
        assert ask(counted, target, *([bob] if signed_in else [])) == status
    after = scrape(counted)
    labels = {"outcome": outcome, "rule": rule}
    name = "gatehouse_decisions_total"
    assert value(after, name, **labels) - value(before, name, **labels) == 3
    assert value(after, name) - value(before, name) == 3


def test_a_redirect_and_a_sign_in_are_counted(counted):
    before = scrape(counted)
    client = Client()
    client.sign_in(f"{counted.grpc_url}/echo/", "bob@example.com", password_of("bob@example.com"))
    other = Client()
    other.sign_in(f"{counted.grpc_url}/echo/", "bob@example.com", "not-the-password")
    after = scrape(counted)

    def grown(name, **labels):
        return value(after, name, **labels) - value(before, name, **labels)

    assert grown("gatehouse_decisions_total", outcome="redirected", rule="default") >= 1
    assert grown("gatehouse_sign_ins_total", role="auth-service", outcome="succeeded") == 1
    assert grown("gatehouse_sign_ins_total", role="provider", outcome="succeeded") == 1
    assert grown("gatehouse_sign_ins_total", role="provider", outcome="failed") == 1
    assert grown("gatehouse_audit_events_total", event="sign_in", role="auth-service") == 1
    assert grown("gatehouse_sessions") == 1
    assert grown("gatehouse_store_duration_seconds_count", operation="write") > 0


@pytest.mark.parametrize("which, gateway", [("grpc_gateway", "envoy-grpc"), ("http_gateway", "envoy-http")])
def test_durations_and_bytes_move_with_the_checks(counted, bob, which, gateway):
    before = scrape(counted)
    for _ in range(10):
        assert ask(counted, "/echo/x", bob, port=getattr(counted.ports, which)) == 200
    after = scrape(counted)
    count, total = "gatehouse_check_duration_seconds_count", "gatehouse_check_duration_seconds_sum"
    assert value(after, count, gateway=gateway) - value(before, count, gateway=gateway) == 10
    assert 0 < value(after, total, gateway=gateway) - value(before, total, gateway=gateway) < 5
    for direction in ("received", "sent"):
        name = f"gatehouse_check_{direction}_bytes_total"
        protocol = gateway.removeprefix("envoy-")
        assert value(after, name, protocol=protocol) - value(before, name, protocol=protocol) > 10 * 50


def test_a_cache_hit_is_counted(counted, bob):
    ask(counted, "/echo/x", bob)
    before = scrape(counted)
    for _ in range(5):
        ask(counted, "/echo/x", bob)
    ask(counted, "/echo/x", ("cookie", f"{COOKIE}=" + "A" * 43))
    after = scrape(counted)
    name = "gatehouse_session_cache_lookups_total"
    assert value(after, name, result="hit") - value(before, name, result="hit") == 5
    assert value(after, name, result="miss") - value(before, name, result="miss") >= 1
    assert value(after, "gatehouse_session_cache_sessions") >= 1 and value(after, "gatehouse_session_cache_bytes") > 500


def test_histograms_are_cumulative_and_end_at_infinity(counted, bob):
    ask(counted, "/echo/x", bob)
    for family in scrape(counted).values():
        if family.type != "histogram":
            continue
        series: dict[tuple, list] = {}
        for sample in family.samples:
            if sample.name.endswith("_bucket"):
                labels = tuple(sorted(item for item in sample.labels.items() if item[0] != "le"))
                series.setdefault(labels, []).append((float(sample.labels["le"]), sample.value))
        for labels, buckets in series.items():
            assert buckets == sorted(buckets) and buckets[-1][0] == float("inf"), family.name
            assert buckets[-1][1] == value({family.name: family}, f"{family.name}_count", **dict(labels))


def test_keys_and_the_process_have_figures(counted):
    families = scrape(counted)
    for purpose in ("provider", "assertion"):
        assert 0 <= value(families, "gatehouse_key_age_seconds", purpose=purpose) < 600
    assert value(families, "gatehouse_build_info") == 1
    assert value(families, "process_resident_memory_bytes") > 1e6 and value(families, "process_open_fds") > 3
    assert value(families, "process_cpu_seconds_total") > 0 and value(families, "process_start_time_seconds") > 1e9


def test_every_name_is_ours_and_has_its_base_unit(counted):
    for name, family in scrape(counted).items():
        assert name.startswith(("gatehouse_", "process_")) and family.documentation
        assert not name.endswith(("_ms", "_milliseconds", "_kb", "_minutes"))


def test_no_label_holds_anything_of_a_request_or_a_person(counted, bob):
    before = sum(len(family.samples) for family in scrape(counted).values())
    for number in range(50):
        ask(counted, f"/echo/{number}", ("x-request-id", f"id-{number}"), ("user-agent", f"agent-{number}"))
        raw.request(counted.ports.grpc_gateway, "/echo/x", [PROGRAM], host=f"host-{number}.example.com")
        raw.request(counted.ports.grpc_gateway, "/echo/x", [PROGRAM], method=f"M{number}")
    families = scrape(counted)
    assert sum(len(family.samples) for family in families.values()) <= before + 20
    texts = [text for family in families.values() for sample in family.samples for text in sample.labels.values()]
    assert not [text for text in texts if "@" in text or "example" in text or "agent-" in text]


def test_metrics_are_not_on_the_gateways(gateway, stack):
    with stack.nothing_reaches_an_application():
        assert raw.request(int(gateway.rsplit(":", 1)[1]), "/metrics", [PROGRAM]).status == 401


def test_a_failing_store_is_counted(make_stack):
    import contextlib
    import sqlite3

    stack = make_stack("metrics-store-gone")
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db")) as database:
        database.execute("drop table sessions")
        database.commit()
    before = value(scrape(stack), "gatehouse_store_errors_total", operation="read")
    assert ask(stack, "/echo/x", ("cookie", f"{COOKIE}=" + "A" * 43)) == 503
    families = scrape(stack)
    assert value(families, "gatehouse_store_errors_total", operation="read") > before
    assert "gatehouse_sessions" not in families
    assert value(families, "gatehouse_decisions_total", outcome="unavailable", rule="default") == 1
    stack.stop()
