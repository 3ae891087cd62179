import AuthService
import Foundation
import JOSE
import OpenIDProvider
import Storage
import Testing

/// Every implementation of the stores, made anew for one test. SQLite's file goes when the fixture does.
enum StoreKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory
    case sqlite

    var testDescription: String { rawValue }
}

final class StoreFixture: Sendable {
    let sessions: any SessionStore
    let provider: any ProviderStore
    let transients: any TransientStore
    let sso: any SSOStore
    let upstream: any UpstreamStore
    let signingKeys: any SigningKeyStore
    let personalTokens: any PersonalTokenStore
    let users: any UserStore
    let path: String

    init(_ kind: StoreKind) throws {
        path = NSTemporaryDirectory() + "gatehouse-\(UUID().uuidString).db"
        switch kind {
        case .memory:
            sessions = MemorySessionStore()
            let store = MemoryProviderStore()
            (provider, sso) = (store, store)
            transients = MemoryTransientStore()
            upstream = MemoryUpstreamStore()
            signingKeys = MemorySigningKeyStore()
            personalTokens = MemoryPersonalTokenStore()
            users = MemoryUserStore()
        case .sqlite:
            let database = try SQLiteDatabase(path: path)
            sessions = SQLiteSessionStore(database)
            let store = SQLiteProviderStore(database)
            (provider, sso) = (store, store)
            transients = SQLiteTransientStore(database)
            upstream = SQLiteUpstreamStore(database)
            signingKeys = SQLiteSigningKeyStore(database)
            personalTokens = SQLitePersonalTokenStore(database)
            users = SQLiteUserStore(database)
        }
    }

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
}
