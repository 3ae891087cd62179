import JOSE
import OpenIDProvider
import Settings
import Web

/// `/api/users/{user}/factors` and `…/reset`: what somebody signs in with beside their first factor. People of directories and upstreams, who are in
/// no list of users here, are named by their subject.
extension UserAdministration {
    func factors(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow()
        guard request.method == "GET" else { throw AdminProblem.method("GET") }
        let account = try await account(request)
        let entries = try await secondFactors.list(account).map(\.listing)
        return .administration(["subject": .string(account.subject), "factors": .array(entries)])
    }

    func resetFactors(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow()
        guard request.method == "POST" else { throw AdminProblem.method("POST") }
        let account = try await account(request)
        let count = try await secondFactors.reset(account)
        if count > 0 { await endElsewhere(account.subject) }
        return .administration(["subject": .string(account.subject), "removed": .integer(Int64(count))])
    }

    private func account(_ request: AdminRequest) async throws -> SecondFactorAccount {
        let name = request.path[0]
        if let user = fixed.named(name) { return SecondFactorAccount(connectorID: "local", userID: user.userID) }
        if let user = try await accounts?.user(name) { return SecondFactorAccount(connectorID: "local", userID: user.id) }
        if let account = try await secondFactors.account(subject: name) { return account }
        throw AdminProblem(
            404, "there is no such user; somebody of a directory or an upstream is named by the subject, if there are factors")
    }
}

extension SecondFactorAdministration.Entry {
    fileprivate var listing: JSONValue {
        var members = JSONObject([
            ("id", .string(id)), ("kind", .string(kind.rawValue)), ("created_at", .string(createdAt.rfc3339)),
        ])
        if !label.isEmpty { members["label"] = .string(label) }
        members["last_used_at"] = lastUsedAt.map { .string($0.rfc3339) }
        members["left"] = left.map { .integer(Int64($0)) }
        return .object(members)
    }
}
