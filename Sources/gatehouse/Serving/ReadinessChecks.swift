import AuthService
import JOSE
import Operations
import Synchronization

/// What `/readyz` looks at.
struct ReadinessChecks: Sendable {
    let stores: Stores
    let keys: [SigningKeyPurpose]
    let listeners: OpenListeners

    var all: [Readiness.Check] {
        [
            Readiness.Check("store", run: store), Readiness.Check("keys", run: signingKeys),
            Readiness.Check("listeners") { listeners.outcome },
        ]
    }

    private func store() async -> Readiness.Outcome {
        do throws(StoreFailure) {
            try await stores.check()
            return .found(detail: "answers, and can be written")
        } catch {
            return .failed(reason: error.detail)
        }
    }

    private func signingKeys() async -> Readiness.Outcome {
        var found: [String] = []
        for purpose in keys {
            guard let keys = try? await stores.signingKeys.signingKeys(purpose: purpose.rawValue) else {
                return .failed(reason: "the keys of purpose \(purpose.rawValue) cannot be read")
            }
            guard !keys.isEmpty else { return .failed(reason: "there is no key of purpose \(purpose.rawValue)") }
            found.append("\(purpose.rawValue): \(keys.count)")
        }
        return .found(detail: found.isEmpty ? "none are needed" : found.joined(separator: ", "))
    }
}

/// The listeners that are to be open, and where those are that are.
final class OpenListeners: Sendable {
    private let wanted: [String]
    private let places = Mutex<[String: String]>([:])

    init(_ wanted: [String]) { self.wanted = wanted }

    func note(_ name: String, at place: String) { places.withLock { $0[name] = place } }

    var outcome: Readiness.Outcome {
        let places = places.withLock { $0 }
        let missing = wanted.filter { places[$0] == nil }
        guard missing.isEmpty else { return .failed(reason: "not open: \(missing.joined(separator: ", "))") }
        return .found(detail: wanted.map { "\($0) \(places[$0] ?? "")" }.joined(separator: ", "))
    }
}
