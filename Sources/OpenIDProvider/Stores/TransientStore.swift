package import JOSE

/// Where the provider keeps what lives for minutes: device authorizations, pushed authorization requests, and the names of what may
/// come once only. Every operation either has happened when it returns, or throws `ProviderStoreFailure`.
package protocol TransientStore: Sendable {
    /// Writes a device authorization unless there are `limit` of them already, or one with its user code.
    /// - Returns: whether it was written.
    func create(_ device: DeviceRecord, limit: Int) async throws(ProviderStoreFailure) -> Bool

    /// The device authorization as it is now, expired or not.
    func device(_ key: SecretDigest) async throws(ProviderStoreFailure) -> DeviceRecord?

    func device(userCode: SecretDigest) async throws(ProviderStoreFailure) -> DeviceRecord?

    /// Compare-and-swap on the version, as `ProviderStore.replace`.
    func replace(_ device: DeviceRecord) async throws(ProviderStoreFailure) -> Bool

    /// Writes a pushed authorization request unless there are `limit` of them already.
    /// - Returns: whether it was written.
    func push(_ request: PushedRequestRecord, limit: Int) async throws(ProviderStoreFailure) -> Bool

    /// Reads a pushed request and deletes it, as one atomic step: of any number of callers exactly one gets it.
    func takePushedRequest(_ key: SecretDigest) async throws(ProviderStoreFailure) -> PushedRequestRecord?

    /// Remembers a name until a moment, if it is not remembered already: of any number of callers exactly one is told `true`.
    func takeOnce(_ name: SecretDigest, until: UnixTime) async throws(ProviderStoreFailure) -> Bool

    /// Whether the name is remembered.
    func isTaken(_ name: SecretDigest) async throws(ProviderStoreFailure) -> Bool

    /// Deletes at most `limit` rows of each kind whose time is over.
    /// - Returns: how many it deleted.
    func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int
}

extension SecretDigest {
    /// The digest of a name made of several parts: no two lists of parts make the same.
    static func name(_ parts: String...) -> SecretDigest {
        SecretDigest(bytes: sha256(parts.flatMap { sha256($0.utf8) }))
    }
}
