/// Whether a credential admits somebody.
enum CredentialOutcome: Sendable {
    case admitted(AdmittedCredential)
    case refused(CredentialRefusal)
    /// Whoever knows cannot be asked at the moment: 503.
    case unavailable(detail: String)
}

/// Why a credential is not taken; nothing in it is text of the credential.
struct CredentialRefusal: Error, Sendable {
    /// What the caller can do about it, as the challenge says it (RFC 6750 §3.1, RFC 9449 §7.1).
    enum Error: Sendable {
        case invalidToken
        /// The same of a token that came with a proof.
        case invalidBoundToken
        /// The proof, not the token.
        case invalidProof
        /// The credential is good, but not for this.
        case insufficientScope
        /// A user name or password.
        case invalidPassword
        /// The client's certificate.
        case invalidCertificate
        /// Too many tries: with the seconds after which the next may succeed.
        case tooMany(retryAfter: Int64)
    }

    let error: Error
    /// For the audit log.
    let reason: String

    init(_ error: Error = .invalidToken, reason: String) {
        self.error = error
        self.reason = reason
    }
}
