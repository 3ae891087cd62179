"""Personal access tokens: made and revoked on a page, used by programs, through both gateways."""
import json
import re
import subprocess
import time

import pytest
import requests

from support import paths
from support.client import NAVIGATION
from support.fixtures import both_gateways, stack_fixture
from support.html import Page
from support.ledger import LEDGER
from test_bearer import PROGRAM, assert_invalid, send


guarded = stack_fixture("personal-tokens", {"personalTokens": {"lifetime": "90d", "perUser": 5}})


url = both_gateways("guarded")


def make_token(client, url: str, name: str = "ci", access: str = "full") -> str:
    """As somebody does it on the page."""
    page = client.get(f"{url}/_gatehouse/tokens")
    form = Page(page.url, page.text).form_with("name")
    asked = client.submit(form, name=name, access=access, days="30")
    made = client.submit(Page(asked.url, asked.text).forms[0])
    assert made.status_code == 200, made.text[:500]
    return LEDGER.add(re.search(r"gh_pat_[0-9A-Za-z]{49}", made.text).group(), "personal token")


@pytest.fixture
def owner(guarded, url):
    client = guarded.signed_in("admin@example.com", url)
    yield client
    page = client.get(f"{url}/_gatehouse/tokens")
    for form in Page(page.url, page.text).forms:
        if form.method == "POST":
            client.submit(form)


def test_a_token_made_on_the_page_lets_its_owner_in(url, guarded, owner):
    token = make_token(owner, url)
    for base in guarded.gateways:
        response = send(base, token)
        assert response.status_code == 200, response.text[:300]
        seen = response.json()["headers"]
        assert seen["kubeflow-userid"] == ["admin@example.com"] and seen["kubeflow-groups"] == ["admins,team-a"]
        # The application never sees the token.
        assert token not in response.text
        assert send(base, token, "/admin/").status_code == 200
    assert token.encode() not in (guarded.folder / "gatehouse.db").read_bytes()


def test_a_revoked_token_is_refused_from_the_next_request_on(url, guarded, owner):
    token = make_token(owner, url, name="to be revoked")
    assert send(url, token).status_code == 200
    page = owner.get(f"{url}/_gatehouse/tokens")
    assert "to be revoked" in page.text and token not in page.text
    form = next(form for form in Page(page.url, page.text).forms if form.method == "POST")
    assert owner.submit(form).status_code == 303
    with guarded.nothing_reaches_an_application():
        for base in guarded.gateways:
            assert_invalid(send(base, token))


def test_a_reading_token_only_reads(url, guarded, owner):
    token = make_token(owner, url, access="read")
    assert send(url, token).status_code == 200
    with guarded.nothing_reaches_an_application():
        response = requests.post(
            f"{url}/echo/", headers=PROGRAM | {"authorization": f"Bearer {token}"}, data=b"x", timeout=20)
        assert response.status_code == 403
        assert 'error="insufficient_scope"' in response.headers["www-authenticate"]


def test_the_last_use_is_shown(url, owner):
    token = make_token(owner, url)
    assert "never" in owner.get(f"{url}/_gatehouse/tokens").text
    assert send(url, token).status_code == 200
    time.sleep(1)
    assert "never" not in owner.get(f"{url}/_gatehouse/tokens").text


def test_tokens_outlive_a_restart(url, guarded, owner):
    token = make_token(owner, url)
    guarded.gatehouse.stop()
    guarded.start_gatehouse()
    assert send(url, token).status_code == 200


def test_wrong_tokens_are_refused(url, guarded):
    pid, rows = guarded.gatehouse.pid, guarded.all_rows()
    with guarded.nothing_reaches_an_application():
        for token in ("gh_pat_", "gh_pat_" + "a" * 49, "gh_pat_" + "a" * 50, "gh_pat_" + "é" * 49, "gh_pat_" + "-" * 49):
            response = requests.get(
                f"{url}/echo/", headers=PROGRAM | {"authorization": f"Bearer {token}".encode()}, timeout=20)
            assert_invalid(response)
    assert guarded.gatehouse.pid == pid and guarded.all_rows() == rows


def test_a_get_makes_and_revokes_nothing(url, guarded, owner):
    token = make_token(owner, url)
    page = owner.get(f"{url}/_gatehouse/tokens")
    rows = guarded.rows("personal_tokens")
    for form in Page(page.url, page.text).forms:
        owner.get(form.action)
    owner.get(f"{url}/_gatehouse/tokens?name=x&access=full&days=30")
    cross = NAVIGATION | {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    for form in Page(page.url, page.text).forms:
        owner.post(form.action, headers=cross)
    owner.post(f"{url}/_gatehouse/tokens?name=x&access=full&days=30&confirm=guess")
    assert guarded.rows("personal_tokens") == rows
    assert send(url, token).status_code == 200


def test_nobody_has_more_than_the_limit(url, guarded, owner):
    for number in range(5):
        make_token(owner, url, name=f"n{number}")
    page = owner.get(f"{url}/_gatehouse/tokens")
    form = Page(page.url, page.text).form_with("name")
    asked = owner.submit(form, name="one more", access="full", days="30")
    made = owner.submit(Page(asked.url, asked.text).forms[0])
    assert "gh_pat_" not in made.text and guarded.rows("personal_tokens") == 5


def command(stack, *arguments):
    return subprocess.run(
        [paths.GATEHOUSE, "tokens", *arguments, "--config", str(stack.file)], capture_output=True, text=True, timeout=60,
        check=False, env=stack.gatehouse.environment)


def test_administrators_list_and_revoke(url, guarded, owner):
    token = make_token(owner, url, name="listed")
    listed = json.loads(command(guarded, "list", "--user", "admin@example.com", "--json").stdout)["tokens"]
    assert [entry["name"] for entry in listed] == ["listed"] and token not in str(listed)
    assert "listed" in command(guarded, "list").stdout
    assert command(guarded, "revoke", "nothing").returncode == 1
    assert "1 token revoked" in command(guarded, "revoke", listed[0]["id"]).stdout
    with guarded.nothing_reaches_an_application():
        assert_invalid(send(url, token))


def test_administrators_make_tokens_for_programs(url, guarded):
    made = command(guarded, "create", "--subject", "ci", "--name", "build", "--email", "ci@example.com", "--group", "admins")
    token = LEDGER.add(made.stdout.strip(), "personal token")
    response = send(url, token, "/admin/")
    assert response.status_code == 200, made.stderr
    assert send(url, token).json()["headers"]["kubeflow-userid"] == ["ci@example.com"]
    assert command(guarded, "revoke", "--user", "ci").returncode == 0
    with guarded.nothing_reaches_an_application():
        assert_invalid(send(url, token))


def test_without_the_section_there_is_no_page_and_no_token(gateway, stack, bob):
    assert bob.get(f"{gateway}/_gatehouse/tokens").status_code == 404
    response = bob.get(f"{gateway}/echo/", headers=NAVIGATION | {"authorization": "Bearer gh_pat_" + "a" * 49})
    assert response.status_code == 200
