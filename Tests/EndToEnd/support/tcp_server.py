"""A server of sockets that answers each connection in a thread of its own."""
import socketserver


class ThreadingServer(socketserver.ThreadingTCPServer):
    """Takes a port on which connections of another server's have just ended, as all other servers here do."""

    allow_reuse_address = True
    daemon_threads = True
