import AuthService
import Logging
import ServiceLifecycle

/// Keeps the sessions that this process remembers and those in the store in step, twice a second: what another process has changed
/// or ended is forgotten here, so that a sign-out holds everywhere within a second, and what was used here is written there.
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
                await writeUses()
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
        await writeUses()
    }

    private func writeUses() async {
        do throws(StoreFailure) { try await sessions.writeUses() } catch {
            logger.warning("the use of sessions was not noted", metadata: ["reason": "\(error.detail)"])
        }
    }
}
