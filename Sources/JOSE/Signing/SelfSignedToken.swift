/// A token that carries the key which it is signed with (`jwk`, RFC 7515 §4.1.3). It proves that its sender has the private half and
/// nothing else: only DPoP proofs (RFC 9449 §4.2) are read so.
package struct SelfSignedToken: Sendable {
    package let token: JSONWebSignature
    /// Of the token's own header.
    package let key: JSONWebKey

    /// `nil` for what is not a token of that form, or whose key is private, damaged or of a kind that we do not verify.
    package init?(compact text: String) {
        guard let token = try? JSONWebSignature(compact: text),
            let header = Base64URL.decode(text.prefix { $0 != "." }), let members = (try? JSONReader.read(header))?.object,
            let json = members["jwk"], let key = JSONWebKey(json: json), !Self.isPrivate(json)
        else { return nil }
        self.token = token
        self.key = key
    }

    /// RFC 9449 §4.3 (7): whoever sends a private key has none any more.
    private static func isPrivate(_ json: JSONValue) -> Bool {
        ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].contains { json.object?[$0] != nil }
    }

    /// The algorithm in the header where the key serves it.
    package var algorithm: SignatureAlgorithm? {
        token.algorithmName.flatMap(SignatureAlgorithm.init(rawValue:)).flatMap { key.serves($0) ? $0 : nil }
    }

    package var isSigned: Bool { algorithm.map { token.isSigned(by: key, algorithm: $0) } ?? false }
}
