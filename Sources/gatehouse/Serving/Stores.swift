import AuthService
import Instruments
import JOSE
import Logging
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
    let connectors: any ConnectorStore
    /// `nil` where no other machine uses the storage.
    var tries: (any TryStore)?
    /// Whether the storage answers and can be written; throws what is wrong.
    let check: @Sendable () async throws(StoreFailure) -> Void
    /// What is not wrong with it, but will be; `nil`: nothing.
    var warning: @Sendable () async throws(StoreFailure) -> String? = { () throws(StoreFailure) in nil }
    /// Whether a copy into it (`gatehouse store migrate`) was begun and never finished.
    var isHalfCopied: @Sendable () async throws(StoreFailure) -> Bool = { () throws(StoreFailure) in false }
    /// How many sessions there are.
    let countSessions: @Sendable () async throws(StoreFailure) -> Int
    /// How it is sealed.
    let sealing: StoreSealing
    /// Seals everything under the first key; `nil`: there is no key, or nothing that outlives the process.
    let resealing: Resealing?
    /// What the storage counts beside its calls.
    var families: @Sendable () -> [MetricFamily] = { [] }
    /// Whether this machine's clock is right; where it is not, the storage is not asked.
    var clockAgrees: @Sendable () -> Bool = { true }
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
    ///   - secrets: what is sealed under: the first seals, all open; none: nothing is sealed.
    ///   - keySecrets: the same for signing keys alone, where there are no `secrets`.
    ///   - logger: is told of what no key opens.
    ///   - feed: what word of changes is passed on to, if the storage sends any.
    init(
        _ storage: StorageSettings, secrets: [Secret], keySecrets: [Secret], meter: StoreMeter, feed: ChangeFeed,
        logger: Logger
    ) throws(StoreFailure) {
        let sealing = StoreSealing(secrets: secrets) { logger.warning("\($0)") }
        let plainKeys: any SigningKeyStore
        let plainSessions: any SessionStore
        let plainUpstream: any UpstreamStore
        let plainFactors: any SecondFactorStore
        let plainConnectors: any ConnectorStore
        var values: (any SealedValueStore)?
        switch storage {
        case .memory:
            let memory = MemorySessionStore()
            plainSessions = memory
            countSessions = { () throws(StoreFailure) in await memory.count() }
            let store = MemoryProviderStore()
            (provider, sso) = (store, store)
            transients = MemoryTransientStore()
            plainUpstream = MemoryUpstreamStore()
            plainFactors = MemorySecondFactorStore()
            plainKeys = MemorySigningKeyStore()
            personalTokens = MemoryPersonalTokenStore()
            users = MemoryUserStore()
            clients = MemoryDocumentStore<StoredClient>()
            plainConnectors = MemoryDocumentStore<StoredConnector>()
            check = { () throws(StoreFailure) in }
        case .sqlite(let path):
            let database = try SQLiteDatabase(path: path, meter: meter)
            let rows = SQLiteSessionStore(database)
            plainSessions = rows
            countSessions = { () throws(StoreFailure) in try await rows.count() }
            let store = SQLiteProviderStore(database)
            (provider, sso) = (store, store)
            transients = SQLiteTransientStore(database)
            plainUpstream = SQLiteUpstreamStore(database)
            plainFactors = SQLiteSecondFactorStore(database)
            values = SQLiteSealedValues(database)
            plainKeys = SQLiteSigningKeyStore(database)
            personalTokens = SQLitePersonalTokenStore(database)
            users = SQLiteUserStore(database)
            clients = SQLiteDocumentStore<StoredClient>(database)
            plainConnectors = SQLiteDocumentStore<StoredConnector>(database)
            check = { () throws(StoreFailure) in try await database.check() }
            isHalfCopied = { () throws(StoreFailure) in try await SQLiteRecordStore(database).isHalfCopied() }
        case .postgres(let settings):
            let database = try PostgresDatabase(PostgresOptions(settings), meter: meter)
            let rows = PostgresSessionStore(database)
            plainSessions = rows
            countSessions = { () throws(StoreFailure) in try await rows.count() }
            let store = PostgresProviderStore(database)
            (provider, sso) = (store, store)
            transients = PostgresTransientStore(database)
            plainUpstream = PostgresUpstreamStore(database)
            plainKeys = PostgresSigningKeyStore(database)
            personalTokens = PostgresPersonalTokenStore(database)
            users = PostgresUserStore(database)
            plainFactors = PostgresSecondFactorStore(database)
            values = PostgresSealedValues(database)
            clients = PostgresDocumentStore<StoredClient>(database)
            plainConnectors = PostgresDocumentStore<StoredConnector>(database)
            tries = PostgresTryStore(database)
            check = { () throws(StoreFailure) in try await database.check() }
            isHalfCopied = { () throws(StoreFailure) in try await PostgresRecordStore(database).isHalfCopied() }
            families = { database.families }
            clockAgrees = { database.clockAgrees }
            replicas = Replicas(feed: feed) { await PostgresFeed(database, feed).run() }
        case .redis(let settings):
            let database = RedisDatabase(try RedisConfiguration(settings), meter: meter)
            let records = RedisSessionStore(database)
            plainSessions = records
            countSessions = { () throws(StoreFailure) in try await records.count() }
            let store = RedisProviderStore(database)
            (provider, sso) = (store, store)
            transients = RedisTransientStore(database)
            plainUpstream = RedisUpstreamStore(database)
            plainKeys = RedisSigningKeyStore(database)
            personalTokens = RedisPersonalTokenStore(database)
            users = RedisUserStore(database)
            plainFactors = RedisSecondFactorStore(database)
            values = RedisSealedValues(database)
            clients = RedisDocumentStore<StoredClient>(database)
            plainConnectors = RedisDocumentStore<StoredConnector>(database)
            tries = RedisTryStore(database)
            check = { () throws(StoreFailure) in try await database.check() }
            warning = { () throws(StoreFailure) in try await database.warning() }
            isHalfCopied = { () throws(StoreFailure) in try await RedisRecordStore(database).isHalfCopied() }
            families = { database.families }
            clockAgrees = { database.clockAgrees }
            replicas = Replicas(feed: feed) { await RedisFeed(database, feed).run() }
        }
        self.sealing = sealing
        sessions = SealedSessionStore(plainSessions, sealing: sealing)
        upstream = SealedUpstreamStore(plainUpstream, sealing: sealing)
        secondFactors = SealedSecondFactorStore(plainFactors, sealing: sealing)
        connectors = SealedConnectorStore(plainConnectors, sealing: sealing)
        let sealedKeys = SealedSigningKeyStore(plainKeys, former: keySecrets + secrets, sealing: sealing)
        signingKeys = sealedKeys
        resealing = values.flatMap { Resealing($0, sealing: sealing, keys: sealedKeys, notes: plainKeys) }
    }
}

extension PostgresOptions {
    init(_ settings: PostgresSettings) {
        self.init(
            url: settings.url, password: settings.password, rootCA: settings.rootCA, schema: settings.schema,
            connections: settings.connections, connectTime: settings.connectTimeout, time: settings.timeout)
    }
}
