import JOSE
import OpenIDProvider
import Settings
import Web

/// Where people sign in, for those who administer the provider: `/api/connectors`, `/api/connectors/{id}`, and
/// `POST /api/connectors/{id}/test`.
struct ConnectorAdministration: Sendable {
    let settings: ProviderSettings
    let provider: Provider

    func answer(_ request: AdminRequest) async -> WebResponse {
        await AdminProblem.answering(for: "connectors") {
            try request.allow()
            switch (request.path.count, request.method) {
            case (0, "GET"): return .administration(["connectors": .array(all.map { .object($0) })])
            case (1, "GET"): return .administration(["connector": .object(try connector(request.path[0]))])
            case (2, "POST") where request.path[1] == "test": return try await test(request.path[0])
            case (0...1, _): throw AdminProblem.method("GET")
            case (2, _) where request.path[1] == "test": throw AdminProblem.method("POST")
            default: throw AdminProblem.notFound
            }
        }
    }

    private func connector(_ id: String) throws -> JSONObject {
        guard let found = all.first(where: { sameBytes($0["id"]?.string ?? "", id) }) else { throw Self.unknown }
        return found
    }

    private func test(_ id: String) async throws -> WebResponse {
        switch await provider.probe(connector: id) {
        case nil: throw Self.unknown
        case .reached: .administration(["outcome": "reached"])
        case .failed(let detail): .administration(["outcome": "failed", "detail": .string(detail)])
        case .untold: .administration(["outcome": "untold"])
        }
    }

    private static let unknown = AdminProblem(404, "there is no such connector")

    private var all: [JSONObject] {
        let others = settings.connectors.map(\.listing)
        let hasLocal = !settings.users.isEmpty || settings.storedUsers != nil || others.isEmpty
        let local = JSONObject([("id", "local"), ("type", "local"), ("name", "Local users")])
        return (hasLocal ? [local] : []) + others
    }
}

extension ConnectorSettings {
    /// What administrators are told of it: none of its secrets.
    fileprivate var listing: JSONObject {
        var members = JSONObject([("id", .string(id)), ("type", .string(kind.name)), ("name", .string(name))])
        members["addresses"] = kind.addresses.isEmpty ? nil : .strings(kind.addresses)
        members["client_id"] = kind.client.map { .string($0.clientID) }
        members["mfa"] = mfa.map { .string($0.rawValue) }
        return members
    }
}

extension ConnectorSettings.Kind {
    /// Where it goes, as far as the configuration says.
    fileprivate var addresses: [String] {
        switch self {
        case .ldap(let settings): settings.hosts
        case .oidc(let settings): [settings.issuer.text]
        case .oauth(let settings): [settings.authorizationURL.text]
        case .github(let settings): settings.hostName.map { [$0] } ?? []
        case .gitlab(let settings): [settings.baseURL]
        case .microsoft(let settings): [settings.apiURL.text]
        case .google, .authproxy: []
        }
    }
}
