package import AuthService
import GRDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The embedded database: one file in WAL mode, readable by its owner only. Holds what both roles store.
package struct SQLiteDatabase: Sendable {
    let pool: DatabasePool
    private let meter: StoreMeter

    /// Opens the file, makes it if it is not there, and brings its tables up to date.
    /// - Parameter isLeftAsItIs: the file has to be there, and its tables stay as they are.
    package init(path: String, meter: StoreMeter = StoreMeter(), isLeftAsItIs: Bool = false) throws(StoreFailure) {
        self.meter = meter
        do {
            if isLeftAsItIs { try Self.find(path) } else { try Self.createPrivately(path) }
            var configuration = GRDB.Configuration()
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            configuration.prepareDatabase { db in
                // A confirmed sign-in or sign-out must survive a power cut.
                try db.execute(sql: "PRAGMA synchronous = FULL")
            }
            pool = try DatabasePool(path: path, configuration: configuration)
            if !isLeftAsItIs { try SQLiteMigrations.all.migrate(pool) }
        } catch let failure as StoreFailure {
            throw failure
        } catch {
            throw StoreFailure(detail: "cannot open \(path): \(error)")
        }
    }

    private static func find(_ path: String) throws(StoreFailure) {
        guard access(path, R_OK | W_OK) == 0 else {
            throw StoreFailure(detail: "cannot open \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// SQLite would create the file with the umask's rights; its WAL files take the rights of the file.
    private static func createPrivately(_ path: String) throws(StoreFailure) {
        let descriptor = open(path, O_CREAT | O_RDWR, 0o600)
        guard descriptor >= 0 else { throw StoreFailure(detail: "cannot open \(path): \(String(cString: strerror(errno)))") }
        close(descriptor)
    }

    /// Whether the database answers and can be written: a full disk lets nobody sign in.
    package func check() async throws(StoreFailure) {
        try await write { db in
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            try db.execute(sql: "PRAGMA user_version = \(version)")
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(StoreFailure) -> Value {
        do { return try await meter.measure(.read) { try await pool.read(body) } } catch { throw Self.failure(error) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(StoreFailure) -> Value {
        do { return try await meter.measure(.write) { try await pool.write(body) } } catch { throw Self.failure(error) }
    }

    private static func failure(_ error: any Error) -> StoreFailure {
        error as? StoreFailure ?? StoreFailure(detail: "SQLite: \(error)")
    }
}
