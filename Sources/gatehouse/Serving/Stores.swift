import AuthService
import JOSE
import OpenIDProvider
import Settings
import Storage

/// The stores of both roles, over what the configuration names.
struct Stores: Sendable {
    let sessions: any SessionStore
    let provider: any ProviderStore
    let transients: any TransientStore
    let sso: any SSOStore
    let upstream: any UpstreamStore
    let signingKeys: any SigningKeyStore
    let personalTokens: any PersonalTokenStore
    let users: any UserStore
    /// Whether the storage answers and can be written; throws what is wrong.
    let check: @Sendable () async throws(StoreFailure) -> Void
    /// How many sessions there are.
    let countSessions: @Sendable () async throws(StoreFailure) -> Int

    /// - Parameter keySecrets: what signing keys are encrypted under; none: they are in clear.
    init(_ storage: StorageSettings, keySecrets: [Secret], meter: StoreMeter) throws(StoreFailure) {
        let plainKeys: any SigningKeyStore
        switch storage {
        case .memory:
            let memory = MemorySessionStore()
            sessions = memory
            countSessions = { () throws(StoreFailure) in await memory.count() }
            let store = MemoryProviderStore()
            (provider, sso) = (store, store)
            transients = MemoryTransientStore()
            upstream = MemoryUpstreamStore()
            plainKeys = MemorySigningKeyStore()
            personalTokens = MemoryPersonalTokenStore()
            users = MemoryUserStore()
            check = { () throws(StoreFailure) in }
        case .sqlite(let path):
            let database = try SQLiteDatabase(path: path, meter: meter)
            let rows = SQLiteSessionStore(database)
            sessions = rows
            countSessions = { () throws(StoreFailure) in try await rows.count() }
            let store = SQLiteProviderStore(database)
            (provider, sso) = (store, store)
            transients = SQLiteTransientStore(database)
            upstream = SQLiteUpstreamStore(database)
            plainKeys = SQLiteSigningKeyStore(database)
            personalTokens = SQLitePersonalTokenStore(database)
            users = SQLiteUserStore(database)
            check = { () throws(StoreFailure) in try await database.check() }
        }
        signingKeys = SealedSigningKeyStore(
            plainKeys, keys: keySecrets.isEmpty ? nil : SealingKeys(secrets: keySecrets, purpose: "signing-keys"))
    }
}
