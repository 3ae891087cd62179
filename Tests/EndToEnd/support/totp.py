"""Somebody's authenticator app (RFC 6238), made from the page that offers its key."""
import base64
import hashlib
import hmac
import re
import time

from support.ledger import LEDGER

PERIOD = 30


class Authenticator:
    def __init__(self, page: str, clock=None):
        self.text = LEDGER.add(re.search(r"<code>([A-Z2-7 ]{39,})</code>", page)[1].replace(" ", ""), "key of an authenticator app")
        self.key = base64.b32decode(self.text)
        self.clock = clock
        self.recovery_codes: list[str] = []

    def code(self, steps: int = 0) -> str:
        """The code of now, or of so many steps from now. Short: a log could hold such a number by chance."""
        step = int(time.time() + (self.clock.seconds if self.clock else 0)) // PERIOD + steps
        digest = hmac.digest(self.key, step.to_bytes(8, "big"), hashlib.sha1)
        offset = digest[-1] & 15
        return f"{(int.from_bytes(digest[offset:offset + 4], 'big') & 0x7fffffff) % 1_000_000:06}"

    def take_codes(self, page: str) -> list[str]:
        """The recovery codes of a page, which has to show ten."""
        self.recovery_codes = [
            LEDGER.add(code, "recovery code") for code in re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", page)]
        assert len(self.recovery_codes) == 10
        return self.recovery_codes
