package import JOSE

/// What an ID token is held against.
package struct IDTokenExpectation: Sendable {
    package enum Nonce: Sendable {
        case equal(String)
        /// For a refreshed ID token, which need not have one (OpenID Connect Core §12.2).
        case equalIfPresent(String)
        case any
    }

    package var issuer: String
    package var clientID: String
    package var algorithms: [SignatureAlgorithm]
    /// Seconds that the provider's clock may be off.
    package var clockSkew: Int64
    package var nonce: Nonce
    /// The `sub` of the first ID token, for a refreshed one.
    package var subject: String?
    /// What the authorization request asked with `max_age`.
    package var maxAge: Int64?
    /// One of these has to be `acr`; empty: any, or none. What the authorization request asked with `acr_values`.
    package var acrValues: [String] = []
    /// What came with the ID token, for `at_hash`.
    package var accessToken: Secret?
    /// The code that it was exchanged for, for `c_hash`.
    package var code: Secret?
    /// Whether it comes without what its hashes are of: from a client of this provider that has it already.
    package var isAlone = false

    package init(
        issuer: String, clientID: String, algorithms: [SignatureAlgorithm] = SignatureAlgorithm.allCases,
        clockSkew: Int64 = 60, nonce: Nonce
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.algorithms = algorithms
        self.clockSkew = clockSkew
        self.nonce = nonce
    }
}

/// Everything that the checks of an ID token look at.
package struct IDTokenFacts: Sendable {
    let token: JSONWebSignature
    let expected: IDTokenExpectation
    let now: UnixTime
    /// The issuer's key for the token's `kid` and `alg`; `nil` where it has none.
    var key: JSONWebKey?

    package init(token: JSONWebSignature, expected: IDTokenExpectation, now: UnixTime, key: JSONWebKey?) {
        self.token = token
        self.expected = expected
        self.now = now
        self.key = key
    }

    /// The token's algorithm where it is an expected one.
    var algorithm: SignatureAlgorithm? {
        token.algorithmName.flatMap(SignatureAlgorithm.init(rawValue:)).flatMap { expected.algorithms.contains($0) ? $0 : nil }
    }

    var issuer: String? { text("iss") }
    var subject: String? { text("sub") }
    var audience: [String]? { token.claims["aud"]?.stringList }

    func text(_ claim: String) -> String? { token.claims[claim]?.string }

    /// A NumericDate, its fraction cut off (RFC 7519 §2). `nil` for what is no number, or none that 64 bits hold.
    func time(_ claim: String) -> UnixTime? { token.claims[claim]?.wholePart.map { UnixTime(seconds: $0) } }

    /// Whether `moment` is still to come at a provider whose clock may be ahead of ours.
    func isFuture(_ moment: UnixTime) -> Bool { moment > now.adding(expected.clockSkew) }

    /// Whether `moment` has passed at a provider whose clock may be behind ours.
    func isPast(_ moment: UnixTime) -> Bool { moment.adding(expected.clockSkew) <= now }
}

extension JSONValue {
    /// The greatest whole number that is not more.
    fileprivate var wholePart: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value.rounded(.down))
        case .null, .bool, .string, .array, .object: nil
        }
    }
}
