import Accounts
package import JOSE
import Web

/// Clients that are known by the certificate which the gateway was shown: whom they are, from memory where it was seen before.
package final class ClientCertificates: Sendable {
    private let issuers: [ClientCertificateIssuer]
    private let clock: WallClock
    private let seen = RecentValues<SHA256Bytes, Entry>(capacity: 20_000, maximumCost: 32 << 20)

    /// Seconds after which a certificate is looked at anew.
    static let life: Int64 = 600

    package init(issuers: [ClientCertificateIssuer], clock: WallClock) {
        self.issuers = issuers
        self.clock = clock
    }

    private struct Entry: Sendable {
        /// `nil`: it is none of ours.
        let outcome: CredentialOutcome?
        let until: UnixTime
    }

    /// Only for a request whose gateway is trusted, and says itself what it says of the certificate.
    func lookup(_ message: RequestMessage) -> CredentialLookup {
        guard let (source, part) = Source.find(in: message) else { return .none }
        let digest = SHA256Bytes(hashing: message.bytes.span.extracting(part.range))
        let now = clock.now
        if let held = seen.value(digest), now < held.until { return held.outcome.map { .decided($0) } ?? .none }
        let (outcome, until) = outcome(source, message.text(part), digest, now)
        let cost = if case .admitted(let credential)? = outcome { credential.cost } else { 256 }
        seen.insert(Entry(outcome: outcome, until: until), for: digest, cost: cost)
        return outcome.map { .decided($0) } ?? .none
    }

    /// Where a request says which certificate its client has shown.
    private enum Source {
        /// `attributes.source.certificate` of Envoy's gRPC check: of the connection itself.
        case peerCertificate
        /// `x-forwarded-client-cert`.
        case forwarded
        /// `attributes.source.principal`: the first name in the connection's certificate.
        case principal

        /// What is told of the connection goes before what a header says.
        static func find(in message: RequestMessage) -> (source: Source, part: RequestMessage.Part)? {
            if !message.peerCertificate.isEmpty { return (.peerCertificate, message.peerCertificate) }
            // Lines of one list (RFC 9110 §5.3): the last line has the last element.
            if let line = message.all("x-forwarded-client-cert").last, !line.isEmpty { return (.forwarded, line) }
            return message.peerPrincipal.isEmpty ? nil : (.principal, message.peerPrincipal)
        }
    }

    private func outcome(
        _ source: Source, _ text: String, _ digest: SHA256Bytes, _ now: UnixTime
    ) -> (outcome: CredentialOutcome?, until: UnixTime) {
        let claims: CertificateClaims
        do throws(CredentialRefusal) { claims = try Self.claims(source, text) } catch {
            return (.refused(error), now.adding(Self.life))
        }
        guard let issuer = issuers.first(where: { $0.has(claims) }) else { return (nil, now.adding(Self.life)) }
        let facts = ClientCertificateFacts(claims: claims, issuer: issuer, now: now)
        if let refusal = facts.refusal {
            // One that begins to be valid must not have to wait.
            return (.refused(refusal), now.adding(BearerTokens.refusalLife))
        }
        guard let identity = facts.identity else { return (nil, now) }
        let until = min(now.adding(Self.life), facts.validity?.upperBound ?? now.adding(Self.life))
        return (.admitted(Self.credential(identity, digest, now, until)), until)
    }

    private static func claims(_ source: Source, _ text: String) throws(CredentialRefusal) -> CertificateClaims {
        switch source {
        case .principal: return CertificateClaims(uris: [text])
        case .peerCertificate: return CertificateClaims(try certificate(inPEM: PercentEncoding.decode(text.utf8)))
        case .forwarded:
            let element = try forwarded(text)
            guard let pem = element.certificate else { return CertificateClaims(uris: element.uris) }
            return CertificateClaims(try certificate(inPEM: pem))
        }
    }

    private static func forwarded(_ text: String) throws(CredentialRefusal) -> ForwardedClientCertificate {
        do throws(ForwardedClientCertificate.Refusal) { return try ForwardedClientCertificate.last(of: text) } catch {
            throw CredentialRefusal(.invalidCertificate, reason: "x-forwarded-client-cert: \(error.rawValue)")
        }
    }

    /// The first is the client's own.
    private static func certificate(inPEM pem: [UInt8]?) throws(CredentialRefusal) -> Certificate {
        guard let certificate = pem.flatMap(Certificate.all(inPEM:))?.first else {
            throw CredentialRefusal(.invalidCertificate, reason: "client certificate: it cannot be read (RFC 5280 §4.1)")
        }
        return certificate
    }

    private static func credential(
        _ identity: Identity, _ digest: SHA256Bytes, _ now: UnixTime, _ until: UnixTime
    ) -> AdmittedCredential {
        let session = Session(
            key: SessionKey(digest: digest.bytes), identity: identity, scope: "", providerID: "certificate",
            providerSessionID: nil, authTime: now, createdAt: now, lastUsedAt: now, expiresAt: until, idToken: nil,
            refreshToken: nil)
        return AdmittedCredential(session: session, goodUntil: until)
    }
}
