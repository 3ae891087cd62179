import AuthService
import JOSE
import OpenIDConnect
import RelyingParty
import Synchronization
import Testing
import Web

/// The auth service with one issuer of bearer tokens.
struct BearerSetup {
    let harness: Harness
    let issuer: ScriptedIssuer

    /// - Parameter introspects: tokens that are no JWT are asked about.
    init(
        introspects: Bool = false, onInvalid: InvalidCredentialAnswer = .unauthorized, rules: [Rule]? = nil,
        _ change: (inout BearerPolicy) -> Void = { _ in }
    ) throws {
        var made: ScriptedIssuer?
        harness = try Harness(parts: { parts, clock in
            let issuer = try ScriptedIssuer(clock: clock)
            made = issuer
            var policy = issuer.policy()
            change(&policy)
            let directory = issuer.directory()
            let client = ProviderClient(
                id: "i", issuer: ScriptedIssuer.issuer, clientID: "c", clientSecret: Secret(utf8: "s"))
            let inquiry = Introspection(directory: directory, endpoint: nil, client: client, exchange: issuer)
            let bearer = BearerIssuer(
                policy: policy, directory: directory, verification: introspects ? .inquiryOfOpaque(inquiry) : .keys)
            if let rules { parts.rules = RuleSet(rules, clock: clock) }
            parts.credentials = Credentials(
                bearerTokens: BearerTokens(issuers: [bearer], clock: clock), onInvalid: onInvalid)
        })
        issuer = try #require(made)
    }

    func send(
        _ authorization: String..., target: String = "/page", headers: [(name: String, value: String)] = []
    ) async -> Decision {
        var list = HeaderList(headers)
        for value in authorization { list.add("authorization", value) }
        return await harness.decide(
            WebRequest(
                method: "GET", scheme: "https", authority: "app.example.com", target: target, headers: list,
                clientAddress: "192.0.2.1"))
    }

    func send(token: String) async -> Decision { await send("Bearer \(token)") }

    /// 200 where the request is let in.
    func status(_ token: String) async -> Int { await send(token: token).status }
}

extension Decision {
    /// Of the answer; 200 for an accept.
    var status: Int { response?.status ?? 200 }
}
