"""`gatehouse explain`, held against what the running program does, and `serve --dry-run-config`."""
import json
import subprocess

import pytest
import requests
import yaml

from support import paths
from support.client import Client


def explain(stack, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "explain", "--config", stack.file, *arguments], capture_output=True, text=True, timeout=20,
        env=stack.gatehouse.environment)


def as_it_is(client: Client, url: str) -> requests.Response:
    """A GET whose path is not tidied up on the way."""
    request = client.session.prepare_request(requests.Request("GET", url, headers={"accept": "text/html"}))
    request.url = url
    return client.session.send(request, allow_redirects=False, timeout=20)


@pytest.mark.parametrize("path", [
    "/", "/public/x", "/admin/x", "/public/../admin", "/public/%2e%2e/admin", "//admin", "/team-a/x", "/team-b/x", "/closed/x",
    "/ADMIN", "/%61dmin", "/echo/x?a=/public/", "/public;/../admin", "/public/..%2fadmin", "/_gatehouse/userinfo", "/dex/keys",
])
@pytest.mark.parametrize("person", [None, "admin", "bob"])
def test_it_says_what_the_program_does(stack, admin, bob, person, path):
    groups = {"admin": ["admins", "team-a"], "bob": ["team-b"]}
    user = ["--user", f"{person}@example.com", *(f"--group={name}" for name in groups[person])] if person else []
    told = json.loads(explain(stack, "--json", f"--url={stack.grpc_url}{path}", *user).stdout)
    client = {"admin": admin, "bob": bob}.get(person) or Client()
    before = stack.hit_counts()
    status = as_it_is(client, stack.grpc_url + path).status_code
    reaches = told["decision"] == "accept" and told["rule"] != "provider"
    assert len(stack.new_hits(before)) == (1 if reaches else 0)
    assert status == told.get("status", status)


def test_it_prints_rule_reason_and_headers(stack):
    text = explain(
        stack, f"--url={stack.grpc_url}/admin/x", "--user", "admin@example.com", "--group", "admins", "--header",
        "X_Forwarded_User: eve").stdout
    assert "rules[3]" in text and f"{stack.file}:" in text
    assert "kubeflow-userid: admin@example.com" in text and "x-gatehouse-assertion: (a signed assertion)" in text
    assert "removes   x_forwarded_user" in text
    assert "because" in text


@pytest.mark.parametrize("arguments", [("--url=ftp://x/",), ("--url=https://x/", "--header", "x"), ("--url=https://x/", "--group", "a")])
def test_a_wrong_command_line_is_exit_2(stack, arguments):
    assert explain(stack, *arguments).returncode == 2


def test_a_dry_run_tells_where_other_rules_decide_otherwise(make_stack):
    stack = make_stack("dry-run", start=False)
    stack.write()
    other = dict(stack.configuration)
    other["authService"] = stack.configuration["authService"] | {
        "rules": [{"paths": ["/public/*"], "allow": "nobody"}, {"paths": ["/admin/*"], "allow": {"groups": ["team-b"]}}]}
    file = stack.folder / "other.yaml"
    file.write_text(yaml.safe_dump(other))
    stack.gatehouse.command += ["--dry-run-config", str(file)]
    stack.start()
    url = stack.grpc_url
    before = stack.hit_counts()
    assert [Client().get(f"{url}/public/x?secret=1").status_code for _ in range(5)] == [200] * 5
    assert len(stack.new_hits(before)) == 5
    bob = stack.signed_in("bob@example.com")
    assert bob.get(f"{url}/admin/x").status_code == 403
    assert bob.get(f"{url}/echo/x").status_code == 200

    def lines():
        return [json.loads(line) for line in stack.gatehouse.text().splitlines() if '"gatehouse.dry-run"' in line]

    stack.gatehouse.wait_until(lambda: len(lines()) >= 2, "the dry run's lines")
    said = [(line["now"], line["now_rule"], line["then"], line["then_rule"], line["path"]) for line in lines()]
    assert ("accept", "rules[2]", "reject 403", "rules[0]", "/public/x") in said
    assert ("reject 403", "rules[3]", "accept", "rules[1]", "/admin/x") in said
    assert len(said) == 2, "one line a minute for each difference, and none where there is none"
    refusals = [line for line in stack.gatehouse.text().splitlines() if '"refusal"' in line and "/public" in line]
    assert refusals == []
