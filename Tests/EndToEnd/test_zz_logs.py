"""After everything else: what the programs wrote."""
import json

from support.ledger import LEDGER


def test_no_secret_of_the_run_is_in_a_log(artifacts):
    logs = sorted((artifacts / "logs").rglob("*.log"))
    assert logs and len(LEDGER.secrets) > 10
    leaks = {str(log.relative_to(artifacts)): LEDGER.found_in(log.read_text(errors="replace")) for log in logs}
    assert {name: found for name, found in leaks.items() if found} == {}


def test_the_log_is_json_with_a_request_id(stack, bob):
    lines = [json.loads(line) for line in stack.gatehouse.text().splitlines()]
    assert lines
    assert any(line.get("event") == "sign_in" and line.get("request_id") for line in lines)


def test_the_log_holds_no_crash(artifacts):
    for log in (artifacts / "logs").rglob("gatehouse.log"):
        assert "Fatal error" not in log.read_text(errors="replace"), log
