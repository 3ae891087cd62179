import AuthService
import NIOHTTP1

extension Verdict {
    /// The verdict for a gateway that can overwrite headers but not remove those that a reply names: what was not taken from
    /// the client's request before the check would reach the application.
    ///
    /// Such gateways strip our headers before they ask. One that is still there (a spelling that the gateway's configuration
    /// cannot name, or a configuration that strips nothing) closes the gate.
    init(_ decision: Decision, forwarded head: HTTPRequestHead) {
        self = Verdict(decision, gatewayCarriesPages: false)
        guard case .allow(let accepted) = self else { return }
        let names = Set(head.headers.map { $0.name.lowercased() }).subtracting(Self.neededByTheCheck)
            .subtracting(ForwardedRequest.gatewayHeaders)
        let ours = accepted.headersToSet.map(\.name) + accepted.headersToRemove
        guard ours.contains(where: { names.contains($0.lowercased()) }) else { return }
        self = .answer(Refusal.forgedHeader.response, .forbidden)
    }

    /// The client's own credentials. The gateway overwrites them with ours where they are ours to set.
    private static var neededByTheCheck: Set<String> { ["authorization", "cookie"] }
}

extension Accepted {
    /// Every header of ours, with an empty value where there is nothing to say: a gateway that copies it overwrites the
    /// client's.
    var namedHeaders: [Header] {
        headersToSet + headersToRemove.map { Header(name: $0, value: "") }
    }
}
