"""An authority of its own, and the certificates that it signs: PEM files in a folder."""
import datetime
import ipaddress
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


class Authority:
    """Signs certificates; its own is at `file`."""

    def __init__(self, folder: pathlib.Path, name: str = "ca"):
        self.folder = folder
        self.name = _name(name)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.file = folder / f"{name}.crt"
        certificate = _builder(self.name, self.name, self.key, True).sign(self.key, hashes.SHA256())
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(
        self, name: str, *names: str, units: tuple[str, ...] = (), is_named: bool = True, signs_itself: bool = False,
        ends_in: datetime.timedelta = DAY,
    ) -> tuple[pathlib.Path, pathlib.Path]:
        """A certificate for DNS names, IP addresses, e-mail addresses and URIs, and its key: NAME.crt and NAME.key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name if is_named else None, units)
        builder = _builder(subject, subject if signs_itself else self.name, key, False, ends_in)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([_general(text) for text in names]), False)
        certificate = builder.sign(key if signs_itself else self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return self._write(f"{name}.crt", certificate), self._write(f"{name}.key", private)

    def _write(self, name: str, content: bytes) -> pathlib.Path:
        """In one step, as a tool that rotates certificates does."""
        file = self.folder / name
        new = self.folder / f"{name}.new"
        new.write_bytes(content)
        new.chmod(0o600)
        new.rename(file)
        return file


def _name(text: str | None, units: tuple[str, ...] = ()) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units]
    return x509.Name(parts + ([x509.NameAttribute(NameOID.COMMON_NAME, text)] if text else []))


def _general(text: str) -> x509.GeneralName:
    if "://" in text:
        return x509.UniformResourceIdentifier(text)
    if "@" in text:
        return x509.RFC822Name(text)
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _builder(subject: x509.Name, issuer: x509.Name, key, is_authority: bool, ends_in: datetime.timedelta = DAY) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - DAY).not_valid_after(now + ends_in)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), True)
    )
