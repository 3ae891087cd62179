"""Signs tokens, right ones and wrong ones: nothing here checks what it is told to write."""
import base64
import hashlib
import hmac
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims_of(token: str) -> dict:
    return json.loads(decoded(token.split(".")[1]))


class Key:
    """An RSA or EC P-256 key with its `kid`."""

    def __init__(self, kid: str, algorithm: str = "RS256"):
        self.kid = kid
        self.algorithm = algorithm
        self.private = (
            rsa.generate_private_key(public_exponent=65537, key_size=2048) if algorithm == "RS256"
            else ec.generate_private_key(ec.SECP256R1()))

    def jwk(self) -> dict:
        """The public key (RFC 7517)."""
        numbers = self.private.public_key().public_numbers()
        if self.algorithm == "RS256":
            def integer(value: int) -> str:
                return encoded(value.to_bytes((value.bit_length() + 7) // 8))
            key = {"kty": "RSA", "n": integer(numbers.n), "e": integer(numbers.e)}
        else:
            key = {"kty": "EC", "crv": "P-256", "x": encoded(numbers.x.to_bytes(32)), "y": encoded(numbers.y.to_bytes(32))}
        return key | {"use": "sig", "alg": self.algorithm, "kid": self.kid}

    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def signature(self, content: bytes) -> bytes:
        if self.algorithm == "RS256":
            return self.private.sign(content, padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self.private.sign(content, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    def sign(self, claims: dict | str, header: dict | str | None = None, **more) -> str:
        """A JWT. `claims` and `header` may be JSON text already, for what no JSON library writes; `more` adds to the header."""
        if header is None:
            header = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT"} | more
        parts = [encoded((part if isinstance(part, str) else json.dumps(part)).encode()) for part in (header, claims)]
        content = ".".join(parts)
        return f"{content}.{encoded(self.signature(content.encode()))}"


def hmac_token(secret: bytes, claims: dict, kid: str) -> str:
    """A JWT with HS256."""
    content = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": kid}, claims))
    return f"{content}.{encoded(hmac.new(secret, content.encode(), hashlib.sha256).digest())}"


def at_hash(access_token: str) -> str:
    """OpenID Connect Core, section 3.1.3.6, for the SHA-256 algorithms."""
    return encoded(hashlib.sha256(access_token.encode()).digest()[:16])


def es256_key(jwk: dict) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(decoded(jwk[name])) for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def verified(token: str, key: ec.EllipticCurvePublicKey | bytes) -> tuple[dict, dict]:
    """Header and claims of a token that is signed by an ES256 key, or under HS256 with a secret. Fails for every other."""
    content, _, signature = token.rpartition(".")
    header = json.loads(decoded(content.split(".")[0]))
    if isinstance(key, bytes):
        assert header["alg"] == "HS256"
        assert hmac.compare_digest(hmac.new(key, content.encode(), hashlib.sha256).digest(), decoded(signature))
    else:
        assert header["alg"] == "ES256" and len(decoded(signature)) == 64
        r, s = (int.from_bytes(part) for part in (decoded(signature)[:32], decoded(signature)[32:]))
        key.verify(encode_dss_signature(r, s), content.encode(), ec.ECDSA(hashes.SHA256()))
    return header, claims_of(token)
