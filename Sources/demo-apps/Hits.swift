import Foundation
import Synchronization

/// Which requests have reached the two applications: what a test reads to know that a refused request went nowhere.
final class Hits: Sendable {
    /// The requests that one application has seen.
    struct Seen: Codable, Sendable {
        var count = 0
        /// The last of them, as "METHOD target", oldest first.
        var last: [String] = []
    }

    private static let kept = 100
    private let seen = Mutex<[String: Seen]>(["dashboard": Seen(), "echo": Seen()])

    func add(_ application: String, method: String, target: String) {
        seen.withLock { all in
            all[application, default: Seen()].count += 1
            all[application, default: Seen()].last.append("\(method) \(target)")
            if all[application, default: Seen()].last.count > Self.kept {
                all[application, default: Seen()].last.removeFirst()
            }
        }
    }

    func report() -> [String: Seen] {
        seen.withLock { $0 }
    }
}
