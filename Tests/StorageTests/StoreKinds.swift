import AuthService
import Foundation
import GRDB
import JOSE
import OpenIDProvider
import Storage
import Testing

/// Every implementation of the stores, made anew for one test.
enum StoreKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory
    case sqlite
    case postgres
    case redis
    case valkey

    /// Those that several processes can share.
    static let shared: [StoreKind] = [.sqlite, .postgres, .redis, .valkey]
    /// Those that number the changes of sessions.
    static let numbering: [StoreKind] = [.sqlite, .postgres]

    var testDescription: String { rawValue }

    /// `nil` where it is neither Redis nor Valkey.
    var redis: RedisServer.Engine? {
        switch self {
        case .redis: .redis
        case .valkey: .valkey
        case .memory, .sqlite, .postgres: nil
        }
    }
}

/// SQLite's file goes when the fixture does, and everything in Postgres and Redis with the tests' own servers.
final class StoreFixture: Sendable {
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
    /// `nil` where nothing is counted together.
    let tries: (any TryStore)?
    /// Where there is something to seal anew.
    let values: (any SealedValueStore)?
    /// All of it; `nil` in memory.
    let records: (any RecordStore)?
    private let kind: StoreKind
    /// Of SQLite's file; what keys in Redis begin with.
    let path: String
    /// Where it is Postgres.
    let postgres: PostgresDatabase?
    private let turn: Turns.Turn?

    init(_ kind: StoreKind) async throws {
        self.kind = kind
        path = NSTemporaryDirectory() + "gatehouse-\(UUID().uuidString).db"
        switch kind {
        case .memory:
            sessions = MemorySessionStore()
            let store = MemoryProviderStore()
            (provider, sso) = (store, store)
            transients = MemoryTransientStore()
            upstream = MemoryUpstreamStore()
            secondFactors = MemorySecondFactorStore()
            signingKeys = MemorySigningKeyStore()
            personalTokens = MemoryPersonalTokenStore()
            users = MemoryUserStore()
            clients = MemoryDocumentStore<StoredClient>()
            connectors = MemoryDocumentStore<StoredConnector>()
            tries = nil
            values = nil
            records = nil
            (postgres, turn) = (nil, nil)
        case .sqlite:
            let database = try SQLiteDatabase(path: path)
            sessions = SQLiteSessionStore(database)
            let store = SQLiteProviderStore(database)
            (provider, sso) = (store, store)
            transients = SQLiteTransientStore(database)
            upstream = SQLiteUpstreamStore(database)
            secondFactors = SQLiteSecondFactorStore(database)
            signingKeys = SQLiteSigningKeyStore(database)
            personalTokens = SQLitePersonalTokenStore(database)
            users = SQLiteUserStore(database)
            clients = SQLiteDocumentStore<StoredClient>(database)
            connectors = SQLiteDocumentStore<StoredConnector>(database)
            tries = nil
            values = SQLiteSealedValues(database)
            records = SQLiteRecordStore(database)
            (postgres, turn) = (nil, nil)
        case .postgres:
            let (database, turn) = try await PrivatePostgres.database()
            sessions = PostgresSessionStore(database)
            let store = PostgresProviderStore(database)
            (provider, sso) = (store, store)
            transients = PostgresTransientStore(database)
            upstream = PostgresUpstreamStore(database)
            signingKeys = PostgresSigningKeyStore(database)
            personalTokens = PostgresPersonalTokenStore(database)
            users = PostgresUserStore(database)
            secondFactors = PostgresSecondFactorStore(database)
            clients = PostgresDocumentStore<StoredClient>(database)
            connectors = PostgresDocumentStore<StoredConnector>(database)
            tries = PostgresTryStore(database)
            values = PostgresSealedValues(database)
            records = PostgresRecordStore(database)
            (postgres, self.turn) = (database, turn)
        case .redis, .valkey:
            let database = try await RedisServer.database(kind == .valkey ? .valkey : .redis, prefix: path)
            sessions = RedisSessionStore(database)
            let store = RedisProviderStore(database)
            (provider, sso) = (store, store)
            transients = RedisTransientStore(database)
            upstream = RedisUpstreamStore(database)
            signingKeys = RedisSigningKeyStore(database)
            personalTokens = RedisPersonalTokenStore(database)
            users = RedisUserStore(database)
            secondFactors = RedisSecondFactorStore(database)
            clients = RedisDocumentStore<StoredClient>(database)
            connectors = RedisDocumentStore<StoredConnector>(database)
            tries = RedisTryStore(database)
            values = RedisSealedValues(database)
            records = RedisRecordStore(database)
            (postgres, turn) = (nil, nil)
        }
    }

    /// The sessions as another process on the same storage has them.
    func otherProcess() async throws -> any SessionStore {
        if let redis = kind.redis { return RedisSessionStore(try await RedisServer.database(redis, prefix: path)) }
        guard let postgres else { return SQLiteSessionStore(try SQLiteDatabase(path: path)) }
        return PostgresSessionStore(try await PrivatePostgres.database(schema: postgres.schema))
    }

    /// Runs a statement beside the stores.
    func execute(_ sql: String) async throws {
        if let postgres { return try await PrivatePostgres.execute(sql, schema: postgres.schema) }
        try await DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    }

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
}
