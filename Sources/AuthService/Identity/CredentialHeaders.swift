package import JOSE
import Web

/// Headers that hand a person's tokens, or a password of ours with their name, on to the application. They depend on the session,
/// not on the request: they are made with its grant.
package struct CredentialHeaders: Sendable {
    /// What the `authorization` header holds.
    package enum Authorization: Sendable {
        /// `Bearer` and the ID token.
        case idToken
        /// `Bearer` and the provider's access token.
        case accessToken
        /// `Basic` (RFC 7617), a claim of the person as the user; with an empty password where there is none.
        case basic(user: HeaderTemplate, password: Secret?)
    }

    private let authorization: Authorization?
    private let accessTokenHeader: String?

    package init(authorization: Authorization? = nil, accessTokenHeader: String? = nil) {
        self.authorization = authorization
        self.accessTokenHeader = accessTokenHeader?.lowercased()
    }

    package static let none = CredentialHeaders()

    /// Always ours where they are asked for: a client's own never goes on.
    package var names: [String] {
        (authorization == nil ? [] : ["authorization"]) + [accessTokenHeader].compactMap { $0 }
    }

    func headers(for session: Session) -> [Accepted.Header] {
        var headers: [Accepted.Header] = []
        if let value = authorizationValue(session) { headers.append(Accepted.Header(name: "authorization", value: value)) }
        if let accessTokenHeader, let token = Self.token(session.accessToken) {
            headers.append(Accepted.Header(name: accessTokenHeader, value: token))
        }
        return headers
    }

    private func authorizationValue(_ session: Session) -> String? {
        switch authorization {
        case nil: nil
        case .idToken: Self.token(session.idToken).map { "Bearer \($0)" }
        case .accessToken: Self.token(session.accessToken).map { "Bearer \($0)" }
        case .basic(let user, let password):
            user.text(for: session.identity).flatMap { name in
                // A colon would end the name (RFC 7617 §2): somebody else's name may begin so.
                name.utf8.contains { $0 == UInt8(ascii: ":") || $0 < 0x20 || $0 == 0x7F }
                    ? nil : "Basic " + Base64.encode(Array(name.utf8) + Array(":".utf8) + (password?.bytes ?? []))
            }
        }
    }

    /// A provider's word: only what can stand in a header does.
    private static func token(_ secret: Secret?) -> String? {
        secret.flatMap { !$0.bytes.isEmpty && $0.bytes.allSatisfy { (0x21...0x7E).contains($0) } ? $0.text : nil }
    }
}
