import AuthService
import OpenIDProvider

// Rows become records here, where their failures become those of the stores.

extension Sequence where Element == PostgresRow {
    func readAll<Value>(_ read: (PostgresRow) throws -> Value) throws(StoreFailure) -> [Value] {
        do { return try map(read) } catch { throw damage(error) }
    }
}

extension Optional where Wrapped == PostgresRow {
    func readOne<Value>(_ read: (PostgresRow) throws -> Value) throws(StoreFailure) -> Value? {
        do { return try map(read) } catch { throw damage(error) }
    }
}

private func damage(_ error: any Error) -> StoreFailure {
    if let failure = error as? StoreFailure { return failure }
    let detail = (error as? ProviderStoreFailure)?.detail ?? "\(error)"
    return StoreFailure(detail: detail, isOfOneRecord: true)
}

/// The database as the provider's stores see it: with their kind of failure.
struct PostgresProviderDatabase: Sendable {
    let database: PostgresDatabase

    init(_ database: PostgresDatabase) { self.database = database }

    func all<Value>(
        _ sql: String, _ values: [ColumnValue], _ read: (PostgresRow) throws -> Value
    ) async throws(ProviderStoreFailure) -> [Value] {
        do throws(StoreFailure) { return try await database.rows(sql, values).readAll(read) } catch {
            throw ProviderStoreFailure(detail: error.detail)
        }
    }

    func one<Value>(
        _ sql: String, _ values: [ColumnValue], _ read: (PostgresRow) throws -> Value
    ) async throws(ProviderStoreFailure) -> Value? {
        try await all(sql, values, read).first
    }

    @discardableResult
    func change(_ sql: String, _ values: [ColumnValue]) async throws(ProviderStoreFailure) -> Int {
        do throws(StoreFailure) { return try await database.change(sql, values) } catch {
            throw ProviderStoreFailure(detail: error.detail)
        }
    }

    func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresSession) throws -> Value
    ) async throws(ProviderStoreFailure) -> Value {
        do throws(StoreFailure) { return try await database.transaction(body) } catch {
            throw ProviderStoreFailure(detail: error.detail)
        }
    }
}
