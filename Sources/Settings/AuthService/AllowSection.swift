import Yams

/// `authService.rules[].allow`
enum AllowSection {
    static let users = Key.defaulted(
        "users", .list(of: user), [], "E-mail addresses, user names or subjects; `*@example.com` for a whole domain.")
    static let groups = Key.defaulted("groups", .list(of: Shape<String>.text()), [], "One of these groups is enough.")

    private static let members = Section("allow", [users.listed, groups.listed]) { fields in
        AccessRule.Permission.members(users: fields(users), groups: fields(groups))
    }

    private enum Word: String, CaseIterable {
        case anyone, signedIn, nobody

        var permission: AccessRule.Permission {
            switch self {
            case .anyone: .anyone
            case .signedIn: .signedIn
            case .nobody: .nobody
            }
        }
    }

    /// A word, or users and groups of which one of either is enough.
    static let shape = Shape<AccessRule.Permission>(
        schema: .object([("oneOf", .array([Shape<Word>.choice().schema, members.shape.schema]))]),
        read: { node, reading in
            if case .mapping = node { return readMembers(node, reading) }
            return Shape<Word>.choice().read(node, reading)?.permission
        },
        show: { _ in nil })

    private static func readMembers(_ node: Node, _ reading: Reading) -> AccessRule.Permission? {
        guard let permission = members.shape.read(node, reading) else { return nil }
        if permission == .members(users: [], groups: []), reading.isSound(reading.way) {
            return reading.refuse("`allow` names no user and no group", "name one, or write `nobody`", node)
        }
        return permission
    }

    private static let user = Shape<String>.text().then { text, node, reading -> UserPattern? in
        guard text.contains("*") else { return .exact(text) }
        guard text.hasPrefix("*@"), let domain = HostName.parse(text.dropFirst(2)) else {
            return reading.refuse(
                "\(quoted(text)) has a `*` that is not all before the `@`", "write it like `*@example.com`", node)
        }
        return .domain(domain)
    }
}
