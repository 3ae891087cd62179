import RelyingParty

/// Holds every request back until the gate is open, and remembers the URLs.
actor GatedExchange: ProviderExchange {
    private let exchange: any ProviderExchange
    private(set) var urls: [String] = []
    private var isOpen = false
    private var held: [CheckedContinuation<Void, Never>] = []
    private var watcher: (requests: Int, continuation: CheckedContinuation<Void, Never>)?

    init(_ exchange: any ProviderExchange) { self.exchange = exchange }

    func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
        urls.append(request.url)
        if let watcher, urls.count >= watcher.requests {
            self.watcher = nil
            watcher.continuation.resume()
        }
        if !isOpen { await withCheckedContinuation { held.append($0) } }
        return try await exchange.exchange(request)
    }

    /// Waits for so many requests, then lets them and all later ones pass.
    func open(afterRequests count: Int) async {
        if urls.count < count { await withCheckedContinuation { watcher = (count, $0) } }
        isOpen = true
        for continuation in held { continuation.resume() }
        held = []
    }
}
