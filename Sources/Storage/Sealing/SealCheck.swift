import AuthService
package import JOSE
import OpenIDProvider

/// Whether what is secret in a storage opens with the configured secrets, as it would for the program. Writes nothing.
package struct SealCheck: Sendable {
    private let sealing: StoreSealing
    private let keys: SealedSigningKeyStore

    /// - Parameters:
    ///   - secrets: `storage.secrets`.
    ///   - keySecrets: `storage.keySecrets`.
    package init(secrets: [Secret] = [], keySecrets: [Secret] = []) {
        sealing = StoreSealing(secrets: secrets)
        keys = SealedSigningKeyStore(MemorySigningKeyStore(), former: keySecrets + secrets, sealing: sealing)
    }

    /// Before any record: whether what lies in clear still counts.
    func begin(_ store: any RecordStore) async throws(StoreFailure) {
        if try await store.signingKeys().purposes.contains(Resealing.notePurpose) { sealing.refuseUnsealed() }
    }

    /// Why the program does not take what is secret in a record; `nil`: it does, or nothing is.
    func refusal(of record: StoredRecord) -> StoreSealing.Reason? {
        switch record {
        case .signingKey(let key): key.purpose == Resealing.notePurpose ? nil : keys.refusal(of: key)
        case .session(let session): refusal(of: session)
        case .upstreamTokens(let tokens): sealing.refusal(of: tokens.sealed, of: .upstream(tokens.accountID))
        case .secondFactor(let factor): sealing.refusal(of: factor.sealed, of: .secondFactor(factor.id))
        case .connector(let connector): sealing.refusal(of: connector.sealed, of: .connector(connector.id))
        case .client, .user, .invitation, .consent, .grant, .authorizationCode, .providerSession, .logoutNotice, .device,
            .pushedRequest, .personalToken, .mark:
            nil
        }
    }

    private func refusal(of session: Session) -> StoreSealing.Reason? {
        guard let sealed = session.sealedTokens else {
            return sealing.takesUnsealed || SessionTokens(session).areNone ? nil : .inClear
        }
        return sealing.keys?.open(sealed, of: .session(session.key)).flatMap { SessionTokens(bytes: $0.value) } == nil
            ? .noKey : nil
    }
}
