import AuthService
import GRDB
import OpenIDProvider

/// The database as the provider's stores see it: with their kind of failure.
struct SQLiteProviderDatabase: Sendable {
    private let database: SQLiteDatabase

    init(_ database: SQLiteDatabase) { self.database = database }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ProviderStoreFailure) -> Value {
        do throws(StoreFailure) { return try await database.read(body) } catch {
            throw ProviderStoreFailure(detail: error.detail)
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ProviderStoreFailure) -> Value {
        do throws(StoreFailure) { return try await database.write(body) } catch {
            throw ProviderStoreFailure(detail: error.detail)
        }
    }
}
