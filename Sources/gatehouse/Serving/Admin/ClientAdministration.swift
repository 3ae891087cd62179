import Accounts
import JOSE
import OpenIDProvider
import Settings
import Web

/// The provider's clients, for those who administer it: `/api/clients` and below. Those of the configuration are shown and stay as the
/// file has them; those of the storage can be made and changed, and those that have registered themselves can be changed.
struct ClientAdministration: Sendable {
    /// Those of the configuration.
    let fixed: [ClientSettings]
    /// `nil`: there are none in the storage.
    let accounts: ClientAccounts?
    let audit: AuditLog

    func answer(_ request: AdminRequest) async -> WebResponse {
        await AdminProblem.answering(for: "clients") {
            try request.allow()
            let isOfSecrets = request.path.count > 1 && sameBytes(request.path[1], "secrets")
            switch (request.path.count, request.method) {
            case (0, "GET"): return list()
            case (0, "POST"): return try await add(request)
            case (0, _): throw AdminProblem.method("GET", "POST")
            case (1, "GET"): return try show(request)
            case (1, "PATCH"): return try await change(request)
            case (1, "DELETE"): return try await delete(request)
            case (1, _): throw AdminProblem.method("GET", "PATCH", "DELETE")
            case (2, "POST") where isOfSecrets: return try await addSecret(request)
            case (2, _) where isOfSecrets: throw AdminProblem.method("POST")
            case (3, "DELETE") where isOfSecrets: return try await deleteSecret(request)
            case (3, _) where isOfSecrets: throw AdminProblem.method("DELETE")
            default: throw AdminProblem.notFound
            }
        }
    }

    private func list() -> WebResponse {
        .administration(["clients": .array(fixed.map(\.listing) + (accounts?.all ?? []).map(\.listing))])
    }

    private func show(_ request: AdminRequest) throws -> WebResponse {
        let id = request.path[0]
        guard let listing = fixed.named(id)?.listing ?? accounts?.client(id)?.listing else { throw Self.unknown }
        return .administration(["client": listing])
    }

    private func add(_ request: AdminRequest) async throws -> WebResponse {
        let accounts = try changeable()
        guard accounts.takesNew else { throw Self.notHere }
        let members = try request.members(["id"] + ClientRules.names)
        let id = try members["id"].map { value in
            guard let id = value.string else { throw AdminProblem(400, "`id` is not a text") }
            if let problem = ClientRules.problem(id: id) { throw AdminProblem(400, problem) }
            return id
        }
        if let id, fixed.named(id) != nil { throw AdminProblem(409, "the configuration has a client with this id") }
        var description = ClientDescription()
        if let problem = ClientRules.apply(members, to: &description) { throw AdminProblem(400, problem) }
        return try answer(await accounts.add(id: id, description), "made", status: 201)
    }

    private func change(_ request: AdminRequest) async throws -> WebResponse {
        let (accounts, id) = try stored(request)
        let members = try request.members(ClientRules.names)
        let before = accounts.client(id)?.description.isDisabled
        let outcome = try await accounts.change(id: id) { ClientRules.apply(members, to: &$0) }
        guard case .changed(let client, _) = outcome, client.description.isDisabled != before else {
            return try answer(outcome, "changed")
        }
        return try answer(outcome, client.description.isDisabled ? "disabled" : "enabled")
    }

    private func delete(_ request: AdminRequest) async throws -> WebResponse {
        let (accounts, id) = try stored(request)
        return try answer(await accounts.delete(id: id), "deleted")
    }

    private func addSecret(_ request: AdminRequest) async throws -> WebResponse {
        let (accounts, id) = try stored(request)
        return try answer(await accounts.addSecret(id: id), "given another secret", status: 201)
    }

    private func deleteSecret(_ request: AdminRequest) async throws -> WebResponse {
        let (accounts, id) = try stored(request)
        let outcome = try await accounts.deleteSecret(request.path[2], id: id)
        if case .gone = outcome { throw AdminProblem(404, "the client has no such secret") }
        return try answer(outcome, "a secret deleted")
    }

    private func answer(_ outcome: ClientAccounts.Change, _ done: String, status: Int = 200) throws -> WebResponse {
        switch outcome {
        case .changed(let client, let secret):
            note(done, client)
            var content = JSONObject([("client", client.listing)])
            content["secret"] = secret.map { .string($0.text) }
            return .administration(.object(content), status: status)
        case .taken: throw AdminProblem(409, "there is a client with this id")
        case .gone: throw Self.unknown
        case .refused(let why): throw AdminProblem(400, why)
        }
    }

    private static let notHere = AdminProblem(
        409, "there are no clients in the storage: set `provider.storedClients` in the configuration")

    private static let unknown = AdminProblem(404, "there is no such client")

    private func changeable() throws -> ClientAccounts {
        guard let accounts else {
            throw Self.notHere
        }
        return accounts
    }

    private func stored(_ request: AdminRequest) throws -> (ClientAccounts, String) {
        guard fixed.named(request.path[0]) == nil else {
            throw AdminProblem(409, "the client is one of the configuration: change the file")
        }
        return (try changeable(), request.path[0])
    }

    private func note(_ what: String, _ client: StoredClient) {
        var event = AuditEvent(
            kind: .clientChanged, reference: Reference(randomness: .system), reason: "an administrator: \(what)")
        event.client = client.id
        audit.record(event)
    }
}

extension [ClientSettings] {
    fileprivate func named(_ id: String) -> ClientSettings? { first { sameBytes($0.id, id) } }
}
