import JOSE
import Web

/// One condition on a logout token.
package struct LogoutTokenCheck: Sendable {
    package let name: String
    package let section: String
    /// Why the token is refused, or `nil`.
    fileprivate let objection: @Sendable (IDTokenFacts) -> String?

    fileprivate init(_ name: String, _ section: String, _ objection: @escaping @Sendable (IDTokenFacts) -> String?) {
        self.name = name
        self.section = section
        self.objection = objection
    }
}

/// Logout token validation (OpenID Connect Back-Channel Logout §2.6, RFC 8725): `checks` in order, the first objection refuses.
package enum LogoutTokenValidation {
    /// Seconds after `iat` until a notice is too old. Providers send them at once, and again for a few minutes.
    static let life: Int64 = 600
    private static let event = "http://schemas.openid.net/event/backchannel-logout"
    private static let maximumTextBytes = 255

    package static let checks: [LogoutTokenCheck] = [
        LogoutTokenCheck("alg", "RFC 8725 §3.1") { $0.algorithm == nil ? "not an algorithm that is accepted here" : nil },
        LogoutTokenCheck("typ", "Back-Channel Logout §2.4") { facts in
            // Many providers still write `JWT` or nothing; `events` below tells the token from every other kind.
            guard let type = facts.token.type else { return nil }
            return type == "logout+jwt" || type == "jwt" ? nil : "another kind of token"
        },
        LogoutTokenCheck("iss", "Back-Channel Logout §2.6 (3)") { facts in
            facts.issuer.map { sameBytes($0, facts.expected.issuer) } ?? false ? nil : "missing or not the provider's issuer"
        },
        LogoutTokenCheck("aud", "Back-Channel Logout §2.6 (3)") { facts in
            facts.audience?.contains { sameBytes($0, facts.expected.clientID) } ?? false ? nil : "without this client"
        },
        LogoutTokenCheck("iat", "Back-Channel Logout §2.6 (3)") { facts in
            guard let issued = facts.time("iat") else { return "missing or not a whole number of seconds" }
            if facts.isFuture(issued) { return "in the future" }
            return facts.isPast(issued.adding(life)) ? "too long ago" : nil
        },
        LogoutTokenCheck("exp", "Back-Channel Logout §2.4") { facts in
            guard facts.token.claims["exp"] != nil else { return nil }
            guard let expiry = facts.time("exp") else { return "not a whole number of seconds" }
            return facts.isPast(expiry) ? "in the past" : nil
        },
        LogoutTokenCheck("sub or sid", "Back-Channel Logout §2.6 (4)") { facts in
            let given = ["sub", "sid"].filter { facts.token.claims[$0] != nil }
            if given.isEmpty { return "neither is there" }
            return given.allSatisfy { isText(facts.text($0)) } ? nil : "not 1 to 255 bytes of text"
        },
        LogoutTokenCheck("events", "Back-Channel Logout §2.6 (5)") { facts in
            facts.token.claims["events"]?.object?[event]?.object == nil ? "not the event of a sign-out" : nil
        },
        LogoutTokenCheck("nonce", "Back-Channel Logout §2.6 (6)") { $0.token.claims["nonce"] == nil ? nil : "there is one" },
        LogoutTokenCheck("jti", "Back-Channel Logout §2.4") { isText($0.text("jti")) ? nil : "not 1 to 255 bytes of text" },
        LogoutTokenCheck("kid", "OIDC Core §10.1") { $0.key == nil ? "the issuer has no such key" : nil },
        LogoutTokenCheck("signature", "Back-Channel Logout §2.6 (2)") { facts in
            guard let key = facts.key, let algorithm = facts.algorithm else { return "no key" }
            return facts.token.isSigned(by: key, algorithm: algorithm) ? nil : "not the issuer's"
        },
    ]

    package static func outcome(of facts: IDTokenFacts) -> LogoutTokenOutcome {
        for check in checks {
            guard let reason = check.objection(facts) else { continue }
            return .refused(IDTokenRefusal(check: check.name, section: check.section, reason: reason))
        }
        let issued = facts.time("iat") ?? facts.now
        return .valid(
            LogoutToken(
                issuer: facts.expected.issuer, subject: facts.subject, sessionID: facts.text("sid"), id: facts.text("jti") ?? "",
                endsAt: issued.adding(life).adding(facts.expected.clockSkew)))
    }

    private static func isText(_ text: String?) -> Bool { (1...maximumTextBytes).contains(text?.utf8.count ?? 0) }
}
