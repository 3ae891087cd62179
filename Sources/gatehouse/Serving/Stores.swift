import AuthService
import JOSE
import OpenIDProvider
import Settings
import Storage

/// The stores of both roles, over what the configuration names.
struct Stores: Sendable {
    let sessions: any SessionStore
    let provider: any ProviderStore
    let signingKeys: any SigningKeyStore
    let personalTokens: any PersonalTokenStore
    /// Whether the storage answers; throws what is wrong.
    let check: @Sendable () async throws(StoreFailure) -> Void

    init(_ storage: StorageSettings) throws(StoreFailure) {
        switch storage {
        case .memory:
            sessions = MemorySessionStore()
            provider = MemoryProviderStore()
            signingKeys = MemorySigningKeyStore()
            personalTokens = MemoryPersonalTokenStore()
            check = { () throws(StoreFailure) in }
        case .sqlite(let path):
            let database = try SQLiteDatabase(path: path)
            sessions = SQLiteSessionStore(database)
            provider = SQLiteProviderStore(database)
            signingKeys = SQLiteSigningKeyStore(database)
            personalTokens = SQLitePersonalTokenStore(database)
            check = { () throws(StoreFailure) in try await database.check() }
        }
    }
}
