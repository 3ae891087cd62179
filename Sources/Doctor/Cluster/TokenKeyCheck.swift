import JOSE
import Settings
import Web

/// Whether the gateway verifies our tokens by our issuer and our keys.
enum TokenKeyCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        let ours = issuers(cluster.configuration)
        return cluster.tokenRules.compactMap { finding($0, ours, cluster) }
    }

    /// An issuer of ours, and the path at which its keys are.
    struct Issuer {
        var name: String
        var text: String
        var keys: String
        /// Of the assertion: where it is, and for whom.
        var header: String?
        var audience: String?
    }

    private static func issuers(_ configuration: Configuration) -> [Issuer] {
        var issuers: [Issuer] = []
        if let service = configuration.authService, let issuer = configuration.assertionIssuer {
            let assertion = service.identity.assertion
            issuers.append(
                Issuer(
                    name: "the assertion's", text: issuer, keys: service.path + "/jwks", header: assertion?.header,
                    audience: assertion?.audience))
        }
        if let issuer = configuration.provider?.issuer {
            issuers.append(Issuer(name: "our provider's", text: issuer.text, keys: issuer.path + "/keys"))
        }
        return issuers
    }

    private static func finding(_ rule: TokenRule, _ ours: [Issuer], _ cluster: Cluster) -> Finding? {
        let found = rule.issuer
        if let issuer = ours.first(where: { $0.text == found }) {
            return place(rule, issuer) ?? keys(rule, issuer, cluster)
        }
        // One that was meant to be ours.
        let near = ours.first { issuer in
            switch IssuerDifference(expected: issuer.text, found: found) {
            case .trailingSlash, .scheme, .letterCase, .port: true
            case .host, .path, .other: false
            }
        }
        guard let near else { return nil }
        return .failure(
            rule.subject,
            "its issuer \(found.quotedForeign) is not \(near.name) `\(near.text)`:"
                + " \(IssuerDifference(expected: near.text, found: found).text)",
            mend: "write `issuer: \(near.text)`")
    }

    /// Where the gateway looks for the token, and for whom that has to be.
    private static func place(_ rule: TokenRule, _ issuer: Issuer) -> Finding? {
        guard let header = issuer.header else { return nil }
        if !rule.headers.contains(header) {
            return .failure(
                rule.subject, "it does not look for the assertion in `\(header)`, and so verifies none",
                mend: "write `\(rule.language.place(header))`")
        }
        guard let audience = issuer.audience, !rule.audiences.isEmpty, !rule.audiences.contains(audience) else { return nil }
        return .failure(
            rule.subject, "the assertion is for `\(audience)`, which is none of its `audiences`",
            mend: "add `\(audience)` to them")
    }

    private static func keys(_ rule: TokenRule, _ issuer: Issuer, _ cluster: Cluster) -> Finding {
        let (subject, name) = (rule.subject, rule.language.keys)
        let mend = "write http://NAME.NAMESPACE.svc.cluster.local:PORT\(issuer.keys), of the Service's web port"
        if rule.hasOwnKeys {
            return .warning(
                subject, "the keys stand in the object itself, and are not changed when ours are",
                mend: "write `\(name)` with the path `\(issuer.keys)` in their place")
        }
        guard let url = rule.keys, let origin = Origin(url) else {
            return .failure(subject, "it has no `\(name)`: \(rule.language.withoutKeys)", mend: mend)
        }
        let path = String(url.dropFirst("\(origin.scheme.rawValue)://".count).drop { $0 != "/" })
        guard path == issuer.keys else {
            return .failure(
                subject, "`\(name)` ends in \(path.quotedForeign), and \(issuer.name) keys are at `\(issuer.keys)`", mend: mend)
        }
        return server(origin, rule, cluster) ?? .ok(subject, "it verifies \(issuer.name) tokens by their keys")
    }

    /// Whoever answers there signs in whom it likes: the gateway's own name, or our Service.
    private static func server(_ origin: Origin, _ rule: TokenRule, _ cluster: Cluster) -> Finding? {
        let (subject, name, host) = (rule.subject, rule.language.keys, origin.bareHost)
        guard !cluster.ownHosts.contains(host) else { return nil }
        let mend = "write NAME.NAMESPACE.svc.cluster.local of Gatehouse's Service"
        let services = cluster.services(at: host)
        guard origin.isInside || !services.isEmpty else {
            return .failure(
                subject,
                "`\(name)` is at \(host.quotedForeign), which is neither a public URL's host nor the issuer's: whoever is"
                    + " there makes tokens that count as ours", mend: mend)
        }
        guard !cluster.askedServices.isEmpty else {
            return .warning(
                subject,
                "the Service that the gateway asks is not among the files, so whether \(host.quotedForeign) is ours cannot"
                    + " be told", mend: "add `kubectl get service -A -o yaml`")
        }
        if services.contains(where: cluster.isOurs) { return nil }
        let found = services.isEmpty ? "is not there" : "is not the one that the gateway asks"
        return .failure(subject, "the service of `\(name)` \(host.quotedForeign) \(found)", mend: mend)
    }
}
