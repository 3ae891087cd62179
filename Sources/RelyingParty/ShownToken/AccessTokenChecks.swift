package import JOSE
import Web

/// Why an access token that somebody shows is not taken; nothing in it is text of the token.
package struct AccessTokenRefusal: Error, Sendable, Equatable {
    package let check: String
    package let reason: String
}

/// What is known of an access token before its person is asked for.
package struct AccessTokenFacts: Sendable {
    /// Of the JWT, or of the endpoint that was asked about it.
    let claims: JSONObject
    /// Whether they stand in the token itself: then nobody else has looked at them.
    let isSelfContained: Bool
    /// `typ` of a JWT.
    let type: String?
    let issuer: String
    let clientID: String
    let clockSkew: Int64
    let now: UnixTime

    package init(
        claims: JSONObject, isSelfContained: Bool, type: String? = nil, issuer: String, clientID: String, clockSkew: Int64 = 60,
        now: UnixTime
    ) {
        self.claims = claims
        self.isSelfContained = isSelfContained
        self.type = type
        self.issuer = issuer
        self.clientID = clientID
        self.clockSkew = clockSkew
        self.now = now
    }

    func names(_ text: String?, _ expected: String) -> Bool { text.map { sameBytes($0, expected) } ?? false }

    func moment(_ name: String) -> UnixTime? { claims[name]?.integer.map { UnixTime(seconds: $0) } }
}

/// One condition on an access token that somebody shows.
package struct AccessTokenCheck: Sendable {
    package let name: String
    package let section: String
    fileprivate let objection: @Sendable (AccessTokenFacts) -> String?

    fileprivate init(_ name: String, _ section: String, _ objection: @escaping @Sendable (AccessTokenFacts) -> String?) {
        self.name = name
        self.section = section
        self.objection = objection
    }
}

/// Whether an access token of a provider's may stand for a sign-in here: `checks` in order, the first objection refuses.
package enum AccessTokenChecks {
    package static let checks: [AccessTokenCheck] = [
        AccessTokenCheck("typ", "RFC 8725 §3.11") { facts in
            // logout+jwt, dpop+jwt, secevent+jwt …: tokens of the same issuer for another use.
            guard let type = facts.type, type.hasSuffix("+jwt"), !sameBytes(type, "at+jwt") else { return nil }
            return "another kind of token"
        },
        AccessTokenCheck("iss", "RFC 9068 §4") { facts in
            guard facts.isSelfContained || facts.claims["iss"] != nil else { return nil }
            return facts.names(facts.claims["iss"]?.string, facts.issuer) ? nil : "missing or not the provider's issuer"
        },
        // Any application that somebody signs in to with the provider holds such a token of theirs. One that was made for another
        // would let whoever runs that one sign in here as them.
        AccessTokenCheck("client", "RFC 9068 §4, RFC 7662 §2.2") { facts in
            let parties = ["client_id", "azp"].map { facts.claims[$0]?.string } + (facts.claims["aud"]?.stringList ?? [])
            return parties.contains { facts.names($0, facts.clientID) } ? nil : "issued neither to our client nor for it"
        },
        AccessTokenCheck("sub", "RFC 9068 §2.2") { facts in
            guard let subject = facts.claims["sub"] else { return facts.isSelfContained ? "missing" : nil }
            guard let text = subject.string, (1...255).contains(text.utf8.count),
                text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
            else { return "not 1 to 255 printable ASCII characters" }
            return nil
        },
        AccessTokenCheck("exp", "RFC 9068 §4") { facts in
            guard let expiry = facts.moment("exp") else {
                return facts.isSelfContained ? "missing or not a time in seconds" : nil
            }
            return expiry.adding(facts.clockSkew) <= facts.now ? "in the past" : nil
        },
        AccessTokenCheck("nbf", "RFC 7519 §4.1.5") { facts in
            guard facts.claims["nbf"] != nil else { return nil }
            guard let start = facts.moment("nbf") else { return "not a time in seconds" }
            return start > facts.now.adding(facts.clockSkew) ? "in the future" : nil
        },
        AccessTokenCheck("cnf", "RFC 7800 §3.1") { facts in
            facts.claims["cnf"] == nil ? nil : "bound to a key that nobody proves here"
        },
    ]

    /// `nil`: it may.
    package static func refusal(of facts: AccessTokenFacts) -> AccessTokenRefusal? {
        for check in checks {
            guard let reason = check.objection(facts) else { continue }
            return AccessTokenRefusal(check: check.name, reason: "\(reason) (\(check.section))")
        }
        return nil
    }
}
