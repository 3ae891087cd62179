import AuthService
import Instruments
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
    let secondFactors: any SecondFactorStore
    let signingKeys: any SigningKeyStore
    let personalTokens: any PersonalTokenStore
    let users: any UserStore
    let clients: any ClientStore
    /// `nil` where no other machine uses the storage.
    var tries: (any TryStore)?
    /// Whether the storage answers and can be written; throws what is wrong.
    let check: @Sendable () async throws(StoreFailure) -> Void
    /// What is not wrong with it, but will be; `nil`: nothing.
    var warning: @Sendable () async throws(StoreFailure) -> String? = { () throws(StoreFailure) in nil }
    /// How many sessions there are.
    let countSessions: @Sendable () async throws(StoreFailure) -> Int
    /// What the storage counts beside its calls.
    var families: @Sendable () -> [MetricFamily] = { [] }
    /// Where other machines may change what is stored.
    var replicas: Replicas?

    /// Seconds for which what was read counts although others may have changed it, as long as nobody says so. A sign-out at one
    /// replica holds at the others within the second.
    var lifeInMemory: Int64 { replicas == nil ? 60 : 1 }

    /// What a storage that several machines share needs beside the stores.
    struct Replicas: Sendable {
        /// Brings word of what the others change while `follow` runs.
        let feed: ChangeFeed
        /// Runs until it is cancelled.
        let follow: @Sendable () async -> Void
    }

    /// - Parameters:
    ///   - keySecrets: what signing keys are encrypted under; none: they are in clear.
    ///   - feed: what word of changes is passed on to, if the storage sends any.
    init(_ storage: StorageSettings, keySecrets: [Secret], meter: StoreMeter, feed: ChangeFeed) throws(StoreFailure) {
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
            secondFactors = MemorySecondFactorStore()
            plainKeys = MemorySigningKeyStore()
            personalTokens = MemoryPersonalTokenStore()
            users = MemoryUserStore()
            clients = MemoryClientStore()
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
            secondFactors = SQLiteSecondFactorStore(database)
            plainKeys = SQLiteSigningKeyStore(database)
            personalTokens = SQLitePersonalTokenStore(database)
            users = SQLiteUserStore(database)
            clients = SQLiteClientStore(database)
            check = { () throws(StoreFailure) in try await database.check() }
        case .postgres(let settings):
            let database = try PostgresDatabase(PostgresOptions(settings), meter: meter)
            let rows = PostgresSessionStore(database)
            sessions = rows
            countSessions = { () throws(StoreFailure) in try await rows.count() }
            let store = PostgresProviderStore(database)
            (provider, sso) = (store, store)
            transients = PostgresTransientStore(database)
            upstream = PostgresUpstreamStore(database)
            plainKeys = PostgresSigningKeyStore(database)
            personalTokens = PostgresPersonalTokenStore(database)
            users = PostgresUserStore(database)
            secondFactors = PostgresSecondFactorStore(database)
            clients = PostgresClientStore(database)
            tries = PostgresTryStore(database)
            check = { () throws(StoreFailure) in try await database.check() }
            families = { database.families }
            replicas = Replicas(feed: feed) { await PostgresFeed(database, feed).run() }
        case .redis(let settings):
            let database = RedisDatabase(try RedisConfiguration(settings), meter: meter)
            let records = RedisSessionStore(database)
            sessions = records
            countSessions = { () throws(StoreFailure) in try await records.count() }
            let store = RedisProviderStore(database)
            (provider, sso) = (store, store)
            transients = RedisTransientStore(database)
            upstream = RedisUpstreamStore(database)
            plainKeys = RedisSigningKeyStore(database)
            personalTokens = RedisPersonalTokenStore(database)
            users = RedisUserStore(database)
            secondFactors = RedisSecondFactorStore(database)
            clients = RedisClientStore(database)
            tries = RedisTryStore(database)
            check = { () throws(StoreFailure) in try await database.check() }
            warning = { () throws(StoreFailure) in try await database.warning() }
            families = { database.families }
            replicas = Replicas(feed: feed) { await RedisFeed(database, feed).run() }
        }
        signingKeys = SealedSigningKeyStore(
            plainKeys, keys: keySecrets.isEmpty ? nil : SealingKeys(secrets: keySecrets, purpose: "signing-keys"))
    }
}

extension PostgresOptions {
    init(_ settings: PostgresSettings) {
        self.init(
            url: settings.url, password: settings.password, rootCA: settings.rootCA, schema: settings.schema,
            connections: settings.connections, connectTime: settings.connectTimeout, time: settings.timeout)
    }
}
