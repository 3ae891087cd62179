import Accounts
import JOSE
import Web

/// Everything but the session cookie that can say who sends a request: the one place that knows which of them wins.
///
/// 1. A personal token in `Authorization: Bearer`, where there are personal tokens.
/// 2. Any other token in `Authorization: Bearer` or `DPoP`, where there are issuers of them.
/// 3. A name and password in `Authorization: Basic`, where passwords are taken.
/// 4. The client's certificate, as a trusted gateway has verified it, where an entry names its issuer.
///
/// What is presented of these decides, good or bad. Without any of them the session cookie does.
package struct Credentials: Sendable {
    package var personalTokens: PersonalTokens?
    package var bearerTokens: BearerTokens?
    package var basic: BasicCredentials?
    package var clientCertificates: ClientCertificates?
    /// What a credential gets that is not valid.
    package var onInvalid: InvalidCredentialAnswer

    package init(
        personalTokens: PersonalTokens? = nil, bearerTokens: BearerTokens? = nil, basic: BasicCredentials? = nil,
        clientCertificates: ClientCertificates? = nil, onInvalid: InvalidCredentialAnswer = .unauthorized
    ) {
        self.personalTokens = personalTokens
        self.bearerTokens = bearerTokens
        self.basic = basic
        self.clientCertificates = clientCertificates
        self.onInvalid = onInvalid
    }

    /// Whether no request's `Authorization` field is looked at: then it is the application's own business.
    private var leavesAuthorization: Bool { personalTokens == nil && bearerTokens == nil && basic == nil }

    /// - Parameter addresses: say under which origin the client reaches us.
    func lookup(_ request: CheckRequest, _ addresses: PublicAddresses) -> CredentialLookup {
        if !leavesAuthorization, let field = request.message.first("authorization") {
            if let credential = seenBefore(request.message, field) { return .decided(.admitted(credential)) }
            let found = lookup(request.http, addresses)
            if !found.isNone { return found }
        }
        guard let clientCertificates, request.gatewayTellsCertificate else { return .none }
        return clientCertificates.lookup(request.message)
    }

    /// A bearer token that came before, found without a copy of the message's bytes: most requests end here.
    private func seenBefore(_ message: RequestMessage, _ field: RequestMessage.Part) -> AdmittedCredential? {
        let value = message.bytes.span.extracting(field.range)
        guard hasPrefix(value, "Bearer "), message.all("authorization").count == 1 else { return nil }
        let digest = CredentialDigest(hashing: value.extracting("Bearer ".utf8.count..<value.count))
        if let held = personalTokens?.seenBefore(digest) {
            return held.isReadOnly && !Self.isReading(message.text(message.method)) ? nil : held
        }
        return bearerTokens?.seenBefore(digest)
    }

    private func lookup(_ request: WebRequest, _ addresses: PublicAddresses) -> CredentialLookup {
        let network = RateBound.network(of: request.clientAddress)
        switch PresentedCredential(request.headers) {
        case .none: return .none
        case .unreadable(let scheme, let reason):
            return isRead(scheme)
                ? .refused(CredentialRefusal(scheme.isBasic ? .invalidPassword : .invalidToken, reason: reason)) : .none
        case .bearer(let token):
            if let personalTokens, PersonalTokens.isOurs(token) { return personal(token, request, personalTokens, network) }
            return bearer(token, network)
        case .dpop(let token): return dpop(token, request, addresses, network)
        case .basic(let encoded): return basic?.lookup(encoded, from: network) ?? .none
        }
    }

    private func isRead(_ scheme: PresentedCredential.Scheme) -> Bool {
        switch scheme {
        case .bearer: bearerTokens != nil || personalTokens != nil
        case .dpop: bearerTokens != nil
        case .basic: basic != nil
        }
    }

    private func personal(
        _ token: String, _ request: WebRequest, _ tokens: PersonalTokens, _ network: String
    ) -> CredentialLookup {
        tokens.lookup(token, from: network).map { outcome in
            guard case .admitted(let credential) = outcome, credential.isReadOnly, !Self.isReading(request.method) else {
                return outcome
            }
            return .refused(CredentialRefusal(.insufficientScope, reason: "a personal token that is for reading only"))
        }
    }

    /// RFC 9110 §9.2.1, but for TRACE.
    private static func isReading(_ method: String) -> Bool {
        ["GET", "HEAD", "OPTIONS"].contains { sameBytes($0, method) }
    }

    private func bearer(_ token: String, _ network: String) -> CredentialLookup {
        // With personal tokens alone every other bearer is the application's own business.
        guard let bearerTokens else { return .none }
        return bearerTokens.lookup(token, from: network).map { outcome in
            // RFC 9449 §7.1: a bound token without its proof is what a thief has.
            guard case .admitted(let credential) = outcome, credential.keyThumbprint != nil else { return outcome }
            return .refused(CredentialRefusal(reason: "bound to a key, and came without a proof (RFC 9449 §7.1)"))
        }
    }

    private func dpop(
        _ token: String, _ request: WebRequest, _ addresses: PublicAddresses, _ network: String
    ) -> CredentialLookup {
        guard let bearerTokens else { return .none }
        return bearerTokens.lookup(token, from: network).map { outcome in
            switch outcome {
            case .refused(let refusal):
                guard case .invalidToken = refusal.error else { return outcome }
                return .refused(CredentialRefusal(.invalidBoundToken, reason: refusal.reason))
            case .unavailable: return outcome
            case .admitted(let credential):
                let facts = ProofFacts(
                    request: request, origin: addresses.origin(of: request), accessToken: token,
                    boundKey: credential.keyThumbprint, now: bearerTokens.clock.now)
                return bearerTokens.refusal(ofProof: facts).map { .refused($0) } ?? outcome
            }
        }
    }
}
