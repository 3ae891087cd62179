import JOSE
import Web

/// A JWT by which a client authenticates (RFC 7523 §2.2), taken apart but not yet verified.
struct ClientAssertion: Sendable {
    static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// `sub`, which has to be the client (§3).
    let clientID: String
    let token: JSONWebSignature

    /// `nil` for what is no such JWT, and where the form names another client.
    init?(_ text: String, type: String?, clientID: String?) {
        guard let type, sameBytes(type, Self.type), text.utf8.count <= 16 * 1024,
            let token = try? JSONWebSignature(compact: text), let subject = token.claims["sub"]?.string,
            clientID.map({ sameBytes($0, subject) }) ?? true
        else { return nil }
        self.clientID = subject
        self.token = token
    }
}
