"""An HTTP proxy that connects to whatever it is told, for those who know its password."""
import base64
import socket
import socketserver
import threading

from support.tcp_server import ThreadingServer


class ConnectProxy:
    """Notes where it was asked to connect to (`connected`) and whom it refused (`refused`)."""

    def __init__(self, port: int, user: str, password: str):
        self.connected: list[str] = []
        self.refused = 0
        expected = "basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                method, target, _ = self.rfile.readline().decode().split(" ", 2)
                headers = {}
                while line := self.rfile.readline().decode().strip():
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                given = headers.get("proxy-authorization", "")
                if method != "CONNECT" or given.partition(" ")[2] != expected.partition(" ")[2]:
                    proxy.refused += 1
                    self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
                    return
                proxy.connected.append(target)
                host, _, number = target.rpartition(":")
                with socket.create_connection((host, int(number))) as onward:
                    self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                    back = threading.Thread(target=pump, args=(onward, self.connection), daemon=True)
                    back.start()
                    pump(self.connection, onward)
                    back.join(5)

        self._server = ThreadingServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
