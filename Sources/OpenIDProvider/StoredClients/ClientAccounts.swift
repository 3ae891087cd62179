package import JOSE
import Web

/// The clients of the store, with all that follows from changing one: the tokens of a client that is disabled or deleted end.
package struct ClientAccounts: Sendable {
    /// So many clients at most: all of them are in memory.
    package static let maximumClients = 10_000
    /// Secrets of one client at once.
    package static let maximumSecrets = 5
    private static let maximumTries = 5

    let clients: StoredClients
    let issuer: Issuer

    private var store: any ClientStore { clients.store }

    package enum Change: Sendable {
        /// - Parameter secret: a new one; nobody can ask for it again.
        case changed(StoredClient, secret: Secret?)
        /// There is a client with this id.
        case taken
        case gone
        /// In words for an administrator.
        case refused(String)
    }

    /// Whether administrators make clients; else there are only those that register themselves.
    package var takesNew: Bool { issuer.settings.storedClients != nil }

    package var all: [StoredClient] { clients.all.filter { takesNew || $0.registration != nil } }

    package func client(_ id: String) -> StoredClient? {
        clients.stored(id).flatMap { takesNew || $0.registration != nil ? $0 : nil }
    }

    /// Makes a client, with a secret where it needs one.
    /// - Parameter id: `nil`: a random one.
    package func add(
        id: String?, _ description: ClientDescription
    ) async throws(ProviderStoreFailure) -> Change {
        let id = id ?? issuer.randomness.identifier()
        guard issuer.settings.client(id) == nil else { return .taken }
        guard clients.all.count < Self.maximumClients else { return .refused("there are \(Self.maximumClients) clients") }
        let made = description.usesSecret ? newSecret() : nil
        let client = StoredClient(
            id: id, description: description, secrets: made.map { [$0.known] } ?? [], createdAt: issuer.clock.now)
        guard try await store.create(client) else { return .taken }
        await clients.followIfPossible()
        return .changed(client, secret: made?.secret)
    }

    /// Changes what is said of a client. One that is disabled by it loses its tokens.
    package func change(
        id: String, _ body: (inout ClientDescription) -> String?
    ) async throws(ProviderStoreFailure) -> Change {
        let outcome = try await replace(id: id) { client in
            if let problem = body(&client.description) { return .stop(.refused(problem)) }
            // Secrets of a client that has none any more must not come back with a later change.
            if !client.description.usesSecret { client.secrets = [] }
            return .write(secret: nil)
        }
        if case .changed(let client, _) = outcome, client.description.isDisabled { try await endTokens(of: id) }
        return outcome
    }

    /// Gives a client one more secret.
    package func addSecret(id: String) async throws(ProviderStoreFailure) -> Change {
        try await replace(id: id) { client in
            guard client.description.usesSecret else { return .stop(.refused("the client has no use for a secret")) }
            guard client.secrets.count < Self.maximumSecrets else {
                return .stop(.refused("the client has \(Self.maximumSecrets) secrets: delete one first"))
            }
            let made = newSecret()
            client.secrets.append(made.known)
            return .write(secret: made.secret)
        }
    }

    /// Takes a secret from a client: it is wrong from now on.
    package func deleteSecret(_ secretID: String, id: String) async throws(ProviderStoreFailure) -> Change {
        try await replace(id: id) { client in
            guard let index = client.secrets.firstIndex(where: { sameBytes($0.id, secretID) }) else { return .stop(.gone) }
            client.secrets.remove(at: index)
            return .write(secret: nil)
        }
    }

    /// Deletes a client, and ends its tokens.
    package func delete(
        id: String, reason: String = GrantAdministration.usualReason
    ) async throws(ProviderStoreFailure) -> Change {
        guard let client = client(id), try await store.delete(id: id) else { return .gone }
        await clients.followIfPossible()
        try await endTokens(of: id, reason: reason)
        return .changed(client, secret: nil)
    }

    enum Edit {
        /// - Parameter secret: one that the client has got by it.
        case write(secret: Secret?)
        case stop(Change)
    }

    func replace(
        id: String, _ edit: (inout StoredClient) -> Edit
    ) async throws(ProviderStoreFailure) -> Change {
        for _ in 0..<Self.maximumTries {
            try await clients.follow()
            guard let before = client(id) else { return .gone }
            var client = before
            let made: Secret?
            switch edit(&client) {
            case .write(let secret): made = secret
            case .stop(let outcome): return outcome
            }
            if client == before { return .changed(before, secret: nil) }
            client.version = before.version.addingReportingOverflow(1).partialValue
            guard try await store.replace(client) else { continue }
            await clients.followIfPossible()
            return .changed(client, secret: made)
        }
        throw ProviderStoreFailure(detail: "a client changed again and again while it was changed")
    }

    private func newSecret() -> (secret: Secret, known: StoredClient.KnownSecret) {
        let secret = Secret(utf8: issuer.randomness.token(32))
        return (
            secret,
            StoredClient.KnownSecret(
                id: issuer.randomness.identifier(6), digest: SecretDigest(of: secret), createdAt: issuer.clock.now)
        )
    }

    private func endTokens(
        of id: String, reason: String = GrantAdministration.usualReason
    ) async throws(ProviderStoreFailure) {
        _ = try await GrantAdministration(issuer: issuer).end(GrantSelection(client: id), reason: reason)
    }
}
