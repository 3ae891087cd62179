"""A small HTTP server on loopback, for the providers and servers of others."""
import http.server
import json
import ssl
import sys
import threading
from collections.abc import Callable


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        # Whoever asked may be gone before the answer.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Listener:
    """Hands every request to `answer`, with its body, one thread a connection."""

    def __init__(
        self, port: int, answer: Callable[[http.server.BaseHTTPRequestHandler, bytes], None],
        tls: ssl.SSLContext | None = None,
    ):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                answer(self, self.rfile.read(int(self.headers.get("content-length") or 0)))

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        self._server = _Server(("127.0.0.1", port), Handler)
        if tls:
            # Each connection's handshake is done by its own thread.
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def send(
    handler: http.server.BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str] | list[tuple[str, str]],
) -> None:
    """`headers` is a list where one comes twice."""
    handler.send_response(status)
    for name, value in [*(headers.items() if isinstance(headers, dict) else headers), ("content-length", str(len(body)))]:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def send_json(handler: http.server.BaseHTTPRequestHandler, content: dict, status: int = 200) -> None:
    send(handler, status, json.dumps(content).encode(), {"content-type": "application/json", "cache-control": "no-store"})
