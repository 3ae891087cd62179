import AuthService
import Logging
import ServiceLifecycle
import Storage

/// Keeps the sessions that this process remembers and those in the store in step, twice a second, and when the store says that
/// something has changed: what another process has changed or ended is forgotten here, so that a sign-out holds everywhere within a
/// second, and what was used here is written there.
struct SessionFollower: Service {
    let sessions: Sessions
    /// Where the store was before this process remembered anything; `nil` where it could not say.
    var position: Int64?
    /// Where word of changes comes from, if the store sends any.
    let feed: ChangeFeed
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask {
                    while !Task.isCancelled {
                        feed.tell()
                        try? await Task.sleep(for: .milliseconds(500))
                    }
                }
                await follow()
                group.cancelAll()
            }
        }
        await writeUses()
    }

    /// Until it is cancelled.
    private func follow() async {
        var position = position
        for await _ in feed.words {
            do throws(StoreFailure) { position = try await sessions.forgetChanges(since: position) } catch {
                // What is remembered meanwhile soon counts for nothing.
                logger.warning("the changes of sessions could not be read", metadata: ["reason": "\(error.detail)"])
            }
            await writeUses()
            // Many sign-outs at once are asked for together.
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    private func writeUses() async {
        do throws(StoreFailure) { try await sessions.writeUses() } catch {
            logger.warning("the use of sessions was not noted", metadata: ["reason": "\(error.detail)"])
        }
    }
}
