import JOSE
import OpenIDConnect

/// A successful reply to a token exchange (RFC 8693 §2.2.1), before any check.
struct ExchangeReply: Sendable {
    let members: JSONObject
    let target: ExchangeTarget

    var token: String? { members["access_token"]?.string }
    var expiresIn: Int64? { members["expires_in"]?.integer }

    var outcome: TokenExchangeOutcome {
        for check in ExchangeCheck.all {
            guard let reason = check.objection(self) else { continue }
            return .refused(.reply(check: check.name, section: check.section, reason: reason))
        }
        return .issued(IssuedToken(token: Secret(utf8: token ?? ""), expiresIn: expiresIn))
    }
}

/// One check of the reply.
struct ExchangeCheck: Sendable {
    let name: String
    let section: String
    /// Why the token is not handed on, or `nil`.
    let objection: @Sendable (ExchangeReply) -> String?

    private init(_ name: String, _ section: String, _ objection: @escaping @Sendable (ExchangeReply) -> String?) {
        self.name = name
        self.section = section
        self.objection = objection
    }

    /// Gateways take requests with more headers than this, but not with much more.
    static let maximumTokenBytes = 8192

    /// The checks in their order; the first objection refuses.
    static let all: [ExchangeCheck] = [
        ExchangeCheck("access_token", "RFC 8693 §2.2.1") { reply in
            guard let token = reply.token, !token.isEmpty else { return "missing" }
            return token.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? nil : "not visible ASCII"
        },
        ExchangeCheck("size", "RFC 9110 §5.4") { reply in
            reply.token?.utf8.count ?? 0 <= maximumTokenBytes ? nil : "more than \(maximumTokenBytes) bytes"
        },
        ExchangeCheck("issued_token_type", "RFC 8693 §2.2.1") { reply in
            guard let type = reply.members["issued_token_type"]?.string else { return "missing" }
            return type.utf8.elementsEqual(reply.target.tokenType.rawValue.utf8) ? nil : "another than was asked for"
        },
        ExchangeCheck("token_type", "RFC 8693 §2.2.1") { reply in
            switch reply.members["token_type"]?.string?.lowercased() {
            case "bearer": nil
            // Only what is no access token has no way of its own to be presented.
            case "n_a": reply.target.tokenType == .accessToken ? "N_A for an access token" : nil
            case "dpop": "bound to our key, which no application has (RFC 9449 §5)"
            default: "missing or unknown"
            }
        },
        ExchangeCheck("expires_in", "RFC 6749 §5.1") { reply in
            guard reply.members["expires_in"] != nil else { return nil }
            guard let seconds = reply.expiresIn else { return "not a whole number of seconds" }
            return seconds > 0 ? nil : "over already"
        },
        ExchangeCheck("scope", "RFC 6749 §5.1") { reply in
            guard let scope = reply.members["scope"] else { return nil }
            let granted = scope.string.flatMap { Scope(parsing: $0) } ?? Scope([])
            return Scope(reply.target.scopes).isSubset(of: granted) ? nil : "without one that was asked for"
        },
    ]
}
