import Accounts
import JOSE
import Web

/// The provider's signing keys, for those who administer it: `/api/keys` and `/api/keys/rotate`.
struct KeyAdministration: Sendable {
    let keyring: RotatingKeyring
    let audit: AuditLog

    /// - Parameter path: below `/api/keys`.
    func answer(method: String, path: String, query: String) async -> WebResponse {
        do {
            switch (method, path) {
            case ("GET", ""): return try await list()
            case ("POST", "/rotate"): return try await rotate(query)
            case (_, ""): return AdminProblem.method("GET").response
            case (_, "/rotate"): return AdminProblem.method("POST").response
            default: return Self.json(["error": "there is no such thing here"], status: 404)
            }
        } catch {
            return Self.json(["error": "the signing keys cannot be had at the moment"], status: 503)
        }
    }

    private func list() async throws -> WebResponse {
        let keys = try await keyring.list().map { key -> JSONValue in
            [
                "id": .string(key.id), "algorithm": .string(key.algorithm.rawValue), "state": .string(key.state.rawValue),
                "made_at": .string(key.madeAt.rfc3339), "signs_from": .string(key.signsFrom.rfc3339),
            ]
        }
        return Self.json(["keys": .array(keys)])
    }

    private func rotate(_ query: String) async throws -> WebResponse {
        let atOnce: Bool
        switch FormFields(query: query)?.first("at_once") {
        case nil, "false": atOnce = false
        case "true": atOnce = true
        default: return AdminProblem(400, "`at_once` is neither true nor false").response
        }
        let change = try await keyring.rotate(atOnce: atOnce)
        var event = AuditEvent(kind: .keyRotation, reference: Reference(randomness: .system))
        event.reason = "by an administrator\(atOnce ? ", at once" : ""): \(change.added.count) new, \(change.removed) forgotten"
        audit.record(event)
        return Self.json(["added": .strings(change.added), "removed": .integer(Int64(change.removed))])
    }

    private static func json(_ content: JSONValue, status: Int = 200) -> WebResponse {
        WebResponse(
            status: status, headers: ["content-type": "application/json", "cache-control": "no-store"], body: content.jsonBytes)
    }
}
