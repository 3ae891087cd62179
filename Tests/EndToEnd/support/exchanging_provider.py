"""A scripted provider that exchanges tokens (RFC 8693), as a test tells it to."""
import secrets
import threading
import time
import urllib.parse
from collections.abc import Callable

from support.ledger import LEDGER
from support.scripted_provider import ScriptedProvider

ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"


class ExchangingProvider(ScriptedProvider):
    """Notes each exchange (`exchanges`: the form, its lists whole) and what came with it (`exchange_headers`)."""

    def reset(self) -> None:
        super().reset()
        self.exchanges: list[dict] = []
        self.exchange_headers: list[dict] = []
        self.exchange_reply: Callable[[dict], dict] = lambda reply: reply
        self.exchange_error: str | None = None
        self.exchange_status: int | None = None
        self.exchange_delay = 0.0
        self.asked: list[dict] = []
        self._exchange_lock = threading.Lock()

    def answer(self, handler, body: bytes) -> None:
        target = urllib.parse.urlsplit(handler.path)
        form = urllib.parse.parse_qs(body.decode())
        if target.path == "/authorize":
            self.asked.append({name: values[0] for name, values in urllib.parse.parse_qs(target.query).items()})
        if target.path == "/token" and form.get("grant_type") == [GRANT]:
            return self._exchange(handler, form)
        super().answer(handler, body)

    def _exchange(self, handler, form: dict) -> None:
        with self._exchange_lock:
            self.exchanges.append(form)
            self.exchange_headers.append({name.lower(): value for name, value in handler.headers.items()})
        time.sleep(self.exchange_delay)
        if self.exchange_status is not None:
            return self._send(handler, self.exchange_status, b"", {})
        if self.exchange_error is not None:
            return self._json(handler, {"error": self.exchange_error, "error_description": "not for you"}, 400)
        audience = "-".join(form.get("audience", ["nobody"]))
        token = LEDGER.add(f"{audience}.{secrets.token_urlsafe(24)}", "exchanged token")
        self._json(handler, self.exchange_reply({
            "access_token": token, "issued_token_type": form["requested_token_type"][0], "token_type": "Bearer",
            "expires_in": 300,
        }))
