import JOSE
import OpenIDConnect
import Web

/// An issuer whose word about somebody the provider takes for a sign-in (RFC 7523 §2.1), such as a cluster's about its workloads.
package struct AssertionIssuer: Sendable {
    /// In place of a connector's, in subjects; unique among both.
    package let id: String
    /// `iss`
    package let issuer: String
    package let keys: Client.Keys

    package init(id: String, issuer: String, keys: Client.Keys) {
        self.id = id
        self.issuer = issuer
        self.keys = keys
    }
}

/// One thing that an assertion in place of a sign-in must fulfil (RFC 7523 §3).
struct AssertionGrantCheck: Sendable {
    let name: String
    let section: String
    let isFulfilled: @Sendable (AssertionGrant.Facts) -> Bool

    init(_ name: String, _ section: String, _ isFulfilled: @escaping @Sendable (AssertionGrant.Facts) -> Bool) {
        self.name = name
        self.section = section
        self.isFulfilled = isFulfilled
    }
}

/// Takes a JWT of a trusted issuer for a sign-in.
struct AssertionGrant {
    struct Facts: Sendable {
        let claims: JSONObject
        let ownNames: [String]
        let now: UnixTime

        func moment(_ name: String) -> UnixTime? { claims[name]?.integer.map { UnixTime(seconds: $0) } }
    }

    let issuer: Issuer
    let now: UnixTime

    private static let skew = ClientAssertionChecks.clockSkew

    static let checks: [AssertionGrantCheck] = [
        .init("for us", "RFC 7523 §3 (3)") { facts in
            facts.claims["aud"]?.stringList?.contains { name in facts.ownNames.contains { sameBytes($0, name) } } ?? false
        },
        .init("subject", "RFC 7523 §3 (2)") { facts in (1...255).contains(facts.claims["sub"]?.string?.utf8.count ?? 0) },
        .init("not expired", "RFC 7523 §3 (4)") { facts in facts.moment("exp").map { facts.now.since($0) < skew } ?? false },
        .init("valid already", "RFC 7523 §3 (5)") { facts in
            facts.claims["nbf"] == nil || facts.moment("nbf").map { $0.since(facts.now) <= skew } ?? false
        },
        .init("issued in the past", "RFC 7523 §3 (6)") { facts in
            facts.claims["iat"] == nil || facts.moment("iat").map { $0.since(facts.now) <= skew } ?? false
        },
    ]

    func take(_ request: inout TokenRequest) async throws(ProviderStoreFailure) -> TokenRefusal? {
        guard let client = request.client, let scope = request.scope,
            let token = try? JSONWebSignature(compact: request["assertion"] ?? ""),
            let trusted = issuer.settings.assertionIssuers.first(where: {
                sameBytes($0.issuer, token.claims["iss"]?.string ?? "")
            })
        else { return refusal("of no trusted issuer") }
        guard await issuer.isSigned(token, by: trusted.keys) else { return refusal("not signed by its issuer") }
        let facts = Facts(
            claims: token.claims, ownNames: [issuer.settings.issuer, issuer.url("/token")], now: now)
        for check in Self.checks where !check.isFulfilled(facts) { return refusal("\(check.name) (\(check.section))") }
        if let id = token.claims["jti"]?.string, let expiry = facts.moment("exp") {
            let name = SecretDigest.name("assertion", trusted.issuer, id)
            guard try await issuer.transients.takeOnce(name, until: expiry.adding(Self.skew)) else {
                return refusal("used before (RFC 7523 §3 (7))")
            }
        }
        request.grant = issuer.newGrant(
            user(token.claims), connectorID: trusted.id, client: client, scope: scope, now: now)
        return nil
    }

    private func user(_ claims: JSONObject) -> ConnectorUser {
        var told = JSONObject()
        for name in ["email", "email_verified", "name", "preferred_username", "groups"] { told[name] = claims[name] }
        return ConnectorUser(id: claims["sub"]?.string ?? "", claims: told)
    }

    private func refusal(_ why: String) -> TokenRefusal {
        var refusal = TokenRefusal.grant("the assertion is not valid here")
        refusal.detail = why
        return refusal
    }
}
