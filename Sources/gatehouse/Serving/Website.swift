import AuthService
import OpenIDProvider
import Web

/// The web listener's pages: the provider's below its issuer's path, the auth service's own below its path, nothing else.
struct Website: Sendable {
    let provider: (path: String, answer: @Sendable (WebRequest) async -> WebResponse)?
    let authorizer: Authorizer?

    func answer(_ request: WebRequest) async -> WebResponse {
        if let provider, Self.isBelow(provider.path, request.path) { return await provider.answer(request) }
        guard let authorizer, let response = await authorizer.answerOwnEndpoint(request) else { return Self.notFound }
        return response
    }

    private static func isBelow(_ base: String, _ path: Substring) -> Bool {
        guard path.utf8.starts(with: base.utf8) else { return false }
        let rest = path.utf8.dropFirst(base.utf8.count)
        return rest.isEmpty || rest.first == UInt8(ascii: "/")
    }

    private static var notFound: WebResponse {
        WebResponse(
            status: 404, headers: ["content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"],
            body: Array("There is nothing at this address.\n".utf8))
    }
}
