import Accounts
import JOSE

/// Everything that the checks of a bearer token look at.
struct BearerFacts: Sendable {
    /// Where what is known of a token comes from.
    enum Source: Sendable {
        case token(JSONWebSignature)
        /// Its issuer was asked and vouches for it.
        case inquiry
    }

    let source: Source
    let claims: JSONObject
    let policy: BearerPolicy
    let now: UnixTime
    /// The issuer's key for the token's `kid` and `alg`; `nil` where it has none, or before it was looked for.
    var key: JSONWebKey?

    init(token: JSONWebSignature, policy: BearerPolicy, now: UnixTime) {
        source = .token(token)
        claims = token.claims
        self.policy = policy
        self.now = now
    }

    init(answer claims: JSONObject, policy: BearerPolicy, now: UnixTime) {
        source = .inquiry
        self.claims = claims
        self.policy = policy
        self.now = now
    }

    /// `nil` for a token that only its issuer can read.
    var token: JSONWebSignature? { if case .token(let token) = source { token } else { nil } }

    /// The token's algorithm where it is an accepted one.
    var algorithm: SignatureAlgorithm? {
        token?.algorithmName.flatMap(SignatureAlgorithm.init(rawValue:)).flatMap { policy.algorithms.contains($0) ? $0 : nil }
    }

    var identity: Identity? { policy.mapping.identity(issuer: policy.issuer, claims: claims) }

    func text(_ claim: String) -> String? { claims[claim]?.string }

    /// A NumericDate without fraction.
    func time(_ claim: String) -> UnixTime? { claims[claim]?.integer.map { UnixTime(seconds: $0) } }

    /// When the token stops to count.
    var expiresAt: UnixTime? { time("exp")?.adding(policy.clockSkew) }

    /// The issuer's clock may be this many seconds ahead of ours.
    static let clockLead: Int64 = 60

    func isFuture(_ moment: UnixTime) -> Bool { moment > now.adding(max(Self.clockLead, policy.clockSkew)) }
}
