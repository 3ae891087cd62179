import Crypto
import CryptoExtras
import FoundationEssentials

/// One published verification key (RFC 7517 §4).
package struct JSONWebKey: Sendable {
    /// `kid`; keys of others may have none.
    package let id: String?
    /// `alg`, where the key is bound to one.
    package let algorithm: SignatureAlgorithm?
    package let key: PublicKey

    package init(id: String?, algorithm: SignatureAlgorithm?, key: PublicKey) {
        self.id = id
        self.algorithm = algorithm
        self.key = key
    }

    /// Reads one member of a key set. `nil` for what cannot serve us (another kind or use, RSA under 2048 bits, a private or
    /// damaged key): RFC 7517 §5 has such keys ignored.
    package init?(json: JSONValue) {
        guard let members = json.object, members["use"].map({ $0 == "sig" }) ?? true, let key = Self.publicKey(members)
        else { return nil }
        var algorithm: SignatureAlgorithm?
        if let name = members["alg"] {
            guard let known = name.string.flatMap(SignatureAlgorithm.init(rawValue:)), key.algorithms.contains(known)
            else { return nil }
            algorithm = known
        }
        self.init(id: members["kid"]?.string, algorithm: algorithm, key: key)
    }

    private static func publicKey(_ members: JSONObject) -> PublicKey? {
        func bytes(_ name: String) -> [UInt8]? { members[name]?.string.flatMap { Base64URL.decode($0) } }
        switch (members["kty"]?.string, members["crv"]?.string) {
        case ("EC", "P-256"):
            guard let x = bytes("x"), let y = bytes("y"), x.count == 32, y.count == 32 else { return nil }
            return (try? P256.Signing.PublicKey(rawRepresentation: x + y)).map { .p256($0) }
        case ("OKP", "Ed25519"):
            guard let x = bytes("x") else { return nil }
            return (try? Curve25519.Signing.PublicKey(rawRepresentation: x)).map { .ed25519($0) }
        case ("RSA", _):
            // Bounded: verifying with a huge modulus or exponent costs whoever sent it nothing and us a lot.
            guard let n = bytes("n"), let e = bytes("e"), n.count <= 1024, e.count <= 8 else { return nil }
            return (try? _RSA.Signing.PublicKey(n: n, e: e)).map { .rsa($0) }
        default: return nil
        }
    }

    package var json: JSONValue {
        var members = key.members
        members["use"] = "sig"
        members["kid"] = id.map { .string($0) }
        members["alg"] = algorithm.map { .string($0.rawValue) }
        return .object(members)
    }

    /// Whether this key may verify `algorithm`.
    package func serves(_ algorithm: SignatureAlgorithm) -> Bool {
        self.algorithm.map { $0 == algorithm } ?? key.algorithms.contains(algorithm)
    }
}
