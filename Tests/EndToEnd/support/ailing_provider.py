"""An OpenID provider with the faults that an operator runs into: a clock that is off, keys that are away, another issuer."""
import email.utils
import ssl
import time
import urllib.parse

from support.listener import send, send_json
from support.scripted_provider import ScriptedProvider


class AilingProvider(ScriptedProvider):
    """Takes the redirect URIs in `registered` for its client, and signs nobody in. `reset` makes it sound."""

    def __init__(self, port: int, client_id: str, client_secret: str, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"):
        self.registered: list[str] = []
        super().__init__(port, client_id, client_secret, tls)
        self.issuer = f"{'https' if tls else 'http'}://{host}:{port}"

    def reset(self) -> None:
        super().reset()
        # Seconds.
        self.clock_lead = 0
        self.keys: dict | None = None
        # Whether it shows its login page whatever it is asked, as some do.
        self.shows_a_page = False

    def answer(self, handler, body: bytes) -> None:
        handler.date_time_string = lambda *_: email.utils.formatdate(time.time() + self.clock_lead, usegmt=True)
        target = urllib.parse.urlsplit(handler.path)
        query = dict(urllib.parse.parse_qsl(target.query))
        if target.path == "/keys" and self.keys is not None:
            return send_json(handler, self.keys)
        if target.path != "/authorize":
            return super().answer(handler, body)
        if self.shows_a_page:
            return send(handler, 200, b"<form>redirect_uri</form>", {"content-type": "text/html"})
        if query["client_id"] != self.client_id:
            return send(handler, 400, b"<p>Unknown client</p>", {"content-type": "text/html"})
        if query["redirect_uri"] not in self.registered:
            return send(handler, 400, b"<p>Invalid parameter: redirect_uri</p>", {"content-type": "text/html"})
        reply = urllib.parse.urlencode({"error": "login_required", "state": query["state"]})
        return send(handler, 302, b"", {"location": f"{query['redirect_uri']}?{reply}"})
