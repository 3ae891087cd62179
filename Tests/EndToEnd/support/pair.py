"""Two replicas on one store, with no gateway before them and a scripted provider behind: for what is tried by the thousand."""
import http.client
import pathlib
import threading
import urllib.parse

from support.client import NAVIGATION
from support.html import Page
from support.ledger import LEDGER
from support.replicas import Replicas
from support.scripted_provider import ScriptedProvider
from support.stack import COOKIE

PROGRAM = {"accept": "application/json", "sec-fetch-mode": "cors"}


class Pair(Replicas):
    """Each is asked by itself, as `0` or `1`, over connections that stay open (one for each thread).

    The auth service's sessions are the scripted provider's; our own provider runs as well.
    """

    def __init__(self, folder: pathlib.Path, provider: ScriptedProvider, storage: dict):
        super().__init__(folder)
        self.provider = provider
        self.write_secret("corp.secret", provider.client_secret)
        self.configuration["storage"] = storage
        self.configuration["authService"]["providers"] = [{
            "id": "corp", "issuer": provider.issuer, "clientID": provider.client_id, "clientSecret": {"file": "corp.secret"},
            "scopes": ["openid", "email", "profile", "offline_access"],
        }]
        self.configuration["log"]["level"] = "info"
        self._open = threading.local()

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.ports.web}/dex"

    def start(self) -> None:
        self.write_both()
        self.start_gatehouse()

    # One request.

    def port(self, number: int, listener: str) -> int:
        """Of `web`, `checkHTTP`, `checkGRPC` or `admin`."""
        return int(self.configuration["listen"][listener].rpartition(":")[2]) if number == 0 else self.other.ports[listener]

    def request(self, port: int, method: str, target: str, headers: dict[str, str], body: str | None = None):
        """An answer with its `text`, about the host that the gateway would have."""
        opened = vars(self._open)
        is_new = str(port) not in opened
        connection = opened.setdefault(str(port), http.client.HTTPConnection("127.0.0.1", port, timeout=20))
        try:
            connection.request(method, target, body, {"host": self.other.host} | headers)
            response = connection.getresponse()
            response.text = response.read().decode(errors="replace")
            return response
        except (OSError, http.client.HTTPException):
            connection.close()
            del opened[str(port)]
            if is_new:
                raise
        # The program has been started anew since the last request.
        return self.request(port, method, target, headers, body)

    def check(self, number: int, target: str, headers: dict[str, str]):
        return self.request(self.port(number, "checkHTTP"), "GET", f"/envoy{target}", headers)

    def status(self, number: int, cookie: str) -> int:
        """What one of the two says to a program's request with that session cookie."""
        return self.check(number, "/echo/", PROGRAM | {"cookie": f"{COOKIE}={cookie}"}).status

    # A session's life.

    def sign_in(self, number: int) -> str:
        """The cookie of a new session; all of it at one of the two."""
        first = self.check(number, "/echo/", NAVIGATION)
        assert first.status == 302, f"{first.status} {first.text[:300]}\n{self.programs[number].tail()}"
        to_provider = urllib.parse.urlsplit(first.headers["location"])
        back = self.request(self.provider.port, "GET", f"{to_provider.path}?{to_provider.query}", {}).headers["location"]
        back = urllib.parse.urlsplit(back)
        jar = "; ".join(line.partition(";")[0] for line in first.headers.get_all("set-cookie"))
        last = self.request(self.port(number, "web"), "GET", f"{back.path}?{back.query}", NAVIGATION | {"cookie": jar})
        given = dict(line.partition(";")[0].partition("=")[::2] for line in last.headers.get_all("set-cookie") or [])
        assert given.get(COOKIE), f"{last.status} {last.text[:300]}\n{self.programs[number].tail()}"
        return LEDGER.add(given[COOKIE], "a cookie")

    def sign_out(self, number: int, cookie: str) -> None:
        """By the button of the page, at one of the two."""
        port, jar = self.port(number, "web"), {"cookie": f"{COOKIE}={cookie}"}
        page = self.request(port, "GET", "/_gatehouse/sign-out", NAVIGATION | jar)
        assert page.status == 200, f"{page.status} {page.text[:300]}"
        origin = f"http://{self.other.host}"
        form = Page(f"{origin}/_gatehouse/sign-out", page.text).forms[0]
        headers = NAVIGATION | jar | {"origin": origin, "content-type": "application/x-www-form-urlencoded"}
        answer = self.request(port, "POST", form.action.removeprefix(origin), headers, urllib.parse.urlencode(form.fields))
        assert answer.status == 303, f"{answer.status} {answer.text[:300]}"
