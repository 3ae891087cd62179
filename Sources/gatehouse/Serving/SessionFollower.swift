import AuthService
import Logging
import ServiceLifecycle

/// Forgets what this process remembers of sessions that another one on the same store has changed or ended: twice a second, so
/// that a sign-out holds everywhere within one.
struct SessionFollower: Service {
    let sessions: Sessions
    /// Where the store was before this process remembered anything; `nil` where it could not say.
    var position: Int64?
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown {
            var position = position
            while !Task.isCancelled {
                do throws(StoreFailure) { position = try await sessions.forgetChanges(since: position) } catch {
                    // What is remembered meanwhile is read again after a minute anyway.
                    logger.warning("the changes of sessions could not be read", metadata: ["reason": "\(error.detail)"])
                }
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}
