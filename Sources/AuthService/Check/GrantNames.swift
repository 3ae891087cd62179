import Synchronization

/// The names of a grant's headers. They are the same for nearly everybody, and so are kept once.
final class GrantNames: Sendable {
    /// Lower case.
    let removed: [String]
    /// Those that are set, in lower case, and those that are removed.
    let all: Set<String>

    private struct Key: Hashable {
        let set: [String]
        let removed: [String]
    }

    private static let known = Mutex<[Key: GrantNames]>([:])
    /// Which of the claims people have makes a difference, and which rule: never many.
    private static let maximum = 256

    private init(_ key: Key) {
        let set = Set(key.set)
        // Envoy removes after it has set: a name on both lists would lose its value.
        removed = key.removed.filter { !set.contains($0.lowercased()) }
        all = set.union(key.removed)
    }

    static func of(set: [Accepted.Header], removed: [String]) -> GrantNames {
        let key = Key(set: set.map { $0.name.lowercased() }, removed: removed)
        return known.withLock { known in
            if let names = known[key] { return names }
            if known.count >= maximum { known = [:] }
            let names = GrantNames(key)
            known[key] = names
            return names
        }
    }
}
