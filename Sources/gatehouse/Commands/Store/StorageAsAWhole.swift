import AuthService
import Settings
import Storage

extension StorageSettings {
    /// Seconds that a call may take: nobody waits for an answer of whom a program would have to be quick.
    private static let patience: Int64 = 60

    /// The storage for what copies or checks it; throws for one that ends with its process.
    /// - Parameter isLeftAsItIs: it has to be there, and its tables stay as they are.
    func whole(isLeftAsItIs: Bool = false) throws(StoreFailure) -> any RecordStore {
        switch self {
        case .memory: throw StoreFailure(detail: "`memory` ends with the program that has it")
        case .sqlite(let path): return SQLiteRecordStore(try SQLiteDatabase(path: path, isLeftAsItIs: isLeftAsItIs))
        case .postgres(let settings):
            var options = PostgresOptions(settings)
            options.time = Self.patience
            return PostgresRecordStore(try PostgresDatabase(options, isLeftAsItIs: isLeftAsItIs))
        case .redis(let settings):
            var configuration = try RedisConfiguration(settings)
            configuration.timeout = Self.patience * 1000
            return RedisRecordStore(RedisDatabase(configuration))
        }
    }
}

/// `2 users, 1 clients`
func text(of counts: [StoredKind: Int]) -> String {
    StoredKind.allCases.compactMap { kind in counts[kind].map { "\($0) \(kind.text)" } }.joined(separator: ", ")
}

/// Says what a store has not done, and ends the command.
func failing<Value>(_ subject: String, _ body: () async throws(StoreFailure) -> Value) async throws -> Value {
    do throws(StoreFailure) { return try await body() } catch {
        printError("gatehouse: \(subject): \(error.detail)")
        throw ExitStatus.failed
    }
}
