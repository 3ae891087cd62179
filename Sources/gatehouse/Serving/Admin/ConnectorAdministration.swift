import Accounts
import JOSE
import OpenIDProvider
import Settings
import Web

/// Where people sign in, for those who administer the provider: `/api/connectors` and below. Those of the configuration are shown and stay
/// as the file has them; those of the storage can be made and changed. None of their secrets is ever shown.
struct ConnectorAdministration: Sendable {
    let settings: ProviderSettings
    let provider: Provider
    let audit: AuditLog

    func answer(_ request: AdminRequest) async -> WebResponse {
        await AdminProblem.answering(for: "connectors") {
            try request.allow()
            switch (request.path.count, request.method) {
            case (0, "GET"): return .administration(["connectors": .array(all.map { .object($0) })])
            case (0, "POST"): return try await add(request)
            case (0, _): throw AdminProblem.method("GET", "POST")
            case (1, "GET"): return .administration(["connector": .object(try connector(request.path[0]))])
            case (1, "PATCH"): return try await change(request)
            case (1, "DELETE"): return try await delete(request)
            case (1, _): throw AdminProblem.method("GET", "PATCH", "DELETE")
            case (2, "POST") where request.path[1] == "test": return try await test(request.path[0])
            case (2, _) where request.path[1] == "test": throw AdminProblem.method("POST")
            default: throw AdminProblem.notFound
            }
        }
    }

    private var all: [JSONObject] { fixed + (provider.connectors?.all ?? []).map(listing) }

    /// Those of the configuration.
    private var fixed: [JSONObject] {
        let others = settings.connectors.map(\.listing)
        let local = JSONObject([("id", "local"), ("type", "local"), ("name", "Local users"), ("source", "configuration")])
        return (settings.hasLocalUsers ? [local] : []) + others
    }

    private func connector(_ id: String) throws -> JSONObject {
        guard let found = all.named(id) else { throw Self.unknown }
        return found
    }

    private func listing(_ known: StoredConnectors.Known) -> JSONObject {
        let id = known.stored.id
        var listing = JSONObject([
            ("id", .string(id)), ("source", "storage"), ("created_at", .string(known.stored.createdAt.rfc3339)),
        ])
        if case .unusable(let why) = known.state { listing["problem"] = .string(why.reason) }
        guard let members = provider.connectors?.members(of: known),
            let document = try? ConnectorDocument(members, id: id, of: settings)
        else { return listing }
        var told = document.settings.listing
        for member in listing.members { told[member.name] = member.value }
        told["settings"] = document.withoutSecrets[document.settings.kind.name]
        return told
    }

    private func add(_ request: AdminRequest) async throws -> WebResponse {
        let accounts = try changeable()
        var members = try request.members(["id"] + ConnectorDocument.names)
        guard let id = members["id"]?.string else { throw AdminProblem(400, "`id` is missing, or no text") }
        members["id"] = nil
        let warnings: [String]
        do throws(ConnectorDocument.Refusal) { warnings = try ConnectorDocument(members, id: id, of: settings).warnings } catch {
            throw AdminProblem(400, error.text)
        }
        return try answer(await accounts.add(id: id, members), "made", warnings, status: 201)
    }

    private func change(_ request: AdminRequest) async throws -> WebResponse {
        let (accounts, id) = try stored(request)
        let patch = try request.members(ConnectorDocument.names)
        var warnings: [String] = []
        let outcome = try await accounts.change(id: id) { before throws(ConnectorAccounts.Complaint) in
            // What no key opens is written anew.
            let members = (before ?? JSONObject()).merged(with: patch)
            if let type = before?["type"], members["type"] != type {
                throw ConnectorAccounts.Complaint("`type` never changes; make another connector")
            }
            do throws(ConnectorDocument.Refusal) {
                let document = try ConnectorDocument(members, id: id, of: settings)
                try document.check(asChangeOf: before, by: patch)
                warnings = document.warnings
            } catch { throw ConnectorAccounts.Complaint(error.text) }
            return members
        }
        return try answer(outcome, "changed", warnings)
    }

    private func delete(_ request: AdminRequest) async throws -> WebResponse {
        let (accounts, id) = try stored(request)
        return try answer(await accounts.delete(id: id), "deleted", [])
    }

    private func test(_ id: String) async throws -> WebResponse {
        switch await provider.probe(connector: id) {
        case nil: throw Self.unknown
        case .reached: .administration(["outcome": "reached"])
        case .failed(let detail): .administration(["outcome": "failed", "detail": .string(detail)])
        case .untold: .administration(["outcome": "untold"])
        }
    }

    private func answer(
        _ outcome: ConnectorAccounts.Change, _ done: String, _ warnings: [String], status: Int = 200
    ) throws -> WebResponse {
        switch outcome {
        case .changed(let known):
            note(done, known.stored.id)
            var content = JSONObject([("connector", .object(listing(known)))])
            content["warnings"] = warnings.isEmpty ? nil : .strings(warnings)
            return .administration(.object(content), status: status)
        case .taken: throw AdminProblem(409, "there is a connector with this id")
        case .gone: throw Self.unknown
        case .refused(let why): throw AdminProblem(400, why)
        }
    }

    private func changeable() throws -> ConnectorAccounts {
        guard let accounts = provider.connectors else {
            throw AdminProblem(
                409, "there are no connectors in the storage: set `provider.storedConnectors` in the configuration")
        }
        return accounts
    }

    private func stored(_ request: AdminRequest) throws -> (ConnectorAccounts, String) {
        let id = request.path[0]
        if fixed.named(id) != nil { throw AdminProblem(409, "the connector is one of the configuration: change the file") }
        return (try changeable(), id)
    }

    private func note(_ what: String, _ id: String) {
        var event = AuditEvent(
            kind: .connectorChanged, reference: Reference(randomness: .system), reason: "an administrator: \(what)")
        event.connector = id
        audit.record(event)
    }

    private static let unknown = AdminProblem(404, "there is no such connector")
}

extension [JSONObject] {
    fileprivate func named(_ id: String) -> JSONObject? { first { sameBytes($0["id"]?.string ?? "", id) } }
}

extension JSONObject {
    /// JSON Merge Patch (RFC 7396).
    fileprivate func merged(with patch: JSONObject) -> JSONObject {
        var merged = self
        for member in patch.members {
            switch member.value {
            case .null: merged[member.name] = nil
            case .object(let inner):
                merged[member.name] = .object((merged[member.name]?.object ?? JSONObject()).merged(with: inner))
            case .bool, .integer, .number, .string, .array: merged[member.name] = member.value
            }
        }
        return merged
    }
}

extension ConnectorSettings {
    /// What administrators are told of it: none of its secrets.
    fileprivate var listing: JSONObject {
        var members = JSONObject([("id", .string(id)), ("type", .string(kind.name)), ("name", .string(name))])
        members["addresses"] = kind.addresses.isEmpty ? nil : .strings(kind.addresses)
        members["client_id"] = kind.client.map { .string($0.clientID) }
        members["mfa"] = mfa.map { .string($0.rawValue) }
        members["source"] = "configuration"
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
