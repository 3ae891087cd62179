import JOSE
import Web

/// A client's assertion while it is checked.
struct ClientAssertionFacts: Sendable {
    let assertion: ClientAssertion
    let client: Client
    let issuer: Issuer
    let now: UnixTime

    var claims: JSONObject { assertion.token.claims }

    func moment(_ name: String) -> UnixTime? { claims[name]?.integer.map { UnixTime(seconds: $0) } }

    /// Whom it may be for: the issuer (RFC 7523bis), or an endpoint of ours that clients call. Of the others' it is of no use here.
    var isForUs: Bool {
        let own = [issuer.settings.issuer] + Self.endpoints.map(issuer.url)
        let audience = claims["aud"]?.stringList ?? []
        return audience.contains { name in own.contains { sameBytes($0, name) } }
    }

    private static let endpoints = ["/token", "/token/introspect", "/revoke", "/par", "/device/code"]
}

/// One thing that a client's assertion must fulfil.
struct ClientAssertionCheck: Sendable {
    let name: String
    let section: String
    let isFulfilled: @Sendable (ClientAssertionFacts) async throws(ProviderStoreFailure) -> Bool

    init(
        _ name: String, _ section: String,
        _ isFulfilled: @escaping @Sendable (ClientAssertionFacts) async throws(ProviderStoreFailure) -> Bool
    ) {
        self.name = name
        self.section = section
        self.isFulfilled = isFulfilled
    }
}

/// Every check of a client's assertion, in order. Whichever refuses, the client is told `invalid_client` and no more.
enum ClientAssertionChecks {
    /// Seconds that another's clock may differ from ours.
    static let clockSkew: Int64 = 60
    /// Seconds: what an assertion may still be valid for.
    static let maximumLife: Int64 = 3600

    static let all: [ClientAssertionCheck] = [
        .init("type", "RFC 7523 §3, RFC 9700 §2.5") { facts in
            ["jwt", "client-authentication+jwt", nil].contains(facts.assertion.token.type)
        },
        .init("issuer is the client", "RFC 7523 §3 (1)") { facts in
            sameBytes(facts.claims["iss"]?.string ?? "", facts.client.id)
        },
        .init("for us", "RFC 7523 §3 (3)") { facts in facts.isForUs },
        .init("expires", "RFC 7523 §3 (4)") { facts in facts.moment("exp") != nil },
        .init("not expired", "RFC 7523 §3 (4)") { facts in
            facts.moment("exp").map { facts.now.since($0) < clockSkew } ?? false
        },
        .init("expires soon", "RFC 7523 §3 (4)") { facts in
            facts.moment("exp").map { $0.since(facts.now) <= maximumLife + clockSkew } ?? false
        },
        .init("issued in the past", "RFC 7523 §3 (6)") { facts in
            facts.claims["iat"] == nil || facts.moment("iat").map { $0.since(facts.now) <= clockSkew } ?? false
        },
        .init("valid already", "RFC 7523 §3 (5)") { facts in
            facts.claims["nbf"] == nil || facts.moment("nbf").map { $0.since(facts.now) <= clockSkew } ?? false
        },
        .init("has an id", "RFC 7523 §3 (7), OpenID Connect Core §9") { facts in
            (1...255).contains(facts.claims["jti"]?.string?.utf8.count ?? 0)
        },
        .init("signed by the client", "RFC 7523 §3 (9)") { facts in await ClientSignature.isGood(facts) },
        .init("not used before", "RFC 7523 §3 (7)") { facts throws(ProviderStoreFailure) in
            let id = facts.claims["jti"]?.string ?? ""
            let until = (facts.moment("exp") ?? facts.now).adding(clockSkew)
            return try await facts.issuer.transients.takeOnce(.name("client-assertion", facts.client.id, id), until: until)
        },
    ]
}

/// Who signed an assertion.
enum ClientSignature {
    static func isGood(_ facts: ClientAssertionFacts) async -> Bool {
        let token = facts.assertion.token
        return switch facts.client.authentication {
        case .clientSecretJWT: facts.client.secrets.contains { token.isAuthenticated(by: $0) }
        case .privateKeyJWT: await facts.issuer.isSigned(token, by: facts.client)
        case .clientSecretBasic, .clientSecretPost, .tlsClientAuth, .selfSignedTLSClientAuth, .identified, nil: false
        }
    }
}

extension Issuer {
    /// Whether one of the client's keys made the signature; never where they cannot be had.
    func isSigned(_ token: JSONWebSignature, by client: Client) async -> Bool {
        guard let keys = client.keys else { return false }
        return await isSigned(token, by: keys)
    }

    func isSigned(_ token: JSONWebSignature, by keys: Client.Keys) async -> Bool {
        guard let algorithm = token.algorithmName.flatMap(SignatureAlgorithm.init(rawValue:)) else { return false }
        let key: JSONWebKey?
        switch keys {
        case .set(let keys): key = keys.key(id: token.keyID, algorithm: algorithm)
        case .uri(let url): key = await clientKeys.key(at: url, id: token.keyID, algorithm: algorithm)
        }
        return key.map { token.isSigned(by: $0, algorithm: algorithm) } ?? false
    }
}
