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

/// Holds work back until it is opened or its task is cancelled; tells when somebody has come to it.
actor Gate {
    private var isOpen = false
    private var visitors = 0

    struct NobodyCame: Error {}

    func wait() async {
        visitors += 1
        while !isOpen, await Self.aMoment() {}
    }

    func open() { isOpen = true }

    /// Returns when somebody has come.
    /// - Throws: `NobodyCame` after three minutes: whoever was to come has been turned away before.
    func somebodyWaits() async throws {
        let end = ContinuousClock.now + .seconds(180)
        while visitors == 0, await Self.aMoment() {
            guard .now < end else { throw NobodyCame() }
        }
    }

    /// `false`: the task is cancelled.
    private static func aMoment() async -> Bool { (try? await Task.sleep(for: .milliseconds(5))) != nil }
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
