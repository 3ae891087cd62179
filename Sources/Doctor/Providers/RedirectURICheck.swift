import Settings
import OpenIDConnect

/// Whether our redirect URIs are registered at each provider. Those of the provider in the same file are compared when it is read.
enum RedirectURICheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        embedded(seen)
            + seen.issuers.flatMap { visit in
                guard let client = visit.issuer.client else { return [Finding]() }
                if visit.metadata?.requiresPushedAuthorizationRequests == true {
                    return client.redirectURIs.prefix(1).map { finding(visit.issuer.subject, client.id, $0, pushed) }
                }
                return visit.redirects.map { finding(visit.issuer.subject, client.id, $0.uri, $0.verdict) }
            }
    }

    private static let pushed = RedirectTrial.Verdict.untold(reason: "it takes pushed requests only, which need our secret")

    private static func embedded(_ seen: Observations) -> [Finding] {
        guard let service = seen.configuration.authService, let provider = seen.configuration.provider else { return [] }
        return service.providers.filter { $0.source == .embedded }.map { entry in
            let subject = "provider \(entry.id)"
            guard let client = provider.clients.first(where: { $0.id == entry.clientID }) else {
                return .failure(
                    subject, "the provider has no client `\(entry.clientID)`", mend: "add it to `provider.clients`")
            }
            let missing = service.redirectURIs(of: entry).filter { !client.redirectURIs.contains($0) }
            guard missing.isEmpty else {
                return .failure(
                    subject, "its client `\(client.id)` lacks \(missing.joined(separator: ", "))",
                    mend: "add it to `redirectURIs` of that client")
            }
            return .ok(subject, "its client has every redirect URI that the sign-in uses")
        }
    }

    static func finding(_ subject: String, _ client: String, _ uri: String, _ verdict: RedirectTrial.Verdict) -> Finding {
        switch verdict {
        case .registered: .ok(subject, "\(uri) is registered for the client `\(client)`")
        case .notRegistered:
            .failure(
                subject, "\(uri) is not registered for the client `\(client)`",
                mend: "register exactly this redirect URI there")
        case .unknownClient:
            .failure(
                subject, "the client `\(client)` is not known there, or may not sign people in",
                mend: "correct `clientID`, or allow that client the authorization code flow")
        case .refused(let error):
            .warning(
                subject, "the redirect URI is registered, but sign-ins are answered with \(error.quotedForeign)",
                mend: "look at the client's settings there")
        case .anythingGoes:
            .warning(
                subject,
                "it takes every redirect URI, also one that nobody registered: whoever sends people there gets their codes",
                mend: "register \(uri) there, and nothing with a wildcard")
        case .untold(let reason):
            .warning(
                subject, "whether \(uri) is registered cannot be told: \(reason)",
                mend: "look at the client's settings there, or sign in once")
        }
    }
}
