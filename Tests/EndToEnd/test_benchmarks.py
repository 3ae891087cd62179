"""The benchmarks work from end to end: every figure is there, and wrong answers do not count. What the figures are is not asked."""
import json
import os
import pathlib
import subprocess
import sys

import pytest

from support import paths

sys.path.insert(0, str(paths.ROOT / "Benchmarks"))

from bench import load, samples, targets

FIGURES = {"rate", "p50", "p99", "cpu", "requests"}


@pytest.fixture(scope="module")
def quick(tmp_path_factory) -> pathlib.Path:
    """The report of a quick run; the folder that it is in."""
    folder = tmp_path_factory.mktemp("bench")
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--out", folder], cwd=paths.ROOT, capture_output=True, text=True,
        timeout=300, check=False, env=os.environ | {"PYTHONPATH": "Benchmarks:Tests/EndToEnd"})
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


@pytest.fixture(scope="module")
def found(quick) -> dict:
    return json.loads((paths.ROOT / ".gatehouse/bench/quick.json").read_text())["scenarios"]


@pytest.mark.parametrize(("scenario", "rows"), [
    ("check-http", {"nginx return 200", "Gatehouse"}),
    ("check-grpc", {"Gatehouse, 16 streams", "Gatehouse, 1 stream"}),
    ("envoy", {
        "Envoy, no check", "Envoy, null HTTP", "Envoy, Gatehouse over HTTP", "Envoy, Gatehouse over gRPC",
        "Gatehouse's whole manifest, over HTTP", "Gatehouse's whole manifest, over gRPC"}),
    ("sessions", {"1 session", "100 sessions"}),
    ("provider", {
        *(f"{name}, {what}" for name in ("Gatehouse", "Glewlwyd")
          for what in ("discovery", "keys", "code exchanges", "refreshes", "flows, signed in")),
        "Gatehouse, flows, with a password"}),
    ("logins", {"logins", "checks alone", "checks beside logins"}),
    ("directory-logins", {"logins", "checks alone", "checks beside logins"}),
    ("shared-stores", {"SQLite", *(f"{name}, {which} replica" for name in ("Redis", "Postgres") for which in ("first", "second"))}),
])
def test_a_scenario_has_all_its_figures(found, scenario, rows):
    measured = {row["name"]: row["samples"] for row in found[scenario]["rows"]}
    assert rows <= measured.keys()
    assert all(sample.keys() == FIGURES and sample["rate"] > 0 for row in measured.values() for sample in row)


def test_memory_start_and_size_are_there(found):
    facts = found["resources"]["facts"]
    names = {
        "memory at rest", "memory at rest, of no file", "milliseconds to ready", "program, stripped", "memory a session",
        "claims of a session"}
    assert names <= facts.keys()


def test_what_sessions_take_in_each_store_is_there(found, quick):
    facts = found["sizes"]["facts"]
    assert {f"bytes a session, {name}, of 1,000" for name in ("SQLite", "Redis", "Postgres")} <= facts.keys()
    for name in ("Redis", "Postgres"):
        assert facts[f"entries of the feed a sign-out, {name}"] == facts[f"entries of the feed a renewal of tokens, {name}"] == 1
        assert found["shared-stores"]["facts"][f"{name}, round trips of a check that is not in memory"] == 1
    assert "| bytes a session, Redis, of 1,000 |" in (quick / "scaling.md").read_text()


def test_the_page_has_the_figures_and_its_text(quick):
    page = (quick / "benchmarks.md").read_text()
    assert "| Gatehouse, 16 streams |" in page and "## How it is measured" in page


@pytest.mark.parametrize("chart", ["check-http", "check-grpc", "envoy", "envoy-cpu", "sessions"])
def test_a_chart_is_drawn(quick, chart):
    assert (quick / "benchmarks" / f"{chart}.svg").read_text().count("<rect") >= 2


def test_answers_of_another_size_do_not_count():
    seen = load.Load(requests=10, seconds=1, p50=1, p99=1, answer_bytes=700)
    contender = samples.Contender("wrong", lambda _: seen, [], answer_bytes=200)
    with pytest.raises(load.WrongAnswers):
        samples.measure(contender, 1)


@pytest.mark.parametrize(("found", "lower_is_better", "said"), [
    (9.0, True, "met, 10% to spare"), (12.0, True, "**missed by 20%**"), (12.0, False, "met, 20% to spare"),
    (9.0, False, "**missed by 10%**"), (None, True, "not measured"),
])
def test_a_target_says_by_how_much(found, lower_is_better, said):
    assert targets.Target("area", "what", 10, found, "µs", lower_is_better).margin == said
