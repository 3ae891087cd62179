import JOSE

/// Tokens that no honest provider would send.
enum ForgedToken {
    /// A token of exactly these texts, signed by `key`.
    static func signed(header: String, claims: JSONObject, by key: SigningKey) throws -> String {
        try signed(header: header, payload: JSONValue.object(claims).jsonText, by: key)
    }

    static func signed(header: String, payload: String, by key: SigningKey) throws -> String {
        let message = message(header: header, payload: payload)
        return message + "." + Base64URL.encode(try key.sign(Array(message.utf8)))
    }

    /// `alg: none` with an empty signature.
    static func unsigned(_ claims: JSONObject, alg: String = "none") -> String {
        message(header: #"{"alg":"\#(alg)"}"#, payload: JSONValue.object(claims).jsonText) + "."
    }

    /// HS256 with the public key, as everybody can read it, for a secret.
    static func keyedWithPublicKey(_ claims: JSONObject, key: SigningKey) -> String {
        let message = message(
            header: #"{"alg":"HS256","kid":"\#(key.id)"}"#, payload: JSONValue.object(claims).jsonText)
        let secret = Secret(key.published.json.jsonBytes)
        return message + "." + Base64URL.encode(hmacSHA256(message.utf8, key: secret))
    }

    /// The same bytes, spelled with an unused bit set in the last letter of a 64-byte signature.
    static func withTailBit(_ token: String) -> String {
        let spellings: [Character: Character] = ["A": "B", "Q": "R", "g": "h", "w": "x"]
        return token.dropLast() + String(token.last.flatMap { spellings[$0] } ?? "=")
    }

    private static func message(header: String, payload: String) -> String {
        Base64URL.encode(header.utf8) + "." + Base64URL.encode(payload.utf8)
    }
}
