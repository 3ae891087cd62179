"""Gatehouse behind an Envoy that speaks TLS with its clients and asks them for certificates."""
import pathlib

import yaml

from support import raw, tls
from support.certificates import Authority
from support.stack import Stack

FORWARDED = "x-forwarded-client-cert"


class MutualTLSStack(Stack):
    """The gateways verify certificates of two authorities (`authority`, `partner`); entries of Gatehouse name the first."""

    # Whether a client has to show one.
    required = False
    # The written file without what it says about client certificates.
    forgets_certificates = False

    def __init__(self, folder: pathlib.Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.authority = Authority(folder, "clients")
        self.partner = Authority(folder, "partner")
        self.server = Authority(folder, "server-ca")
        self.server_files = self.server.issue("gateway", "localhost")
        super().__init__(folder)
        service = self.configuration["authService"]
        service["clientCertificates"] = [
            {"caFile": "clients.crt", "groups": ["ou"]},
            {"trustDomain": "cluster.local", "email": "uri", "groups": ["spiffe.namespace"], "groupPrefix": "ns:"},
        ]

    @property
    def grpc_url(self) -> str:
        return f"https://localhost:{self.ports.grpc_gateway}"

    @property
    def http_url(self) -> str:
        return f"https://localhost:{self.ports.http_gateway}"

    def prepare_envoy(self) -> None:
        file = self.folder / "envoy.yaml"
        written = yaml.safe_load(file.read_text())
        bundle = self.folder / "bundle.crt"
        bundle.write_bytes(self.authority.file.read_bytes() + self.partner.file.read_bytes())
        certificate, key = self.server_files
        for listener in written["static_resources"]["listeners"]:
            for chain in listener["filter_chains"]:
                manager = chain["filters"][0]["typed_config"]
                assert manager["forward_client_cert_details"] == "SANITIZE_SET"
                if self.forgets_certificates:
                    del manager["forward_client_cert_details"], manager["set_current_client_cert_details"]
                chain["transport_socket"] = {
                    "name": "envoy.transport_sockets.tls",
                    "typed_config": {
                        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
                        "require_client_certificate": self.required,
                        "common_tls_context": {
                            "tls_certificates": [{
                                "certificate_chain": {"filename": str(certificate)}, "private_key": {"filename": str(key)}}],
                            "validation_context": {"trusted_ca": {"filename": str(bundle)}},
                        },
                    },
                }
        file.write_text(yaml.safe_dump(written))

    def ask(self, port: int, path: str, files=None, headers: list[tuple[str, str]] = ()) -> raw.RawResponse:
        """A request with or without a certificate; `headers` as they are."""
        with tls.connect(port, tls.context(self.server.file, files)) as connection:
            lines = [("host", f"localhost:{port}"), ("accept", "application/json"), ("connection", "close"), *headers]
            head = "".join(f"{name}: {value}\r\n" for name, value in lines)
            connection.sendall(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
            received = b""
            while part := connection.recv(65536):
                received += part
        return raw.parse(received)
