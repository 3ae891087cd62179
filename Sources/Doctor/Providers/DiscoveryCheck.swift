import Settings
import JOSE
import OpenIDConnect
import RelyingParty
import Web

/// Whether each issuer's metadata are there, are its own, and name what we need (OpenID Connect Discovery section 4).
enum DiscoveryCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        let browsersAreOutside = seen.configuration.authService?.publicURLs.contains { !$0.isLoopback } ?? false
        return seen.issuers.flatMap { findings($0, browsersAreOutside: browsersAreOutside) }
    }

    static func findings(_ visit: IssuerVisit, browsersAreOutside: Bool) -> [Finding] {
        let subject = visit.issuer.subject
        guard let discovery = visit.discovery, let url = visit.issuer.metadataURL else {
            return visit.issuer.client == nil ? [] : [.ok(subject, "its endpoints are given by hand")]
        }
        switch discovery {
        case .failed(let failure):
            return [.failure(subject, "nothing was answered at \(url): \(failure.detail)", mend: "see `names` and `connections`")]
        case .response(let response, _, _) where response.status != 200: return [status(subject, url, response.status)]
        case .response:
            guard let json = discovery.json, let raw = ProviderMetadata(json: json), let metadata = visit.metadata else {
                return [notMetadata(subject, url, discovery.json)]
            }
            guard sameBytes(raw.issuer, visit.issuer.issuer) else { return [otherIssuer(visit, found: raw.issuer)] }
            let findings = faults(visit, metadata, json, browsersAreOutside)
            return findings.isEmpty
                ? [.ok(subject, "its metadata are its own" + elsewhere(visit.issuer.issuer, metadata))] : findings
        }
    }

    private static func status(_ subject: String, _ url: String, _ status: Int) -> Finding {
        let mend =
            status == 404
            ? "write as `issuer` what the provider calls itself, which may have a path (`/realms/NAME`, `/dex`)"
            : (300..<400).contains(status)
                ? "write the URL that it leads to: nobody follows redirects here"
                : "look at the provider's log"
        return .failure(subject, "\(url) is answered with \(status)", mend: mend)
    }

    private static func notMetadata(_ subject: String, _ url: String, _ json: JSONValue?) -> Finding {
        let wanted = ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"]
        let missing = wanted.filter { json?.object?[$0]?.string == nil }
        let found =
            json?.object == nil ? "no JSON is at \(url)" : "the metadata at \(url) lack \(missing.joined(separator: ", "))"
        return .failure(subject, found, mend: "correct `issuer`, or give `endpoints` by hand")
    }

    private static func otherIssuer(_ visit: IssuerVisit, found: String) -> Finding {
        let difference = IssuerDifference(expected: visit.issuer.issuer, found: found)
        return .failure(
            visit.issuer.subject,
            "it calls itself \(found.quotedForeign), the file \(visit.issuer.issuer.quotedForeign): \(difference.text)",
            mend: difference.mend(found: found))
    }

    /// Google's, for one, are on several hosts.
    private static func elsewhere(_ issuer: String, _ metadata: ProviderMetadata) -> String {
        let own = Origin(issuer)
        let others = Set([metadata.tokenEndpoint, metadata.jwksURI].compactMap { Origin($0) }.filter { $0.host != own?.host })
        return others.isEmpty ? "" : "; some of its endpoints are on " + others.map(\.host).sorted().joined(separator: ", ")
    }

    private static func faults(
        _ visit: IssuerVisit, _ metadata: ProviderMetadata, _ json: JSONValue, _ browsersAreOutside: Bool
    ) -> [Finding] {
        clearText(visit, metadata) + unreachable(visit, metadata, browsersAreOutside) + client(visit, metadata, json)
    }

    private static func clearText(_ visit: IssuerVisit, _ metadata: ProviderMetadata) -> [Finding] {
        let endpoints = [
            ("authorization_endpoint", metadata.authorizationEndpoint), ("token_endpoint", metadata.tokenEndpoint),
            ("jwks_uri", metadata.jwksURI),
        ]
        return endpoints.compactMap { name, url in
            guard let origin = Origin(url), origin.scheme == .http, !origin.isLoopback,
                !visit.issuer.addresses.plainHTTP.contains(where: { url.hasPrefix($0) })
            else { return nil }
            return .failure(
                visit.issuer.subject, "`\(name)` is \(url.quotedForeign), in clear text, and so is not used",
                mend: "have the provider name it with https, or write it under `endpoints` if the way to it is trusted")
        }
    }

    private static func unreachable(
        _ visit: IssuerVisit, _ metadata: ProviderMetadata, _ browsersAreOutside: Bool
    ) -> [Finding] {
        guard visit.issuer.client != nil, browsersAreOutside, let origin = Origin(metadata.authorizationEndpoint), origin.isInside
        else { return [] }
        return [
            .failure(
                visit.issuer.subject,
                "browsers are sent to \(metadata.authorizationEndpoint.quotedForeign), which only this machine or cluster reaches",
                mend: "write the provider's public `issuer`, and `internalURL` for what is asked from here")
        ]
    }

    private static func client(_ visit: IssuerVisit, _ metadata: ProviderMetadata, _ json: JSONValue) -> [Finding] {
        guard let client = visit.issuer.client else { return [] }
        var findings: [Finding] = []
        if let method = client.authentication, method != "none", !metadata.tokenEndpointAuthMethods.contains(method) {
            findings.append(
                .warning(
                    visit.issuer.subject, "it does not name `\(method)` among the ways in which clients authenticate",
                    mend: "write `tokenEndpointAuth` as one of "
                        + metadata.tokenEndpointAuthMethods.prefix(6).map(\.quotedForeign).joined(separator: ", ")))
        }
        let known = json.object?["scopes_supported"]?.stringList
        let unknown = known.map { known in client.scopes.filter { !known.contains($0) } } ?? []
        if !unknown.isEmpty {
            findings.append(
                .warning(
                    visit.issuer.subject, "it does not name the scopes \(unknown.joined(separator: ", "))",
                    mend: "remove them from `scopes` if it refuses them"))
        }
        return findings
    }
}
