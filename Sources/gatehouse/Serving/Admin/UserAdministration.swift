import Accounts
import JOSE
import OpenIDProvider
import Settings
import Web

/// The provider's users, for those who administer it: `/api/users` and below. Users of the configuration are shown and stay as the
/// file has them; those of the storage can be made and changed.
struct UserAdministration: Sendable {
    /// `nil`: there are none in the storage.
    let accounts: UserAccounts?
    /// Those of the configuration.
    let fixed: [UserSettings]
    let secondFactors: SecondFactorAdministration
    /// Ends what a user has at the auth service of this process, by their subject.
    let endElsewhere: @Sendable (_ subject: String) async -> Void
    let audit: AuditLog

    private static let maximumListed = 1000

    func answer(_ request: AdminRequest) async -> WebResponse {
        await AdminProblem.answering(for: "users") {
            switch (request.path.count, request.method) {
            case (0, "GET"): return try await list(request)
            case (0, "POST"): return try await add(request)
            case (0, _): throw AdminProblem.method("GET", "POST")
            case (1, "GET"): return try await show(request)
            case (1, "PATCH"): return try await change(request)
            case (1, "DELETE"): return try await delete(request)
            case (1, _): throw AdminProblem.method("GET", "PATCH", "DELETE")
            case (2, "POST") where request.path[1] == "password": return try await setPassword(request)
            case (2, _) where request.path[1] == "password": throw AdminProblem.method("POST")
            case (2, "POST") where request.path[1] == "invitation": return try await invite(request)
            case (2, _) where request.path[1] == "invitation": throw AdminProblem.method("POST")
            case (2, _) where request.path[1] == "factors": return try await factors(request)
            case (3, _) where request.path[1] == "factors" && request.path[2] == "reset": return try await resetFactors(request)
            default: throw AdminProblem.notFound
            }
        }
    }

    private func list(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow("after", "limit")
        let limit = try request.limit(atMost: Self.maximumListed)
        let after = request.query.first("after")
        let stored = try await accounts?.users(after: after, limit: limit) ?? []
        var users = after == nil ? fixed.map(\.listing) : []
        users += stored.compactMap { user in accounts.map { user.listing($0) } }
        var content = JSONObject([("users", .array(users))])
        if stored.count == limit, let last = stored.last { content["next"] = .string(last.email) }
        return .administration(.object(content))
    }

    private func show(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow()
        if let user = fixed.named(request.path[0]) { return .administration(["user": user.listing]) }
        let (accounts, user) = try await stored(request)
        return .administration(["user": user.listing(accounts)])
    }

    private func add(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow()
        let accounts = try changeable()
        let body = try UserBody(request, known: ["email", "username", "name", "groups", "password"])
        guard let email = body.email else { throw AdminProblem(400, "`email` is missing") }
        guard fixed.named(email) == nil else { throw AdminProblem(409, "the configuration has a user with this address") }
        let description = UserAccounts.Description(
            email: email, username: body.username, name: body.name, groups: body.groups ?? [])
        switch try await accounts.add(description, password: body.password) {
        case .added(let user, let invitation):
            note("made", user, accounts)
            var content = JSONObject([("user", user.listing(accounts))])
            content["invitation"] = invitation?.listing
            return .administration(.object(content), status: 201)
        case .taken: throw AdminProblem(409, "there is a user with this address")
        case .refused(let refusal): throw AdminProblem(400, "the password cannot be used: \(refusal.sentence)")
        case .busy: throw AdminProblem(503, "too many passwords wait to be hashed")
        }
    }

    private func change(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow()
        let (accounts, user) = try await stored(request)
        let body = try UserBody(request, known: ["email", "username", "name", "groups", "disabled"])
        if let email = body.email, fixed.named(email) != nil {
            throw AdminProblem(409, "the configuration has a user with this address")
        }
        switch try await accounts.change(id: user.id, { body.apply(to: &$0) }) {
        case .changed(let changed):
            if changed.isDisabled, !user.isDisabled { await endElsewhere(accounts.subject(of: changed)) }
            note(
                changed.isDisabled == user.isDisabled ? "changed" : changed.isDisabled ? "disabled" : "enabled", changed, accounts
            )
            return .administration(["user": changed.listing(accounts)])
        case .taken: throw AdminProblem(409, "there is a user with this address")
        case .gone: throw AdminProblem.notFound
        }
    }

    private func invite(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow()
        let (accounts, user) = try await stored(request)
        let invitation = try await accounts.invite(user)
        note("given a link to choose a password", user, accounts)
        return .administration(["user": user.listing(accounts), "invitation": invitation.listing], status: 201)
    }

    private func setPassword(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow()
        let (accounts, user) = try await stored(request)
        guard let password = try UserBody(request, known: ["password"]).password else {
            throw AdminProblem(400, "`password` is missing")
        }
        switch try await accounts.setPassword(id: user.id, password) {
        case .changed(let changed):
            await endElsewhere(accounts.subject(of: changed))
            note("given another password", changed, accounts)
            return .administration(["user": changed.listing(accounts)])
        case .gone: throw AdminProblem.notFound
        case .refused(let refusal): throw AdminProblem(400, "the password cannot be used: \(refusal.sentence)")
        case .busy: throw AdminProblem(503, "too many passwords wait to be hashed")
        }
    }

    private func delete(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow()
        let (accounts, user) = try await stored(request)
        guard try await accounts.delete(user) else { throw AdminProblem.notFound }
        await endElsewhere(accounts.subject(of: user))
        note("deleted", user, accounts)
        return .administration(["user": user.listing(accounts)])
    }

    private func changeable() throws -> UserAccounts {
        guard let accounts else {
            throw AdminProblem(409, "there are no users in the storage: set `provider.storedUsers` in the configuration")
        }
        return accounts
    }

    private func stored(_ request: AdminRequest) async throws -> (UserAccounts, StoredUser) {
        guard fixed.named(request.path[0]) == nil else {
            throw AdminProblem(409, "the user is one of the configuration: change the file")
        }
        let accounts = try changeable()
        guard let user = try await accounts.user(request.path[0]) else { throw AdminProblem(404, "there is no such user") }
        return (accounts, user)
    }

    private func note(_ what: String, _ user: StoredUser, _ accounts: UserAccounts) {
        var event = AuditEvent(
            kind: .userChanged, reference: Reference(randomness: .system), reason: "an administrator: \(what)")
        event = event.about(accounts.identity(of: user))
        audit.record(event)
    }
}

extension [UserSettings] {
    /// By e-mail address, or id.
    func named(_ name: String) -> UserSettings? {
        first { sameBytes(StoredUser.loginKey($0.email), StoredUser.loginKey(name)) || sameBytes($0.userID, name) }
    }
}
