/// A signed token in compact form (RFC 7515 §7.1), taken apart but not yet verified.
package struct JSONWebSignature: Sendable {
    /// Why a token is not even looked at further.
    package enum Refusal: String, Error, Sendable {
        case tooLong = "longer than 64 KiB"
        case parts = "not three parts"
        case encoding = "not canonical base64url"
        case json = "header or claims are not a JSON object without duplicates"
        case criticalHeader = "a crit header"
        case type = "typ is not a text"
    }

    /// `alg` as written. Only a name of `SignatureAlgorithm` can verify.
    package let algorithmName: String?
    /// `kid` as written. Headers that carry or name keys (`jwk`, `jku`, `x5c`, `x5u`) are never read.
    package let keyID: String?
    /// `typ`, in lower case and without `application/` (RFC 7515 §4.1.9).
    package let type: String?
    package let claims: JSONObject
    private let signedBytes: [UInt8]
    private let signature: [UInt8]

    package init(compact token: some StringProtocol) throws(Refusal) {
        guard token.utf8.count <= 64 * 1024 else { throw .tooLong }
        let letters = Array(token.utf8)
        let parts = letters.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .parts }
        guard let header = Base64URL.decode(letters: parts[0]), let payload = Base64URL.decode(letters: parts[1]),
            let signature = Base64URL.decode(letters: parts[2])
        else { throw .encoding }
        guard let members = (try? JSONReader.read(header))?.object, let claims = (try? JSONReader.read(payload))?.object
        else { throw .json }
        // RFC 7515 §4.1.11: extensions that we do not understand (we understand none) make the token invalid.
        guard members["crit"] == nil else { throw .criticalHeader }
        guard members["typ"].map({ $0.string != nil }) ?? true else { throw .type }
        algorithmName = members["alg"]?.string
        keyID = members["kid"]?.string
        type = members["typ"]?.string.map(Self.shortType)
        self.claims = claims
        self.signature = signature
        signedBytes = Array(letters[..<parts[1].endIndex])
    }

    private static func shortType(_ type: String) -> String {
        let lower = type.lowercased()
        return lower.hasPrefix("application/") ? String(lower.dropFirst("application/".count)) : lower
    }

    /// Whether the signature is `key`'s under `algorithm`.
    package func isSigned(by key: JSONWebKey, algorithm: SignatureAlgorithm) -> Bool {
        key.serves(algorithm) && key.key.verifies(signature, of: signedBytes, algorithm: algorithm)
    }

    /// Whether a client made this token under HS256 with the secret that it shares with us (RFC 7523 §2.2). Never for tokens that say
    /// who a user is: there the secret would make an issuer of the client.
    package func isAuthenticated(by secret: Secret) -> Bool {
        guard algorithmName.map({ $0.utf8.elementsEqual("HS256".utf8) }) ?? false, !secret.isEmpty else { return false }
        return Secret(hmacSHA256(signedBytes, key: secret)).matches(Secret(signature))
    }

    /// Signs claims into a compact token whose header has `alg`, `kid` and `typ`.
    package static func sign(_ claims: JSONObject, type: String, with key: SigningKey) throws -> String {
        try sign(claims, header: JSONObject([("kid", .string(key.id)), ("typ", .string(type))]), with: key)
    }

    /// Signs claims into a compact token whose header has `alg` and these members.
    package static func sign(_ claims: JSONObject, header: JSONObject, with key: SigningKey) throws -> String {
        let message = self.message(claims, header: header, algorithm: key.algorithm.rawValue)
        let signed = Array(message.utf8)
        let token = signed + [UInt8(ascii: ".")] + Base64URL.encode(try key.sign(signed)).utf8
        // Made from bytes it has no room to spare: every session in memory keeps one.
        return String(decoding: token, as: UTF8.self)
    }

    /// A token under HS256 with a secret that both sides know (RFC 7518 §3.2): to authenticate a client, never to be accepted here.
    package static func authenticate(_ claims: JSONObject, header: JSONObject, secret: Secret) -> String {
        let message = self.message(claims, header: header, algorithm: "HS256")
        return message + "." + Base64URL.encode(hmacSHA256(message.utf8, key: secret))
    }

    private static func message(_ claims: JSONObject, header: JSONObject, algorithm: String) -> String {
        let members = [(name: "alg", value: JSONValue.string(algorithm))] + header.members.map { ($0.name, $0.value) }
        return Base64URL.encode(JSONValue.object(JSONObject(members)).jsonBytes) + "."
            + Base64URL.encode(JSONValue.object(claims).jsonBytes)
    }
}
