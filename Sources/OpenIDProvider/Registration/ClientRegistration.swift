package import JOSE
import OpenIDConnect
import Web

/// Clients that register themselves (RFC 7591), among those of the store. Their secrets are codes that only we can make of their ids.
/// They end after a while, and all at once when the initial access token is changed.
package struct ClientRegistration: Sendable {
    /// In front of their ids.
    static let prefix = "gh_dc_"

    /// What has to be shown to register (§3).
    let initialAccessToken: Secret
    /// Seconds that a registered client is good for.
    let life: Int64
    let clients: StoredClients
    /// What stands for the initial access token.
    let generation: String
    private let keys: SealingKeys
    private let clock: WallClock

    package init(initialAccessToken: Secret, life: Int64, clients: StoredClients, sealing: SealingKeys, clock: WallClock) {
        self.initialAccessToken = initialAccessToken
        self.life = life
        self.clients = clients
        self.clock = clock
        generation = Base64URL.encode(sha256(initialAccessToken.bytes).prefix(16))
        keys = sealing.forPurpose("client-registration/\(generation)")
    }

    /// `nil` for an id that is none of ours, and for a client whose time is over.
    func client(_ id: String) -> Client? {
        guard let stored = registered(id), let registration = stored.registration, !stored.description.isDisabled else {
            return nil
        }
        var client = stored.description.client(id: id, secrets: stored.secrets.map(\.digest))
        client.authentication = client.isPublic ? nil : registration.authentication
        client.secrets = client.isPublic ? [] : secret(of: stored).map { [$0] } ?? []
        client.idTokenSigningAlgorithm = registration.idTokenAlgorithm ?? .rs256
        return client
    }

    /// Also a disabled one.
    func registered(_ id: String) -> StoredClient? {
        guard id.utf8.starts(with: Self.prefix.utf8), let stored = clients.registered(id),
            let registration = stored.registration, isGood(registration)
        else { return nil }
        return stored
    }

    func isGood(_ registration: StoredRegistration) -> Bool {
        clock.now < registration.expiresAt && sameBytes(registration.generation, generation)
    }

    /// `nil` for a client that has no use for one.
    func secret(of client: StoredClient) -> Secret? {
        switch client.registration?.authentication {
        case .clientSecretBasic, .clientSecretPost, .clientSecretJWT:
            Secret(utf8: keys.authenticate(Array("secret/\(client.registration?.secretNumber ?? 0)/\(client.id)".utf8)))
        case .privateKeyJWT, .tlsClientAuth, .selfSignedTLSClientAuth, .identified, nil: nil
        }
    }
}
