import JOSE
import Web

/// Finds out which client a call comes from (RFC 6749 §2.3, OpenID Connect Core §9).
struct ClientAuthentication {
    enum Outcome: Sendable {
        case client(Client)
        /// `why` is for the audit line, nothing that a client sent.
        case refused(why: String)
    }

    let issuer: Issuer
    let now: UnixTime
    /// What the client has shown where TLS begins.
    var certificate: Certificate?

    func outcome(of credentials: ClientCredentials) async throws(ProviderStoreFailure) -> Outcome {
        switch credentials {
        case .missing: return .refused(why: "no client is named")
        case .ambiguous: return .refused(why: "two ways at once")
        case .malformed: return .refused(why: "malformed")
        case .identified(let id):
            guard let client = issuer.settings.client(id) else { return .refused(why: "unknown client") }
            return client.isPublic ? .client(client) : check(certificate, of: client)
        case .secret(let id, let secret, let isBasic): return self.secret(secret, of: id, isBasic: isBasic)
        case .assertion(let assertion): return try await check(assertion)
        }
    }

    /// All of the client's secrets are compared, and for an unknown client one that nobody has.
    private func secret(_ secret: Secret, of id: String, isBasic: Bool) -> Outcome {
        let client = issuer.settings.client(id)
        let digests = client.map { $0.secrets.map(SecretDigest.init(of:)) + $0.secretDigests }
        let given = SecretDigest(of: secret)
        let matches = (digests ?? [SecretDigest(of: Secret(sha256(id.utf8)))]).map {
            Secret($0.bytes).matches(Secret(given.bytes))
        }
        guard matches.contains(true), !secret.isEmpty, let client else { return .refused(why: "unknown client or wrong secret") }
        let method = isBasic ? Client.Authentication.clientSecretBasic : .clientSecretPost
        guard client.authentication ?? method == method else { return .refused(why: "not the way it is registered for") }
        return .client(client)
    }

    private func check(_ certificate: Certificate?, of client: Client) -> Outcome {
        guard let settings = issuer.settings.clientCertificates, client.certificate != nil else {
            return .refused(why: "no public client")
        }
        let facts = ClientCertificateFacts(certificate: certificate, client: client, settings: settings, now: now)
        for check in ClientCertificateChecks.all where !check.isFulfilled(facts) {
            return .refused(why: "certificate: \(check.name) (\(check.section))")
        }
        return .client(client)
    }

    private func check(_ assertion: ClientAssertion) async throws(ProviderStoreFailure) -> Outcome {
        guard let client = issuer.settings.client(assertion.clientID) else { return .refused(why: "unknown client") }
        let facts = ClientAssertionFacts(assertion: assertion, client: client, issuer: issuer, now: now)
        for check in ClientAssertionChecks.all where try await !check.isFulfilled(facts) {
            return .refused(why: "assertion: \(check.name) (\(check.section))")
        }
        return .client(client)
    }
}
