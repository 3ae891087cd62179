import JOSE
import Settings
import Web

/// Where people sign in, for those who administer the provider: `/api/connectors`.
struct ConnectorAdministration: Sendable {
    let provider: ProviderSettings

    func answer(_ request: AdminRequest) -> WebResponse {
        do throws(AdminProblem) {
            guard request.path.isEmpty else { throw .notFound }
            guard request.method == "GET" else { throw .method("GET") }
            try request.allow()
            let others = provider.connectors.map { ($0.id, $0.kind.name, $0.name) }
            let hasLocal = !provider.users.isEmpty || provider.storedUsers != nil || others.isEmpty
            let all = (hasLocal ? [("local", "local", "Local users")] : []) + others
            return .administration([
                "connectors": .array(all.map { ["id": .string($0.0), "type": .string($0.1), "name": .string($0.2)] })
            ])
        } catch { return error.response }
    }
}
