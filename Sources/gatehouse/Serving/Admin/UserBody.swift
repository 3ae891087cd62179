import JOSE
import OpenIDProvider

/// What a request says about a user. Whatever is missing stays as it is.
struct UserBody: Sendable {
    let email: String?
    let username: String?
    let name: String?
    let groups: [String]?
    let isDisabled: Bool?
    let password: Secret?

    init(_ request: AdminRequest, known: [String]) throws(AdminProblem) {
        let members = try request.members(known)
        email = try Self.text("email", members, UserRules.problem(email:))
        username = try Self.text("username", members, UserRules.problem(username:))
        name = try Self.text("name", members, UserRules.problem(name:))
        password = try Self.text("password", members) { _ in nil }.map { Secret(utf8: $0) }
        groups = try Self.groups(members)
        isDisabled = try members["disabled"].map { value throws(AdminProblem) in
            guard let flag = value.bool else { throw AdminProblem(400, "`disabled` is neither true nor false") }
            return flag
        }
    }

    func apply(to user: inout StoredUser) {
        user.email = email ?? user.email
        user.username = username ?? user.username
        user.name = name ?? user.name
        user.groups = groups ?? user.groups
        user.isDisabled = isDisabled ?? user.isDisabled
    }

    private static func text(
        _ key: String, _ members: JSONObject, _ problem: (String) -> String?
    ) throws(AdminProblem) -> String? {
        guard let value = members[key] else { return nil }
        guard let text = value.string else { throw AdminProblem(400, "`\(key)` is not a text") }
        if let problem = problem(text) { throw AdminProblem(400, problem) }
        return text
    }

    private static func groups(_ members: JSONObject) throws(AdminProblem) -> [String]? {
        guard let value = members["groups"] else { return nil }
        guard value.array != nil, let groups = value.stringList else {
            throw AdminProblem(400, "`groups` is not a list of texts")
        }
        if let problem = UserRules.problem(groups: groups) { throw AdminProblem(400, problem) }
        return groups
    }
}
