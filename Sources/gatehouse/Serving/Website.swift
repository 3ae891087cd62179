import AuthService
import ExtAuthz
import OpenIDProvider
import Web

/// The web listener's pages: the provider's below its issuer's path, the auth service's own below its path, nothing else.
struct Website: Sendable {
    let provider: Provider?
    let authorizer: Authorizer?
    /// What the gateway has to show where pages are answered for it.
    var gateway: GatewayGuard?

    /// The provider's documents that need nobody's leave: as `PublishedDocuments` has it.
    var document: (@Sendable (String) -> WebResponse?)? {
        guard let provider, gateway?.guardsProvider != true else { return nil }
        return { provider.document(at: $0) }
    }

    func answer(_ request: WebRequest) async -> WebResponse {
        let isProviders = provider?.owns(path: request.path) ?? false
        if let authorizer, let gateway, gateway.refuses(request, isProviders: isProviders) {
            return authorizer.refuse(GatewayGuard.refusal).response ?? Self.notFound
        }
        if let provider, isProviders { return await provider.respond(to: request) }
        guard let authorizer, let response = await authorizer.answerOwnEndpoint(request) else { return Self.notFound }
        return response
    }

    private static var notFound: WebResponse {
        WebResponse(
            status: 404, headers: ["content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"],
            body: Array("There is nothing at this address.\n".utf8))
    }
}

/// The proxy's secret on the web listener: whoever asks for a page in the gateway's place has to show it, or could say of any client
/// what they like.
struct GatewayGuard: Sendable {
    let secret: ProxySecret
    /// The assertion's keys: public, and fetched by gateways that cannot show a secret with it.
    let openPath: String
    /// Whether the provider is reached through the gateway, and not by itself.
    let guardsProvider: Bool

    func refuses(_ request: WebRequest, isProviders: Bool) -> Bool {
        if isProviders ? !guardsProvider : sameBytes(request.path, openPath[...]) { return false }
        return !secret.admits(request.headers.all(ProxySecret.headerName))
    }

    static let refusal = UnreadableCheck(
        status: Refusal.noProxySecret.status, error: Refusal.noProxySecret.code, reason: Refusal.noProxySecret.rawValue)
}
