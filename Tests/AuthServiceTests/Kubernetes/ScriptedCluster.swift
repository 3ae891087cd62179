import JOSE
import RelyingParty
import Synchronization
import Web

/// An API server whose answers and outages a test chooses; remembers what it was asked.
final class ScriptedCluster: ProviderExchange {
    struct Script: Sendable {
        var isDown = false
        /// Whom it allows what: `user verb resource namespace`.
        var allowed: Set<String> = []
        var asked: [String] = []
        /// Until it is set, answers wait.
        var isHeld = false
    }

    let script = Mutex(Script())

    var asked: [String] { script.withLock { $0.asked } }

    func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
        let spec = (try? JSONReader.read(request.body))?.object?["spec"]?.object ?? JSONObject()
        let resource = spec["resourceAttributes"]?.object ?? JSONObject()
        let texts = [spec["user"], resource["verb"], resource["resource"], resource["namespace"]]
        let text = texts.compactMap { $0?.string }.joined(separator: " ")
        let isDown = script.withLock { script in
            script.asked.append(text)
            return script.isDown
        }
        while script.withLock({ $0.isHeld }) { await Task.yield() }
        guard !isDown else { throw UpstreamFailure(.unreachable, "down") }
        let isAllowed = script.withLock { $0.allowed.contains(text) }
        let answer: JSONValue = ["status": ["allowed": .bool(isAllowed)]]
        return ProviderResponse(status: 201, body: answer.jsonBytes)
    }
}
