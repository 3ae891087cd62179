"""Remembers every secret that a run has used, to look for them in the logs at the end."""
import re


class Ledger:
    """Secrets by value, with where they came from. Short values could stand in a log by chance and are left out."""

    SHORTEST = 8
    _parameters = re.compile(r"[?&#](code|state|nonce|code_verifier|id_token|access_token|refresh_token|id_token_hint)=([^&#\s]+)")
    _tokens = ("access_token", "refresh_token", "id_token")
    # A state is no secret where no cookie belongs to it, but it has no business in a log either; a nonce the same.

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def add(self, value: str | None, origin: str) -> str | None:
        if value and len(value) >= self.SHORTEST:
            self.secrets.setdefault(value, origin)
        return value

    def read_response(self, response) -> None:
        """Takes the cookies, tokens and parameters out of an answer (of `requests`), and those of its request."""
        for cookie in response.raw.headers.getlist("set-cookie") if response.raw is not None else []:
            self.add(cookie.split(";", 1)[0].partition("=")[2].strip('"'), "a cookie")
        for text in (response.headers.get("location", ""), response.request.url):
            for name, value in self._parameters.findall(text):
                self.add(value, name)
        if response.headers.get("content-type", "").startswith("application/json"):
            try:
                content = response.json()
            except ValueError:
                return
            if isinstance(content, dict):
                for name in self._tokens:
                    if isinstance(content.get(name), str):
                        self.add(content[name], name)

    def found_in(self, text: str) -> list[str]:
        return sorted({f"{origin}: {value[:6]}…" for value, origin in self.secrets.items() if value in text})


LEDGER = Ledger()
