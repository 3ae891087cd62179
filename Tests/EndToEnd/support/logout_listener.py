"""A client's ends of a sign-out: takes logout tokens from server to server, and is loaded in frames by browsers."""
import http.server
import threading
import time
import urllib.parse

from support.ledger import LEDGER


class LogoutListener:
    """Listens on loopback. A test sets `status` and the seconds that frames take, and reads `tokens` and `frames`."""

    def __init__(self, port: int):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.status = 200
        self.delay = 0.0
        self.tokens: list[str] = []
        self.frames: list[dict] = []
        self._server = None
        self.start()

    def start(self) -> None:
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
                assert self.headers["content-type"] == "application/x-www-form-urlencoded"
                listener.tokens.append(LEDGER.add(urllib.parse.parse_qs(body)["logout_token"][0], "logout token"))
                self.send_response(listener.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def do_GET(self):
                target = urllib.parse.urlsplit(self.path)
                if target.path == "/frame":
                    time.sleep(listener.delay)
                    listener.frames.append(dict(urllib.parse.parse_qsl(target.query)))
                page = b"<!doctype html><title>client</title><p>The client's own page"
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.send_header("content-length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, count: int, timeout: float = 20) -> list[str]:
        deadline = time.monotonic() + timeout
        while len(self.tokens) < count:
            assert time.monotonic() < deadline, f"{len(self.tokens)} logout tokens, not {count}"
            time.sleep(0.05)
        return self.tokens
