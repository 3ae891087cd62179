import AuthService
import OpenIDProvider
import Web

/// The web listener's pages: the provider's below its issuer's path, the auth service's own below its path, nothing else.
struct Website: Sendable {
    let provider: Provider?
    let authorizer: Authorizer?

    func answer(_ request: WebRequest) async -> WebResponse {
        if let provider, provider.owns(path: request.path) { return await provider.respond(to: request) }
        guard let authorizer, let response = await authorizer.answerOwnEndpoint(request) else { return Self.notFound }
        return response
    }

    private static var notFound: WebResponse {
        WebResponse(
            status: 404, headers: ["content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"],
            body: Array("There is nothing at this address.\n".utf8))
    }
}
