package import AuthService
import GRDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension SQLiteDatabase {
    /// Copies the database as it is at one moment into a new file, which only its owner can read; others go on writing meanwhile.
    /// The copy is one file, and was read as a whole before the call returns. Blocks.
    package func backUp(to path: String) throws(StoreFailure) {
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR, 0o600)
        guard descriptor >= 0 else { throw StoreFailure(detail: "cannot make \(path): \(String(cString: strerror(errno)))") }
        close(descriptor)
        do {
            let copy = try DatabaseQueue(path: path)
            try pool.backup(to: copy)
            try copy.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                let findings = try String.fetchAll(db, sql: "PRAGMA integrity_check")
                guard findings == ["ok"] else { throw StoreFailure(detail: findings.joined(separator: "; ")) }
            }
            try copy.close()
        } catch {
            for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
            throw error as? StoreFailure ?? StoreFailure(detail: "cannot write \(path): \(error)")
        }
    }
}
