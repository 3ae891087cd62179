import JOSE
import Web

/// Credentials that are not taken: the same answer for browsers and programs, since whoever sent one can do something about it.
extension Refusals {
    func credential(_ request: WebRequest, _ refusal: CredentialRefusal, rule: String) -> Decision {
        refuse(
            request, refusal.error.kind, text(refusal, texts(for: request)), reason: "credential refused: \(refusal.reason)",
            rule: rule)
    }

    private func text(_ refusal: CredentialRefusal, _ texts: PageTexts) -> RefusalText {
        switch refusal.error {
        case .invalidToken: challenging("Bearer", "invalid_token", "the token is not valid here", texts)
        case .invalidBoundToken: challenging("DPoP", "invalid_token", "the token is not valid here", texts)
        case .invalidProof: challenging("DPoP", "invalid_dpop_proof", "the proof is not valid for this request and token", texts)
        case .invalidPassword:
            RefusalText(
                status: 401, error: "invalid_credentials", message: texts.credentials.refused,
                challenge: "Basic realm=\"gatehouse\", charset=\"UTF-8\"")
        case .invalidCertificate:
            RefusalText(
                status: 401, error: "invalid_client_certificate", message: texts.credentials.refused,
                challenge: "Bearer realm=\"gatehouse\"")
        case .insufficientScope:
            RefusalText(
                status: 403, error: "insufficient_scope", message: texts.notAllowed,
                challenge: "Bearer realm=\"gatehouse\", error=\"insufficient_scope\"")
        case .tooMany(let seconds):
            RefusalText(status: 429, error: "slow_down", message: texts.credentials.tooMany, retryAfter: seconds)
        }
    }

    /// RFC 6750 §3, RFC 9449 §7.1.
    private func challenging(_ scheme: String, _ error: String, _ description: String, _ texts: PageTexts) -> RefusalText {
        var challenge = "\(scheme) realm=\"gatehouse\", error=\"\(error)\", error_description=\"\(description)\""
        if scheme == "DPoP" { challenge += ", algs=\"ES256 RS256 PS256 EdDSA\"" }
        return RefusalText(status: 401, error: error, message: texts.credentials.refused, challenge: challenge)
    }
}

extension CredentialRefusal.Error {
    fileprivate var kind: Rejection.Kind {
        switch self {
        case .invalidToken, .invalidBoundToken, .invalidProof, .invalidPassword, .invalidCertificate: .unauthenticated
        case .insufficientScope: .forbidden
        case .tooMany: .unavailable
        }
    }
}
