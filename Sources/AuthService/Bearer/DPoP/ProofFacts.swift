import JOSE
import Web

/// Everything that the checks of a DPoP proof look at.
struct ProofFacts: Sendable {
    /// The values of every `DPoP` field.
    let fields: [String]
    let proof: SelfSignedToken?
    let method: String
    /// Where browsers and clients reach us with this request.
    let origin: Origin?
    /// Normalised, without the query.
    let path: RequestPath?
    let accessToken: String
    /// The key that the token is bound to.
    let boundKey: String?
    let now: UnixTime

    init(request: WebRequest, origin: Origin?, accessToken: String, boundKey: String?, now: UnixTime) {
        fields = request.headers.all("dpop")
        proof = fields.first.flatMap { $0.utf8.count <= Self.maximumBytes ? SelfSignedToken(compact: $0) : nil }
        method = request.method
        self.origin = origin
        path = try? RequestPath(target: request.target)
        self.accessToken = accessToken
        self.boundKey = boundKey
        self.now = now
    }

    private static let maximumBytes = 8 * 1024
    /// How old a proof may be, and how far ahead its sender's clock, in seconds.
    static let window: Int64 = 60

    func text(_ claim: String) -> String? { proof?.token.claims[claim]?.string }

    var issuedAt: UnixTime? { proof?.token.claims["iat"]?.integer.map { UnixTime(seconds: $0) } }

    /// What the proof is told from all others by.
    var identifier: CredentialDigest? {
        guard let proof, let name = text("jti") else { return nil }
        return CredentialDigest(proof.key.key.thumbprint + " " + name)
    }
}
