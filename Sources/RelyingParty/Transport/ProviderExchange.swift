package import Web

/// How a provider is asked: over the network, or in memory where it runs in this process.
///
/// An exchange never follows a redirect and keeps no cookie. Every status is a response; a failure means that there is none.
package protocol ProviderExchange: Sendable {
    func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse
}

/// One HTTP request to a provider. Prints without its query, headers and body, which may hold secrets.
package struct ProviderRequest: Sendable, CustomStringConvertible, CustomReflectable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    /// Absolute; an exchange refuses what `EndpointURL` does not take.
    package var url: String
    package var headers: HeaderList
    package var body: [UInt8]

    package init(method: Method = .get, url: String, headers: HeaderList = [:], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    package var description: String { "\(method.rawValue) \(url.prefix { $0 != "?" })" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// One HTTP response of a provider, with at most `maximumBodyBytes` of body.
package struct ProviderResponse: Sendable {
    package static let maximumBodyBytes = 1 << 20

    package var status: Int
    package var headers: HeaderList
    package var body: [UInt8]

    package init(status: Int, headers: HeaderList = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
