"""A browser without a window: keeps cookies, follows redirects one by one, fills in forms. Notes every secret that it sees."""
import urllib.parse

import requests

from support.html import Form, Page
from support.ledger import LEDGER

NAVIGATION = {
    "accept": "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document",
    "sec-fetch-site": "none", "user-agent": "end-to-end tests",
}


class Client:
    """One browser profile. `localhost` cookies are shared by all its ports, as in a real browser."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False

    def request(self, method: str, url: str, **options) -> requests.Response:
        """One request, no redirect followed. Sends what a navigation sends unless `headers` says otherwise."""
        options.setdefault("headers", NAVIGATION)
        options.setdefault("timeout", 20)
        response = self.session.request(method, url, allow_redirects=False, **options)
        LEDGER.read_response(response)
        return response

    def get(self, url: str, **options) -> requests.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, **options) -> requests.Response:
        return self.request("POST", url, **options)

    def follow(self, response: requests.Response, until=None, limit: int = 15) -> requests.Response:
        """Follows redirects to the first answer that is none, or to the first whose target `until` likes (not fetched)."""
        for _ in range(limit):
            if response.status_code not in (301, 302, 303, 307, 308):
                return response
            target = urllib.parse.urljoin(response.url, response.headers["location"])
            if until and until(target):
                return response
            response = self.get(target)
        raise AssertionError(f"more than {limit} redirects, the last to {response.headers.get('location')}")

    def submit(self, form: Form, **fields: str) -> requests.Response:
        """Sends a form with some fields filled in, as a browser does: with its page's Origin."""
        target = urllib.parse.urlsplit(form.action)
        headers = NAVIGATION | {"origin": f"{target.scheme}://{target.netloc}", "sec-fetch-site": "same-origin"}
        values = form.fields | fields
        if form.method == "GET":
            return self.request("GET", form.action, params=values, headers=headers)
        return self.request("POST", form.action, data=values, headers=headers)

    def open_login(self, url: str) -> tuple[requests.Response, Form]:
        """Goes to a page that needs a user; returns the login page and its form."""
        response = self.follow(self.get(url))
        assert response.status_code == 200, f"{response.status_code} at {response.url}: {response.text[:300]}"
        return response, Page(response.url, response.text).form_with("login", "password")

    def sign_in(self, url: str, email: str, password: str, until=None) -> requests.Response:
        """Goes to a page, signs in where asked to, and returns where it ended."""
        response = self.follow(self.get(url), until)
        if response.status_code == 200 and 'name="password"' in response.text:
            form = Page(response.url, response.text).form_with("login", "password")
            response = self.follow(self.submit(form, login=email, password=password), until)
        return response

    def cookie(self, name: str) -> str | None:
        values = [cookie.value for cookie in self.session.cookies if cookie.name == name]
        return values[0] if values else None

    def session_cookies(self) -> dict[str, str]:
        """The session cookie, and its further parts where it has any."""
        return {
            cookie.name: cookie.value for cookie in self.session.cookies
            if cookie.name == "gatehouse" or cookie.name.removeprefix("gatehouse-").isdigit()}

    def set_cookie(self, name: str, value: str, domain: str = "localhost.local") -> None:
        """Plants a cookie, in place of one of that name. Python calls the domain of `localhost` so."""
        for cookie in [cookie for cookie in self.session.cookies if cookie.name == name]:
            self.session.cookies.clear(cookie.domain, cookie.path, cookie.name)
        self.session.cookies.set(name, value, domain=domain, path="/")


def parameters(url: str) -> dict[str, list[str]]:
    """The query of a URL."""
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query, keep_blank_values=True)
