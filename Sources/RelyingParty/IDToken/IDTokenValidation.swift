import JOSE
import OpenIDConnect
import Web

/// One condition on an ID token.
package struct IDTokenCheck: Sendable {
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

/// The check that refused an ID token, and why; nothing in it is text of the token.
package struct IDTokenRefusal: Error, Sendable, Equatable {
    package let check: String
    package let section: String
    package let reason: String
}

package enum IDTokenOutcome: Sendable {
    case valid(IDTokenClaims)
    case refused(IDTokenRefusal)
}

/// ID token validation (OpenID Connect Core §3.1.3.7 and §3.1.3.8, RFC 8725): `checks` in order, the first objection refuses.
package enum IDTokenValidation {
    package static let checks: [IDTokenCheck] = [
        IDTokenCheck("alg", "RFC 8725 §3.1") { $0.algorithm == nil ? "not an algorithm that is accepted here" : nil },
        IDTokenCheck("typ", "RFC 8725 §3.11") { facts in
            // at+jwt, logout+jwt, secevent+jwt …: tokens of the same issuer for another use.
            facts.token.type?.hasSuffix("+jwt") ?? false ? "another kind of token" : nil
        },
        IDTokenCheck("iss", "OIDC Core §3.1.3.7 (2)") { facts in
            facts.issuer.map { sameBytes($0, facts.expected.issuer) } ?? false ? nil : "missing or not the provider's issuer"
        },
        IDTokenCheck("sub", "OIDC Core §2") { facts in
            guard let subject = facts.subject, (1...255).contains(subject.utf8.count),
                subject.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
            else { return "not 1 to 255 printable ASCII characters" }
            guard let first = facts.expected.subject, !sameBytes(first, subject) else { return nil }
            return "another person than at the sign-in"
        },
        IDTokenCheck("aud", "OIDC Core §3.1.3.7 (3)") { facts in
            let isOurs = facts.audience?.contains { sameBytes($0, facts.expected.clientID) } ?? false
            return isOurs ? nil : "missing, not only texts, or without this client"
        },
        IDTokenCheck("azp required", "OIDC Core §3.1.3.7 (4)") { facts in
            facts.audience?.count != 1 && facts.token.claims["azp"] == nil ? "several audiences and no azp" : nil
        },
        IDTokenCheck("azp", "OIDC Core §3.1.3.7 (5)") { facts in
            guard facts.token.claims["azp"] != nil else { return nil }
            return facts.text("azp").map { sameBytes($0, facts.expected.clientID) } ?? false ? nil : "not this client"
        },
        IDTokenCheck("exp", "OIDC Core §3.1.3.7 (9)") { facts in
            guard let expiry = facts.time("exp") else { return "missing or not a time in seconds" }
            return facts.isPast(expiry) ? "in the past" : nil
        },
        IDTokenCheck("iat", "OIDC Core §3.1.3.7 (10)") { facts in
            guard let issued = facts.time("iat") else { return "missing or not a time in seconds" }
            if facts.isFuture(issued) { return "in the future" }
            return facts.now.since(issued) > 24 * 3600 + facts.expected.clockSkew ? "more than a day ago" : nil
        },
        IDTokenCheck("nbf", "RFC 7519 §4.1.5") { facts in
            guard facts.token.claims["nbf"] != nil else { return nil }
            guard let start = facts.time("nbf") else { return "not a time in seconds" }
            return facts.isFuture(start) ? "in the future" : nil
        },
        IDTokenCheck("nonce", "OIDC Core §3.1.3.7 (11)") { facts in
            switch (facts.expected.nonce, facts.token.claims["nonce"]) {
            case (.any, _), (.equalIfPresent, nil): nil
            case (.equal(let nonce), let value), (.equalIfPresent(let nonce), let value):
                matches(value, nonce) ? nil : "missing or another sign-in's"
            }
        },
        IDTokenCheck("at_hash", "OIDC Core §3.1.3.8") { objection(to: "at_hash", of: $0.expected.accessToken, in: $0) },
        IDTokenCheck("c_hash", "OIDC Core §3.3.2.10") { objection(to: "c_hash", of: $0.expected.code, in: $0) },
        IDTokenCheck("auth_time", "OIDC Core §3.1.3.7 (13)") { facts in
            guard facts.token.claims["auth_time"] != nil || facts.expected.maxAge != nil else { return nil }
            guard let signedIn = facts.time("auth_time") else { return "missing or not a time in seconds" }
            if facts.isFuture(signedIn) { return "in the future" }
            guard let maxAge = facts.expected.maxAge else { return nil }
            return facts.isPast(signedIn.adding(maxAge)) ? "longer ago than max_age" : nil
        },
        IDTokenCheck("acr", "OIDC Core §3.1.3.7 (12)") { facts in
            let accepted = facts.expected.acrValues
            guard !accepted.isEmpty else { return nil }
            return accepted.contains { value in facts.text("acr").map { sameBytes($0, value) } ?? false }
                ? nil : "missing or not one that was asked for"
        },
        IDTokenCheck("kid", "OIDC Core §10.1") { $0.key == nil ? "the issuer has no such key" : nil },
        IDTokenCheck("signature", "OIDC Core §3.1.3.7 (6)") { facts in
            guard let key = facts.key, let algorithm = facts.algorithm else { return "no key" }
            return facts.token.isSigned(by: key, algorithm: algorithm) ? nil : "not the issuer's"
        },
    ]

    package static func outcome(of facts: IDTokenFacts) -> IDTokenOutcome {
        for check in checks {
            guard let reason = check.objection(facts) else { continue }
            return .refused(IDTokenRefusal(check: check.name, section: check.section, reason: reason))
        }
        return .valid(IDTokenClaims(facts))
    }

    private static func matches(_ value: JSONValue?, _ expected: String) -> Bool {
        value?.string.map { Secret(utf8: $0).matches(Secret(utf8: expected)) } ?? false
    }

    /// The hash is optional in the code flow; one that is there must be right, also where there is nothing to hold it against.
    private static func objection(to claim: String, of secret: Secret?, in facts: IDTokenFacts) -> String? {
        guard let value = facts.token.claims[claim], !facts.expected.isAlone else { return nil }
        guard let secret, let algorithm = facts.algorithm else { return "nothing to compare it with" }
        return matches(value, TokenHash.of(secret, algorithm: algorithm)) ? nil : "not what came with the token"
    }
}
