"""The whole way with curl alone, as somebody would try it at a shell."""
import subprocess

import pytest

from support.html import Page
from support.ledger import LEDGER
from support.stack import USERS, password_of


class Curl:
    """curl with a cookie jar."""

    def __init__(self, folder):
        self.jar = folder / "cookies"

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Status, final address and body."""
        result = subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", "20", "--noproxy", "*", "--cookie", self.jar, "--cookie-jar", self.jar,
             "--write-out", "\n%{http_code} %{url_effective}", *arguments],
            capture_output=True, text=True, timeout=30, check=True)
        for line in self.jar.read_text().splitlines() if self.jar.exists() else []:
            if line.count("\t") == 6:
                LEDGER.add(line.rsplit("\t", 1)[1], "a cookie in curl's jar")
        body, _, last = result.stdout.rpartition("\n")
        status, address = last.split(" ", 1)
        return int(status), address, body

    def browse(self, *arguments: str) -> tuple[int, str, str]:
        """As a browser asks: HTML wanted, redirects followed."""
        return self("--location", "--header", "accept: text/html", *arguments)

    def submit(self, form, **fields: str) -> tuple[int, str, str]:
        data = [part for name, value in (form.fields | fields).items() for part in ("--data-urlencode", f"{name}={value}")]
        return self.browse(*(data or ["--data", ""]), form.action)


def sign_in(curl: Curl, url: str, email: str) -> tuple[int, str, str]:
    status, address, body = curl.browse(url)
    assert status == 200 and "/dex/auth/local/login" in address
    return curl.submit(Page(address, body).form_with("login", "password"), login=email, password=password_of(email))


def test_from_the_first_request_to_the_sign_out(gateway, stack, tmp_path):
    curl = Curl(tmp_path)
    status, address, body = curl.browse(f"{gateway}/")
    assert status == 200 and "/dex/auth/local/login" in address
    form = Page(address, body).form_with("login", "password")

    with stack.nothing_reaches_an_application():
        status, address, body = curl.submit(form, login="admin@example.com", password="not-the-password")
    form = Page(address, body).form_with("login", "password")
    assert status in (200, 400, 401) and "/dex/auth/local/login" in address

    status, address, body = curl.submit(form, login="admin@example.com", password=password_of("admin@example.com"))
    assert (status, address) == (200, f"{gateway}/")
    for words in ("Ada Admin", "admin@example.com", "admins", "team-a"):
        assert words in body
    status, _, body = curl.browse(f"{gateway}/admin/")
    assert status == 200 and "Administration" in body

    status, address, body = curl.browse(f"{gateway}/_gatehouse/sign-out")
    assert status == 200
    status, _, _ = curl.submit(Page(address, body).forms[0])
    assert status == 200
    with stack.nothing_reaches_an_application():
        status, address, _ = curl.browse(f"{gateway}/")
    assert status == 200 and "/dex/auth/local/login" in address


def test_bob_may_not_see_the_administration(gateway, stack, tmp_path):
    curl = Curl(tmp_path)
    status, _, body = sign_in(curl, f"{gateway}/", "bob@example.com")
    assert status == 200 and "Bob Builder" in body
    with stack.nothing_reaches_an_application():
        status, address, body = curl.browse(f"{gateway}/admin/")
    assert (status, address) == (403, f"{gateway}/admin/") and "Administration" not in body


@pytest.mark.parametrize("email", USERS)
def test_the_echo_application_is_told_who_it_is(gateway, tmp_path, email):
    curl = Curl(tmp_path)
    sign_in(curl, f"{gateway}/echo/", email)
    status, _, body = curl(f"{gateway}/echo/", "--header", "kubeflow-userid: forged@example.net", "--header", "Kubeflow_Userid: x@y.z")
    assert status == 200
    assert f'"{email}"' in body and "forged@example.net" not in body and "x@y.z" not in body
