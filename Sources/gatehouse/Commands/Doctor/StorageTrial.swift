import AuthService
import Doctor
import NIOCore
import Settings
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Opens the storage as the service would, leaves its tables as they are, and writes and reads a row.
struct StorageTrial: Sendable {
    private let settings: StorageSettings

    /// Seconds that a connection or an answer may take.
    private static let patience: Int64 = 5

    init(_ settings: StorageSettings) { self.settings = settings }

    /// Within 20 s, whatever the server keeps back.
    func run() async -> StorageAnswer {
        await Bounded.wait(Self.limit) { await trial() } ?? Self.silence
    }

    private static let limit = Duration.seconds(20)
    private static let silence = StorageAnswer.unreachable(reason: "no answer within 20 s")

    private func trial() async -> StorageAnswer {
        switch settings {
        case .memory: return .memory
        case .sqlite(let path):
            guard access(path, F_OK) == 0 else { return .absent(path: path, isPossible: Self.canMake(path)) }
            return await tried(isShared: false, isReadableByOthers: Self.isReadableByOthers(path)) { () throws(StoreFailure) in
                let database = try SQLiteDatabase(path: path, isLeftAsItIs: true)
                return Opened(records: SQLiteRecordStore(database)) { () throws(StoreFailure) in try await database.check() }
            }
        case .postgres(let settings):
            return await tried(isShared: true) { () throws(StoreFailure) in
                var options = PostgresOptions(settings)
                (options.connectTime, options.time) = (min(options.connectTime, Self.patience), Self.patience)
                let database = try PostgresDatabase(options, isLeftAsItIs: true)
                return Opened(records: PostgresRecordStore(database)) { () throws(StoreFailure) in try await database.check() }
            }
        case .redis(let settings):
            return await tried(isShared: true) { () throws(StoreFailure) in
                var configuration = try RedisConfiguration(settings)
                configuration.timeout = Self.patience * 1000
                let database = RedisDatabase(configuration)
                return Opened(
                    records: RedisRecordStore(database), warning: { () throws(StoreFailure) in try await database.warning() }
                ) { () throws(StoreFailure) in try await database.check() }
            }
        }
    }

    private struct Opened: Sendable {
        let records: any RecordStore
        var warning: @Sendable () async throws(StoreFailure) -> String? = { () throws(StoreFailure) in nil }
        let check: @Sendable () async throws(StoreFailure) -> Void
    }

    private func tried(
        isShared: Bool, isReadableByOthers: Bool = false, _ open: @escaping @Sendable () throws(StoreFailure) -> Opened
    ) async -> StorageAnswer {
        let opened = await Bounded.run(Self.limit) { Result { () throws(StoreFailure) in try open() } }
        do throws(StoreFailure) {
            guard let store = try opened?.get() else { return Self.silence }
            let state = try await store.records.state()
            guard state.isCurrent else {
                return .otherVersion(engine: state.engine, version: state.version, known: state.knownVersion)
            }
            guard try await !store.records.isHalfCopied() else { return .halfCopied }
            do throws(StoreFailure) { try await store.check() } catch { return .notWritable(reason: error.detail) }
            return .sound(
                engine: state.engine, version: state.version, isShared: isShared, note: try await store.warning(),
                isReadableByOthers: isReadableByOthers)
        } catch { return .unreachable(reason: error.detail) }
    }

    private static func canMake(_ path: String) -> Bool {
        let folder = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
        return access(folder.isEmpty ? "/" : folder, W_OK | X_OK) == 0
    }

    private static func isReadableByOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }
}
