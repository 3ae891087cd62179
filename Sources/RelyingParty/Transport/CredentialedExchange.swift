package import JOSE
import Web

/// Sends a bearer token of our own with every request that has none: for key sets and reviews that are not for everybody.
package struct CredentialedExchange: ProviderExchange {
    private let exchange: any ProviderExchange
    private let token: @Sendable () throws -> Secret

    /// - Parameter token: read for every request, since a platform may renew it at any time.
    package init(_ exchange: any ProviderExchange, token: @escaping @Sendable () throws -> Secret) {
        self.exchange = exchange
        self.token = token
    }

    package func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
        guard request.headers.first("authorization") == nil else { return try await exchange.exchange(request) }
        let text: String
        do { text = try token().text } catch {
            throw UpstreamFailure(.unreachable, "the file with our own token cannot be read")
        }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw UpstreamFailure(.unreachable, "the file with our own token holds no token")
        }
        var request = request
        request.headers.add("authorization", "Bearer " + text)
        return try await exchange.exchange(request)
    }
}
