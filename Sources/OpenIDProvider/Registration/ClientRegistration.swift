package import JOSE
import OpenIDConnect
import Web

/// Clients that register themselves (RFC 7591). Nothing is stored: the client's id is its metadata, sealed, and its secret is a code that
/// only we can make of the id. They end after a while, and all at once when the initial access token is changed.
package struct ClientRegistration: Sendable {
    /// In front of such ids.
    static let prefix = "gh_dc_"

    /// What has to be shown to register (§3).
    let initialAccessToken: Secret
    /// Seconds that a registered client is good for.
    let life: Int64
    private let keys: SealingKeys
    private let clock: WallClock

    package init(initialAccessToken: Secret, life: Int64, sealing: SealingKeys, clock: WallClock) {
        self.initialAccessToken = initialAccessToken
        self.life = life
        self.clock = clock
        let generation = Base64URL.encode(sha256(initialAccessToken.bytes).prefix(16))
        keys = sealing.forPurpose("client-registration/\(generation)")
    }

    /// A new client.
    func register(_ metadata: ClientMetadata) throws -> (client: Client, secret: Secret?, expiresAt: UnixTime) {
        let expiry = clock.now.adding(life)
        var members = metadata.json
        members["exp"] = .integer(expiry.seconds)
        let id = Self.prefix + (try keys.seal(JSONValue.object(members).jsonBytes))
        return (metadata.client(id: id, secret: secret(of: id)), metadata.isPublic ? nil : secret(of: id), expiry)
    }

    /// `nil` for an id that is none of ours, or whose time is over.
    func client(_ id: String) -> Client? {
        guard id.utf8.starts(with: Self.prefix.utf8), id.utf8.count <= 16 * 1024,
            let bytes = keys.open(String(decoding: id.utf8.dropFirst(Self.prefix.utf8.count), as: UTF8.self)),
            let members = (try? JSONReader.read(bytes))?.object, let expiry = members["exp"]?.integer,
            clock.now < UnixTime(seconds: expiry), let metadata = ClientMetadata(sealed: members)
        else { return nil }
        return metadata.client(id: id, secret: secret(of: id))
    }

    private func secret(of id: String) -> Secret { Secret(utf8: keys.authenticate(Array("secret/\(id)".utf8))) }
}
