import Accounts
import JOSE
import Web

/// One condition on a bearer token.
struct BearerCheck: Sendable {
    let name: String
    let section: String
    /// Why the token is refused, or `nil`.
    let objection: @Sendable (BearerFacts) -> String?

    init(_ name: String, _ section: String, _ objection: @escaping @Sendable (BearerFacts) -> String?) {
        self.name = name
        self.section = section
        self.objection = objection
    }

    /// Of a JWT, all in order; the first objection refuses. What is cheap comes first, and no key is looked for before.
    static let ofJWT = form + claims + signature
    /// Of a token whose issuer was asked about it.
    static let ofAnswer = claims

    /// What kind of token it is.
    static let form: [BearerCheck] = [
        BearerCheck("alg", "RFC 8725 §3.1") { $0.algorithm == nil ? "not an algorithm that is accepted here" : nil },
        BearerCheck("typ", "RFC 9068 §4, RFC 8725 §3.11") { facts in
            let type = facts.token?.type
            if facts.policy.tokenType == .accessToken { return type == "at+jwt" ? nil : "not at+jwt" }
            // logout+jwt, secevent+jwt, dpop+jwt …: tokens of the same issuer for another use.
            return type.map { $0.hasSuffix("+jwt") && $0 != "at+jwt" } ?? false ? "another kind of token" : nil
        },
        BearerCheck("no ID token", "RFC 9068 §5") { facts in
            facts.isIDToken && !facts.policy.takesIDTokens ? "an ID token, which is for the client that it was issued to" : nil
        },
        BearerCheck("no security event", "RFC 8417 §4.5") { $0.claims["events"] == nil ? nil : "another kind of token" },
    ]

    /// What it says. An issuer that was asked vouches for its token and need not repeat `iss`, `aud` and `exp`: those that it does
    /// say have to be right all the same.
    static let claims: [BearerCheck] = [
        BearerCheck("iss", "RFC 9068 §4") { facts in
            if facts.isLeftToIssuer("iss") { return nil }
            return facts.text("iss").map { sameBytes($0, facts.policy.issuer) } ?? false ? nil : "missing or not the issuer"
        },
        BearerCheck("aud", "RFC 9068 §4") { facts in
            if facts.isLeftToIssuer("aud"), facts.policy.audiences.isEmpty { return nil }
            let audience = facts.claims["aud"]?.stringList ?? []
            let isOurs = audience.contains { name in facts.policy.audiences.contains { sameBytes($0, name) } }
            return isOurs ? nil : "missing, not only texts, or without an audience of ours"
        },
        BearerCheck("exp", "RFC 7519 §4.1.4") { facts in
            if facts.isLeftToIssuer("exp") { return nil }
            guard let expiry = facts.expiresAt else { return "missing or not a whole number of seconds" }
            return expiry <= facts.now ? "in the past" : nil
        },
        BearerCheck("nbf", "RFC 7519 §4.1.5") { notYet("nbf", $0) },
        BearerCheck("iat", "RFC 7519 §4.1.6") { notYet("iat", $0) },
        BearerCheck("required claims", "RFC 7519 §4.3") { facts in
            facts.policy.requiredClaims.allSatisfy { $0.isMet(by: facts.claims) } ? nil : "a claim lacks its value"
        },
        BearerCheck("user", "RFC 9068 §2.2") { $0.identity == nil ? "the claim for the user is missing or no name" : nil },
        BearerCheck("email", "OIDC Core §5.1") { facts in
            facts.identity?.hasUnverifiedEmail ?? false ? "the issuer says that it is not verified" : nil
        },
        BearerCheck("cnf", "RFC 7800 §3.1, RFC 9449 §6.1") { facts in
            switch TokenBinding(claims: facts.claims) {
            case .none: facts.policy.binding == .required ? "not bound to a key" : nil
            case .key: nil
            case .other: "bound to something that cannot be checked here"
            }
        },
    ]

    /// What takes the issuer's key.
    static let signature: [BearerCheck] = [
        BearerCheck("kid", "RFC 7515 §4.1.4") { $0.key == nil ? "the issuer has no such key" : nil },
        BearerCheck("signature", "RFC 7515 §5.2") { facts in
            guard let token = facts.token, let key = facts.key, let algorithm = facts.algorithm else { return "no key" }
            return token.isSigned(by: key, algorithm: algorithm) ? nil : "not the issuer's"
        },
    ]

    private static func notYet(_ claim: String, _ facts: BearerFacts) -> String? {
        guard facts.claims[claim] != nil else { return nil }
        guard let moment = facts.time(claim) else { return "not a whole number of seconds" }
        return facts.isFuture(moment) ? "in the future" : nil
    }
}

extension BearerFacts {
    /// The first of `checks` that objects.
    func refusal(by checks: [BearerCheck]) -> CredentialRefusal? {
        for check in checks {
            guard let reason = check.objection(self) else { continue }
            return CredentialRefusal(reason: "\(check.name): \(reason) (\(check.section))")
        }
        return nil
    }

    /// Whether the issuer was asked and did not say.
    func isLeftToIssuer(_ claim: String) -> Bool { token == nil && claims[claim] == nil }

    /// Claims that only ID tokens have (OpenID Connect Core §2, §3.3.2.11), and the marks of two providers.
    var isIDToken: Bool {
        ["nonce", "at_hash", "c_hash", "s_hash"].contains { claims[$0] != nil } || claims["typ"] == "ID"
            || claims["token_use"] == "id"
    }
}

extension BearerPolicy.RequiredClaim {
    func isMet(by claims: JSONObject) -> Bool {
        let found: [String] =
            switch path.value(in: claims) {
            case .bool(let flag): [String(flag)]
            case .integer(let number): [String(number)]
            case let value: value?.stringList ?? []
            }
        return found.contains { text in values.contains { sameBytes($0, text) } }
    }
}
