"""A form that is sent after the session has ended: kept in the browser over the sign-in, or said to be lost (A7)."""
import pytest

from support import raw
from support.client import NAVIGATION, Client
from support.fixtures import both_gateways
from support.html import Page
from support.stack import password_of

LIMIT = 64 * 1024


@pytest.fixture(scope="module")
def keeping(make_stack):
    def change(configuration):
        configuration["authService"]["signIn"] = {"keepPosts": "64KiB"}
        configuration["authService"]["rules"].insert(0, {
            "paths": ["/echo/api/*"], "allow": "signedIn", "onAnonymous": "unauthorized"})

    stack = make_stack("kept-posts", change)
    yield stack
    stack.stop()


url = both_gateways("keeping")


def form_headers(url: str, **changes) -> dict:
    headers = NAVIGATION | {"origin": url, "sec-fetch-site": "same-origin"} | changes
    return {name: value for name, value in headers.items() if value is not None}


def send(client: Client, url: str, fields: dict, path: str = "/echo/save?x=1", **changes):
    return client.post(f"{url}{path}", data=fields, headers=form_headers(url, **changes))


FIELDS = {"title": "Größe & <b>\"x\"</b>", "text": "one\r\ntwo", "empty": "", "same": ["1", "2"]}


def kept_form(response, url: str):
    assert response.status_code == 401 and response.headers["content-type"].startswith("text/html")
    page = Page(response.url, response.text)
    assert page.inline_scripts == 0 and "script-src 'self'" in response.headers["content-security-policy"]
    form = page.form_with("kept")
    assert form.action == f"{url}/_gatehouse/kept" and form.method == "POST"
    return page, form


def test_a_form_is_kept_over_the_sign_in_and_sent_again(keeping, url):
    client = Client()
    with keeping.nothing_reaches_an_application():
        before = keeping.rows()
        response = send(client, url, FIELDS)
        page, form = kept_form(response, url)
        assert "two" not in response.text, "sealed"
        assert keeping.rows() == before
        sign_in = next(link for link in page.links if "/sign-in?rd=" in link)
        arrived = client.sign_in(sign_in, "bob@example.com", password_of("bob@example.com"))
        assert arrived.url == f"{url}/_gatehouse/kept" and arrived.status_code == 200
        ready = client.submit(form)
        assert ready.status_code == 200
    again = Page(ready.url, ready.text).form_with("title", "text")
    assert again.action == f"{url}/echo/save?x=1"
    answer = client.submit(again)
    assert answer.status_code == 200 and answer.json()["method"] == "POST" and answer.json()["path"] == "/echo/save?x=1"
    assert again.fields["title"] == FIELDS["title"]


def test_what_is_kept_is_asked_for_a_sign_in_first(keeping, url):
    _, form = kept_form(send(Client(), url, FIELDS), url)
    with keeping.nothing_reaches_an_application():
        response = Client().submit(form)
    kept_form(response, url)


@pytest.mark.parametrize("changes", [
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, {"origin": "https://evil.example", "sec-fetch-site": None},
    {"origin": None, "sec-fetch-site": None}, {"sec-fetch-site": "same-site"}, {"origin": "null", "sec-fetch-site": None},
], ids=["cross-site", "other origin", "neither", "same site", "null"])
def test_another_sites_form_is_neither_kept_nor_sent(keeping, url, changes):
    response = send(Client(), url, FIELDS, **changes)
    assert response.status_code == 401 and 'name="kept"' not in response.text
    _, form = kept_form(send(Client(), url, FIELDS), url)
    victim = keeping.signed_in("bob@example.com", url)
    with keeping.nothing_reaches_an_application():
        answer = victim.post(form.action, data=form.fields, headers=form_headers(url, **changes))
        assert answer.status_code == 400 and "/echo/save" not in Page(url, answer.text).source.split("<form", 1)[-1]


def test_what_was_kept_at_one_host_is_not_sent_to_another(keeping):
    here, there = keeping.gateways
    _, form = kept_form(send(Client(), here, FIELDS), here)
    client = keeping.signed_in("bob@example.com", there)
    with keeping.nothing_reaches_an_application():
        answer = client.post(f"{there}/_gatehouse/kept", data=form.fields, headers=form_headers(there))
    assert answer.status_code == 400


@pytest.mark.parametrize("value", ["", "x", "A" * 4000])
def test_what_is_no_kept_form_is_refused(keeping, url, value):
    client = keeping.signed_in("bob@example.com", url)
    answer = client.post(f"{url}/_gatehouse/kept", data={"kept": value}, headers=form_headers(url))
    assert answer.status_code == 400


@pytest.mark.parametrize("size", [LIMIT - 100, LIMIT + 1, 200_000, 2_000_000])
def test_what_is_too_long_is_said_to_be_lost(keeping, url, size):
    response = send(Client(), url, {"text": "a" * (size - len("text="))})
    if size < LIMIT:
        client = keeping.signed_in("bob@example.com", url)
        _, form = kept_form(response, url)
        assert "/echo/save" in client.submit(form).text
    else:
        assert response.status_code == 401 and 'name="kept"' not in response.text and "not taken" in response.text


def test_files_are_said_to_be_lost(keeping, url):
    response = Client().post(f"{url}/echo/save", files={"file": b"content"}, headers=form_headers(url))
    assert response.status_code == 401 and 'name="kept"' not in response.text


def test_signed_in_a_long_body_passes_whole(keeping, url):
    client = keeping.signed_in("bob@example.com", url)
    for size in (10, LIMIT, 1_000_000):
        assert send(client, url, {"text": "a" * size}).status_code == 200


@pytest.mark.parametrize("headers", [
    {"sec-fetch-mode": "cors"}, {"accept": "application/json", "sec-fetch-mode": None},
    {"accept": "*/*", "sec-fetch-mode": None},
], ids=["fetch", "JSON", "anything"])
def test_programs_get_401_and_json(keeping, url, headers):
    response = send(Client(), url, FIELDS, **headers)
    assert response.status_code == 401 and response.json()["error"] == "login_required"


def test_a_path_for_programs_keeps_nothing(keeping, url):
    response = send(Client(), url, FIELDS, path="/echo/api/save")
    assert response.status_code == 401 and response.json()["error"] == "login_required"


def test_without_the_option_the_page_says_that_it_is_lost(gateway, stack):
    with stack.nothing_reaches_an_application():
        response = send(Client(), gateway, FIELDS)
    assert response.status_code == 401 and "not taken" in response.text and 'name="kept"' not in response.text
    assert raw.request(int(gateway.rsplit(":", 1)[1]), "/_gatehouse/kept", []).status == 200
