package import JOSE

/// The key of a service account of Google's, as the console hands it out in a JSON file.
package struct GoogleServiceAccount: Sendable {
    /// `client_email`
    package let email: String
    /// Signs RS256.
    package let key: SigningKey
    /// `private_key_id`
    package let keyID: String
    /// `token_uri`
    package let tokenURL: String

    package init(email: String, key: SigningKey, keyID: String, tokenURL: String) {
        self.email = email
        self.key = key
        self.keyID = keyID
        self.tokenURL = tokenURL
    }

    /// What the directory tells groups to, and nothing else.
    static let scope = "https://www.googleapis.com/auth/admin.directory.group.readonly"
    /// Seconds; Google takes an hour at most.
    private static let life: Int64 = 600

    /// What stands for a sign-in as an administrator (RFC 7523 §2.1 and §3).
    func assertion(as admin: String, now: UnixTime) throws(APITrouble) -> Secret {
        let claims = JSONObject([
            ("iss", .string(email)), ("sub", .string(admin)), ("scope", .string(Self.scope)), ("aud", .string(tokenURL)),
            ("iat", .integer(now.seconds)), ("exp", .integer(now.adding(Self.life).seconds)),
        ])
        let header = JSONObject([("kid", .string(keyID)), ("typ", "JWT")])
        guard let signed = try? JSONWebSignature.sign(claims, header: header, with: key) else {
            throw .notUnderstood("the service account's key does not sign")
        }
        return Secret(utf8: signed)
    }
}
