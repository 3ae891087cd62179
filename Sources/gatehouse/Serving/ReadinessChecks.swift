import AuthService
import JOSE
import Operations
import Storage
import Synchronization

/// What `/readyz` looks at.
struct ReadinessChecks: Sendable {
    let stores: Stores
    let sessions: Sessions?
    let keys: [SigningKeyPurpose]
    let listeners: OpenListeners

    var all: [Readiness.Check] {
        [
            Readiness.Check("store", run: store), Readiness.Check("keys", run: signingKeys),
            Readiness.Check("listeners") { listeners.outcome },
        ] + (sessions == nil || stores.replicas == nil ? [] : [Readiness.Check("replicas", run: replicas)])
    }

    private func store() async -> Readiness.Outcome {
        do throws(StoreFailure) {
            try await stores.check()
            let warning = try await stores.warning()
            return .found(detail: ["answers, and can be written", warning].compactMap { $0 }.joined(separator: ". "))
        } catch {
            return .failed(reason: error.detail)
        }
    }

    /// A replica that does not hear of the others goes on: it asks the store instead.
    private func replicas() async -> Readiness.Outcome {
        if let age = sessions?.unfollowedSeconds, age > 1 {
            return .found(
                detail: "the changes of the others are not known since \(age) s: the store is asked about every session")
        }
        switch stores.replicas?.feed.state {
        case nil, .follows: return .found(detail: "the store tells of the changes of the others")
        case .lost(let reason):
            return .found(detail: "the store is asked twice a second for the changes of the others: \(reason)")
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
