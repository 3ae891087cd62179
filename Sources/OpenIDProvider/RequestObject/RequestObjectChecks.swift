import JOSE
import Web

/// A request object while it is checked.
struct RequestObjectFacts: Sendable {
    let token: JSONWebSignature
    let client: Client
    let issuer: String
    let now: UnixTime

    var claims: JSONObject { token.claims }

    func moment(_ name: String) -> UnixTime? { claims[name]?.integer.map { UnixTime(seconds: $0) } }
}

/// One thing that a request object must fulfil.
struct RequestObjectCheck: Sendable {
    let name: String
    let section: String
    let isFulfilled: @Sendable (RequestObjectFacts) -> Bool

    init(_ name: String, _ section: String, _ isFulfilled: @escaping @Sendable (RequestObjectFacts) -> Bool) {
        self.name = name
        self.section = section
        self.isFulfilled = isFulfilled
    }
}

/// Every check of a request object but its signature, in order. Whichever refuses, the client is told `invalid_request_object`.
enum RequestObjectChecks {
    private static let skew = ClientAssertionChecks.clockSkew
    /// Seconds: what a request object may still be valid for.
    private static let maximumLife: Int64 = 3600

    static let all: [RequestObjectCheck] = [
        .init("type", "RFC 9101 §10.8") { ["oauth-authz-req+jwt", "jwt", nil].contains($0.token.type) },
        .init("issuer is the client", "RFC 9101 §4") {
            $0.claims["iss"] == nil || sameBytes($0.claims["iss"]?.string ?? "", $0.client.id)
        },
        .init("for us", "RFC 9101 §4") { facts in
            facts.claims["aud"] == nil
                || facts.claims["aud"]?.stringList?.contains { sameBytes($0, facts.issuer) } ?? false
        },
        .init("same client", "RFC 9101 §5") { sameBytes($0.claims["client_id"]?.string ?? "", $0.client.id) },
        .init("no request inside", "RFC 9101 §4") { $0.claims["request"] == nil && $0.claims["request_uri"] == nil },
        .init("not expired", "RFC 7519 §4.1.4") { facts in
            facts.claims["exp"] == nil || facts.moment("exp").map { facts.now.since($0) < skew } ?? false
        },
        .init("expires soon", "RFC 7519 §4.1.4") { facts in
            facts.claims["exp"] == nil || facts.moment("exp").map { $0.since(facts.now) <= maximumLife + skew } ?? false
        },
        .init("valid already", "RFC 7519 §4.1.5") { facts in
            facts.claims["nbf"] == nil || facts.moment("nbf").map { $0.since(facts.now) <= skew } ?? false
        },
    ]
}
