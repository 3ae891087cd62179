"""An authenticator and its browser in software (WebAuthn Level 3, CTAP2's canonical CBOR), each of whose words a test can alter."""
import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cbor(value) -> bytes:
    """The kinds of values that authenticators send; maps in the order in which they come."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(cbor, value))
    return _head(5, len(value)) + b"".join(cbor(name) + cbor(entry) for name, entry in value.items())


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    width = next(width for width in (1, 2, 4, 8) if number < 1 << 8 * width)
    return bytes([kind << 5 | 24 + (1, 2, 4, 8).index(width)]) + number.to_bytes(width, "big")


class Key:
    """A key pair for ES256, RS256 or EdDSA."""

    def __init__(self, algorithm: str):
        self.algorithm = algorithm
        self.private = {
            "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
            "RS256": lambda: rsa.generate_private_key(65537, 2048), "EdDSA": ed25519.Ed25519PrivateKey.generate,
        }[algorithm]()
        self.number = {"ES256": -7, "RS256": -257, "EdDSA": -8}[algorithm]

    def cose(self) -> bytes:
        public = self.private.public_key()
        if self.algorithm == "ES256":
            numbers = public.public_numbers()
            return cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        if self.algorithm == "RS256":
            numbers = public.public_numbers()
            return cbor({1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: b"\x01\x00\x01"})
        return cbor({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})

    def sign(self, message: bytes) -> bytes:
        if self.algorithm == "ES256":
            return self.private.sign(message, ec.ECDSA(hashes.SHA256()))
        if self.algorithm == "RS256":
            return self.private.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return self.private.sign(message)


@dataclass
class Model:
    """The key of a model of authenticators, with the certificate that vouches for it."""
    certificates: list[x509.Certificate]
    key: Key


@dataclass
class Passkey:
    """One credential; `register` makes it, `use` signs with it. `alter` changes what is said before it is signed."""
    origin: str
    algorithm: str = "ES256"
    flags: int = PRESENT | VERIFIED
    count: int = 1
    model: Model | None = None
    signs_itself: bool = False
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(24))
    user_handle: bytes = b""

    def __post_init__(self):
        self.key = Key(self.algorithm)
        self.aaguid = b"\xa5" * 16 if self.model or self.signs_itself else bytes(16)

    def _client_data(self, kind: str, options: dict, changes: dict) -> bytes:
        content = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(content | changes).encode()

    def _data(self, rp_id: str, flags: int, count: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def register(self, options: dict, *, rp_id: str | None = None, client_data: dict | None = None, signature=lambda made: made) -> str:
        """What the browser posts for a new credential."""
        self.user_handle = unb64(options["user"]["id"])
        told = self._client_data("webauthn.create", options, client_data or {})
        data = self._data(rp_id or options["rp"]["id"], self.flags | ATTESTED, 0 if self.count == 0 else self.count) + self.aaguid
        data += len(self.credential_id).to_bytes(2, "big") + self.credential_id + self.key.cose()
        signed = data + hashlib.sha256(told).digest()
        statement, kind = {}, "none"
        if self.model:
            kind, key = "packed", self.model.key
            statement = {"alg": key.number, "sig": signature(key.sign(signed)),
                         "x5c": [certificate.public_bytes(Encoding.DER) for certificate in self.model.certificates]}
        elif self.signs_itself:
            kind, statement = "packed", {"alg": self.key.number, "sig": signature(self.key.sign(signed))}
        attestation = cbor({"fmt": kind, "attStmt": statement, "authData": data})
        return self._credential({"clientDataJSON": b64(told), "attestationObject": b64(attestation)})

    def use(
            self, options: dict, *, rp_id: str | None = None, client_data: dict | None = None, flags: int | None = None,
            count: int | None = None, signature=lambda made: made, user_handle: bytes | None = None) -> str:
        """What the browser posts for the use of the credential."""
        if count is None and self.count:
            self.count += 1
        told = self._client_data("webauthn.get", options, client_data or {})
        data = self._data(
            rp_id or options["rpId"], self.flags if flags is None else flags, self.count if count is None else count)
        made = signature(self.key.sign(data + hashlib.sha256(told).digest()))
        return self._credential({
            "clientDataJSON": b64(told), "authenticatorData": b64(data), "signature": b64(made),
            "userHandle": b64(self.user_handle if user_handle is None else user_handle),
        })

    def _credential(self, response: dict) -> str:
        return json.dumps({"type": "public-key", "rawId": b64(self.credential_id), "response": response})
