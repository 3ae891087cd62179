import JOSE
package import RelyingParty
import Web

/// The token of its own that an application is given under a rule (RFC 8693).
package struct TokenDemand: Sendable, Equatable {
    package let target: ExchangeTarget
    /// Lower case. In `authorization` the token stands behind `Bearer`.
    package let header: String
    /// What tells this target from every other.
    let digest: SHA256Bytes

    package init(target: ExchangeTarget, header: String = "authorization") {
        self.target = target
        self.header = header.lowercased()
        digest = SHA256Bytes(hashing: Array(target.text.utf8).span)
    }

    package static func == (one: TokenDemand, other: TokenDemand) -> Bool {
        one.digest == other.digest && sameBytes(one.header, other.header)
    }

    /// For people who write rules.
    var sentence: String {
        "The session's access token is exchanged for one of the application's own (\(target.text)), in the header \(header)."
    }

    /// - Parameter token: visible ASCII.
    func field(_ token: Secret) -> Accepted.Header {
        Accepted.Header(name: header, value: header == "authorization" ? "Bearer \(token.text)" : token.text)
    }
}
