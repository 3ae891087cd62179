import AsyncHTTPClient
package import NIOCore
import NIOHTTP1
import Web

/// Asks a provider over the network. The client is its own, because a shared one would follow redirects.
package struct HTTPProviderExchange: ProviderExchange {
    private let client: HTTPClient
    private let timeout: Duration
    private let plainHTTP: [String]
    private let socket: String?

    /// - Parameter timeout: for the whole exchange, from the look-up of the name to the last byte.
    package init(
        eventLoopGroup: any EventLoopGroup = HTTPClient.defaultEventLoopGroup, timeout: Duration = .seconds(10)
    ) {
        client = HTTPClient(eventLoopGroupProvider: .shared(eventLoopGroup), configuration: Self.configuration)
        self.timeout = timeout
        plainHTTP = []
        socket = nil
    }

    /// For one provider's own way of being connected to.
    package init(
        _ connection: ProviderConnection, eventLoopGroup: any EventLoopGroup = HTTPClient.defaultEventLoopGroup,
        timeout: Duration = .seconds(10)
    ) throws(ProviderConnection.Unusable) {
        var configuration = Self.configuration
        try connection.configure(&configuration)
        client = HTTPClient(eventLoopGroupProvider: .shared(eventLoopGroup), configuration: configuration)
        self.timeout = timeout
        plainHTTP = connection.plainHTTP
        socket = connection.socket
    }

    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, decompression: .disabled)
        configuration.timeout.connect = .seconds(5)
        // A provider that refuses the connection is said to be away at once: whoever waits can try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Closes the connections. Has to be called once before the exchange is let go.
    package func shutdown() async throws { try await client.shutdown() }

    package func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
        guard let url = EndpointURL(request.url, plainHTTP: plainHTTP) else {
            throw UpstreamFailure(.unreachable, "neither an https URL nor http on a loopback host")
        }
        do {
            return try await withThrowingTaskGroup(of: ProviderResponse.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await send(request, to: url) }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    throw UpstreamFailure(.timeout, "no whole response within \(timeout)")
                }
                guard let response = try await group.next() else { throw UpstreamFailure(.unreachable, "stopped") }
                return response
            }
        } catch { throw Self.failure(error) }
    }

    private func send(_ request: ProviderRequest, to url: EndpointURL) async throws -> ProviderResponse {
        var outgoing = HTTPClientRequest(url: address(of: url))
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers.fields { outgoing.headers.add(name: field.name, value: field.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        // The group's timer bounds the body too; this deadline ends at the head.
        let response = try await client.execute(outgoing, timeout: TimeAmount(timeout))
        let body = try await response.body.collect(upTo: ProviderResponse.maximumBodyBytes)
        return ProviderResponse(
            status: Int(response.status.code),
            headers: HeaderList(response.headers.map { (name: $0.name, value: $0.value) }),
            body: Array(body.readableBytesView))
    }

    private func address(of url: EndpointURL) -> String {
        socket.map { "http+unix://\(PercentEncoding.encode($0))\(url.target)" } ?? url.text
    }

    private static func failure(_ error: any Error) -> UpstreamFailure {
        switch error {
        case let failure as UpstreamFailure: failure
        case is NIOTooManyBytesError: UpstreamFailure(.tooLarge, "the response is too large")
        case is CancellationError: UpstreamFailure(.unreachable, "cancelled")
        // The long descriptions hold header values, and so secrets.
        case let error as HTTPClientError:
            UpstreamFailure(timeouts.contains(error) ? .timeout : .unreachable, error.shortDescription)
        default: UpstreamFailure(.unreachable, "\(type(of: error)): \(error)")
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout,
    ]
}
