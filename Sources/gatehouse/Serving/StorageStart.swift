import AuthService
import Logging
import Settings
import Storage

/// Opens the storage at the start. A database that does not answer yet, since it starts at the same moment, is waited for.
struct StorageStart: Sendable {
    let configuration: Settings.Configuration
    let logger: Logger

    /// Between two tries: the first one's twice as long each time.
    private static let pauses: ClosedRange<Duration> = .milliseconds(250)...(.seconds(8))

    func open(_ meter: StoreMeter, _ feed: ChangeFeed) async throws -> Stores {
        let patience = Duration.seconds(configuration.storageStartTimeout)
        let began = ContinuousClock.now
        var pause = Self.pauses.lowerBound
        while true {
            do throws(StoreFailure) { return try await opened(meter, feed) } catch {
                let left = patience - (.now - began)
                guard error.mayPass, left > .zero else { throw failure(error, waited: error.mayPass ? patience : .zero) }
                let next = min(pause, left)
                logger.warning(
                    "the storage does not answer yet, and is tried again",
                    metadata: ["reason": "\(error.detail)", "in": "\(next)"])
                try await Task.sleep(for: next)
                pause = min(pause * 2, Self.pauses.upperBound)
            }
        }
    }

    private func opened(_ meter: StoreMeter, _ feed: ChangeFeed) async throws(StoreFailure) -> Stores {
        let stores = try Stores(
            configuration.storage, secrets: configuration.storageSecrets, keySecrets: configuration.keySecrets, meter: meter,
            feed: feed, logger: logger)
        // A wrong password is told at the start, not with the first sign-in.
        if stores.replicas != nil { try await stores.check() }
        guard try await !stores.isHalfCopied() else {
            throw StoreFailure(detail: "a copy into it was never finished; run `gatehouse store migrate` once more")
        }
        try await stores.resealing?.begin()
        return stores
    }

    private func failure(_ failure: StoreFailure, waited: Duration) -> StartFailure {
        let tries = waited == .zero ? "" : " (it was tried for \(waited), `storage.startTimeout`)"
        return StartFailure(description: "the storage cannot be used: \(failure.detail)\(tries)")
    }
}
