import JOSE
import OpenIDConnect

/// What clients that register themselves do in the store.
struct RegisteredClients: Sendable {
    /// So many of the store's places are theirs at most: whoever has the initial access token cannot fill it for others.
    static let maximumClients = ClientAccounts.maximumClients / 2

    let registration: ClientRegistration
    let issuer: Issuer

    private var accounts: ClientAccounts { ClientAccounts(clients: registration.clients, issuer: issuer) }

    enum Outcome: Sendable {
        case done(StoredClient)
        /// It is none any more, or its token is another one by now.
        case gone
        case full
    }

    /// A new client, and its registration access token.
    func add(_ metadata: ClientMetadata) async throws(ProviderStoreFailure) -> (outcome: Outcome, token: Secret) {
        let token = Secret(utf8: issuer.randomness.token(32))
        let registered = registration.clients.all.filter { $0.registration != nil }.count
        guard registered < Self.maximumClients else { return (.full, token) }
        var description = ClientDescription()
        var kept = StoredRegistration(
            tokenDigest: SecretDigest(of: token), expiresAt: issuer.clock.now.adding(registration.life),
            generation: registration.generation)
        metadata.replace(&description, &kept)
        let client = StoredClient(
            id: ClientRegistration.prefix + issuer.randomness.token(16), description: description, secrets: [],
            registration: kept, createdAt: issuer.clock.now)
        guard try await registration.clients.store.create(client) else {
            throw ProviderStoreFailure(detail: "a random client id was taken")
        }
        await registration.clients.followIfPossible()
        return (.done(client), token)
    }

    /// What a client says takes the place of all that it has said before (RFC 7592 §2.2), and its time begins anew.
    /// - Parameter keepsSecret: `false` gives it another one.
    func replace(
        id: String, token: Secret, _ metadata: ClientMetadata, keepsSecret: Bool
    ) async throws(ProviderStoreFailure) -> Outcome {
        let outcome = try await accounts.replace(id: id) { client in
            guard var kept = client.registration, matches(kept, token) else { return .stop(.gone) }
            metadata.replace(&client.description, &kept)
            kept.expiresAt = issuer.clock.now.adding(registration.life)
            if !keepsSecret { kept.secretNumber = kept.secretNumber.addingReportingOverflow(1).partialValue }
            client.registration = kept
            return .write(secret: nil)
        }
        switch outcome {
        case .changed(let client, _): return .done(client)
        case .gone, .taken, .refused: return .gone
        }
    }

    /// Deletes a client; its grants and tokens end (RFC 7592 §2.3).
    func delete(id: String, reason: String) async throws(ProviderStoreFailure) -> Outcome {
        switch try await accounts.delete(id: id, reason: reason) {
        case .changed(let client, _): .done(client)
        case .gone, .taken, .refused: .gone
        }
    }

    /// Deletes at most `limit` clients whose time is over. Not those of another initial access token: a replica may have a newer one.
    /// - Returns: how many.
    func sweep(limit: Int) async throws(ProviderStoreFailure) -> Int {
        let now = issuer.clock.now
        let over = registration.clients.all.filter { client in client.registration.map { $0.expiresAt <= now } ?? false }
        var count = 0
        for client in over.prefix(limit) {
            if case .done = try await delete(id: client.id, reason: "the registration of the client has expired") { count += 1 }
        }
        return count
    }

    /// Whether this is the token of the client's registration.
    func matches(_ kept: StoredRegistration, _ token: Secret) -> Bool {
        registration.isGood(kept) && Secret(kept.tokenDigest.bytes).matches(Secret(SecretDigest(of: token).bytes))
    }
}
