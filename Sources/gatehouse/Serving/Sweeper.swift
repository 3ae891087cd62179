import AuthService
import Logging
import OpenIDProvider
import ServiceLifecycle

/// Deletes what has expired from the stores, a batch a minute: never so much at once that a request would wait for it.
struct Sweeper: Service {
    let sessions: Sessions?
    let provider: Provider?
    let personalTokens: PersonalTokens?
    let logger: Logger

    private static let batch = 1000

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await sweep()
                try? await Task.sleep(for: .seconds(60))
            }
        }
    }

    private func sweep() async {
        do throws(StoreFailure) {
            let count = try await sessions?.sweep(batch: Self.batch) ?? 0
            if count > 0 { logger.debug("swept sessions", metadata: ["count": "\(count)"]) }
        } catch {
            logger.warning("sessions were not swept", metadata: ["reason": "\(error.detail)"])
        }
        do throws(StoreFailure) {
            let count = try await personalTokens?.sweep(limit: Self.batch) ?? 0
            if count > 0 { logger.debug("swept personal tokens", metadata: ["count": "\(count)"]) }
        } catch {
            logger.warning("personal tokens were not swept", metadata: ["reason": "\(error.detail)"])
        }
        do throws(ProviderStoreFailure) {
            let count = try await provider?.sweep(limit: Self.batch) ?? 0
            if count > 0 { logger.debug("swept grants", metadata: ["count": "\(count)"]) }
        } catch {
            logger.warning("grants were not swept", metadata: ["reason": "\(error.detail)"])
        }
    }
}
