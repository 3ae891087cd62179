import AuthService
import JOSE
import Synchronization
import Web

/// Answers every check in one way, and keeps the requests that it was asked about.
final class StubAuthorizer: Authorizing {
    private let outcome: @Sendable (CheckRequest) -> CheckOutcome
    private let asked = Mutex<[CheckRequest]>([])

    init(_ outcome: @escaping @Sendable (CheckRequest) -> CheckOutcome) {
        self.outcome = outcome
    }

    convenience init(_ decision: Decision) {
        self.init { _ in .decided(decision) }
    }

    /// Decides on the slow lane, once `gate` has let it.
    convenience init(_ decision: Decision, behind gate: Gate) {
        self.init { _ in
            .pending {
                await gate.wait()
                return decision
            }
        }
    }

    var requests: [CheckRequest] { asked.withLock { $0 } }

    func decide(_ request: CheckRequest) -> CheckOutcome {
        asked.withLock { $0.append(request) }
        guard case .decided(.accept(var accepted)) = outcome(request) else { return outcome(request) }
        let ours = accepted.headersToSet.map(\.name) + accepted.headersToRemove
        accepted.sentByClient = request.http.headers.fields.map(\.name).filter(ours.contains)
        return .decided(.accept(accepted))
    }

    func refuse(_ check: UnreadableCheck) -> Decision {
        let headers: HeaderList = check.status == 503 ? ["retry-after": "1"] : [:]
        return .reject(check.status == 503 ? .unavailable : .invalidRequest, check.status, headers: headers, body: check.reason)
    }
}

/// Holds work back until it is opened; tells when somebody has come to it.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    struct NobodyCame: Error {}

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    /// Returns when somebody waits.
    /// - Throws: `NobodyCame` after a minute: whoever was to come has been turned away before.
    func somebodyWaits() async throws {
        let end = ContinuousClock.now + .seconds(60)
        while waiting.isEmpty {
            guard .now < end else { throw NobodyCame() }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

extension Decision {
    static var allow: Decision {
        .accept(
            Accepted(
                headersToSet: [.init(name: "x-user", value: "ada"), .init(name: "x-groups", value: "")],
                headersToRemove: ["x-forwarded-user"], cookies: ["a=1; Path=/", "b=2; Path=/"], metadata: ["user": "ada"]))
    }

    static func reject(_ kind: Rejection.Kind, _ status: Int, headers: HeaderList = [:], body: String = "") -> Decision {
        .reject(Rejection(kind: kind, response: WebResponse(status: status, headers: headers, body: [UInt8](body.utf8))))
    }

    static func page(_ status: Int, headers: HeaderList = [:], body: [UInt8] = []) -> Decision {
        .respond(Page(response: WebResponse(status: status, headers: headers, body: body)))
    }
}
