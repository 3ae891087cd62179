"""Remembers every secret that a run has used, to look for them in the logs at the end."""
import json
import pathlib
import re
import subprocess


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

    def write(self, file: pathlib.Path) -> None:
        """For the process that looks at the logs of all."""
        file.touch(0o600)
        file.write_text(json.dumps(self.secrets))

    def read(self, file: pathlib.Path) -> None:
        self.secrets |= json.loads(file.read_text())

    def found_in(self, text: str) -> list[str]:
        return sorted({self._told(value) for value in self.secrets if value in text})

    def found_in_files(self, files: list[pathlib.Path]) -> dict[pathlib.Path, list[str]]:
        """The files that hold a secret, and which: all files are read once, whatever the number of secrets."""
        # One pattern a line; a log holds a secret of several lines when it holds one of them.
        lines = {line: value for value in self.secrets for line in value.split("\n") if len(line) >= self.SHORTEST}
        found = subprocess.run(
            ["grep", "--fixed-strings", "--text", "--only-matching", "--with-filename", "--null", "--file=-", "--", *files],
            input="\n".join(lines).encode("utf-8", "surrogateescape"), capture_output=True, timeout=120, check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
        assert found.returncode in (0, 1) and not found.stderr, found.stderr.decode()
        leaks: dict[pathlib.Path, set[str]] = {}
        for name, _, match in (entry.partition(b"\0") for entry in found.stdout.split(b"\n") if entry):
            value = lines[match.decode("utf-8", "surrogateescape")]
            leaks.setdefault(pathlib.Path(name.decode()), set()).add(self._told(value))
        return {file: sorted(told) for file, told in leaks.items()}

    def _told(self, value: str) -> str:
        return f"{self.secrets[value]}: {value[:6]}…"


LEDGER = Ledger()
