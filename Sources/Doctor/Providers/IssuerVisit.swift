import JOSE
import OpenIDConnect
import RelyingParty

/// What one issuer answers.
struct IssuerVisit: Sendable {
    let issuer: IssuerCase
    /// nil where the metadata are given by hand.
    let discovery: Fetched?
    /// nil where they name none.
    let keys: Fetched?
    let redirects: [RedirectTrial]

    /// With what the file puts in their place.
    var metadata: ProviderMetadata? { Self.metadata(issuer, discovery) }

    static func make(_ issuer: IssuerCase) async -> IssuerVisit {
        var discovery: Fetched?
        if let url = issuer.metadataURL { discovery = await .get(url, over: issuer.exchange) }
        let metadata = Self.metadata(issuer, discovery)
        async let keys = Self.keys(issuer, metadata)
        async let redirects = Self.redirects(issuer, metadata)
        return await IssuerVisit(issuer: issuer, discovery: discovery, keys: keys, redirects: redirects)
    }

    private static func metadata(_ issuer: IssuerCase, _ discovery: Fetched?) -> ProviderMetadata? {
        if let given = issuer.addresses.metadata(issuer: issuer.issuer) { return given }
        return discovery?.json.flatMap { ProviderMetadata(json: $0) }.map { issuer.addresses.overriding($0) }
    }

    private static func keys(_ issuer: IssuerCase, _ metadata: ProviderMetadata?) async -> Fetched? {
        guard let url = issuer.addresses.keys ?? metadata?.jwksURI else { return nil }
        return await .get(url, over: issuer.exchange)
    }

    private static func redirects(_ issuer: IssuerCase, _ metadata: ProviderMetadata?) async -> [RedirectTrial] {
        guard let client = issuer.client, let metadata, !metadata.requiresPushedAuthorizationRequests else { return [] }
        var trials: [RedirectTrial] = []
        for uri in client.redirectURIs.prefix(4) {
            trials.append(await .make(uri, client, metadata.authorizationEndpoint, issuer.exchange))
        }
        return trials
    }
}
