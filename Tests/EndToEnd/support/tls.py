"""A TLS client that says what became of its connection."""
import socket
import ssl
import warnings

from cryptography import x509


def context(
    authority=None, certificate=None, alpn: list[str] | None = None, only: ssl.TLSVersion | None = None,
) -> ssl.SSLContext:
    """Verifies for `authority` (not at all without one); `certificate` is what `Authority.issue` returned."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority:
        made.load_verify_locations(authority)
    else:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    if certificate:
        made.load_cert_chain(*certificate)
    if alpn:
        made.set_alpn_protocols(alpn)
    if only:
        made.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            made.minimum_version = made.maximum_version = only
    return made


def connect(port: int, tls: ssl.SSLContext, timeout: float = 10) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", port), timeout)
    try:
        return tls.wrap_socket(plain, server_hostname="localhost")
    except BaseException:
        plain.close()
        raise


def exchange(port: int, tls: ssl.SSLContext, data: bytes) -> tuple[str | None, bytes]:
    """The protocol agreed on, and the first bytes of the answer. With TLS 1.3 a server's refusal comes with these."""
    with connect(port, tls) as connection:
        connection.sendall(data)
        return connection.selected_alpn_protocol(), connection.recv(65536)


def serial(port: int, tls: ssl.SSLContext) -> int:
    """The serial number of the certificate that the server shows now."""
    with connect(port, tls) as connection:
        return x509.load_der_x509_certificate(connection.getpeercert(True)).serial_number
