import Yams

/// `authService.rules[].allow`
enum AllowSection {
    static let users = Key.defaulted(
        "users", .list(of: user), [], "E-mail addresses, user names or subjects; `*@example.com` for a whole domain.")
    static let groups = Key.defaulted("groups", .list(of: Shape<String>.text()), [], "One of these groups is enough.")
    static let claims = Key.defaulted(
        "claims", claimMap, [], "Claims, each with a value or several; `*` stands for anything. All of them have to hold.")
    static let kubernetes = Key.optional(
        "kubernetes", ClusterAccessSection.section.shape,
        "What the Kubernetes API server has to allow (`authService.kubernetes`).")

    /// How far `any` and `all` may stand in each other.
    private static let depth = 3

    /// Each key by itself is enough.
    private static func members(_ depth: Int) -> Section<Membership> {
        let own = [users.listed, groups.listed, claims.listed, kubernetes.listed]
        guard depth > 1 else { return Section("allow", own) { simple($0) } }
        let inner = members(depth - 1).shape.then { membership, node, reading in named(membership, node, reading) }
        let any = Key.defaulted("any", .list(of: inner), [], "One of these is enough.")
        let all = Key.defaulted("all", .list(of: inner), [], "All of these are needed.")
        return Section("allow", own + [any.listed, all.listed]) { fields in
            var membership = simple(fields)
            membership.any = fields(any)
            membership.all = fields(all)
            return membership
        }
    }

    private static func simple(_ fields: Fields) -> Membership {
        var membership = Membership(users: fields(users), groups: fields(groups))
        membership.claims = fields(claims)
        membership.kubernetes = fields(kubernetes)
        return membership
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

    /// A word, or whom it is enough to be.
    static let shape: Shape<AccessRule.Permission> = {
        let words = Shape<Word>.choice()
        let mapping = members(depth).shape
        return Shape(
            schema: .object([("oneOf", .array([words.schema, mapping.schema]))]),
            read: { node, reading in
                guard case .mapping = node else { return words.read(node, reading)?.permission }
                return mapping.read(node, reading).flatMap { named($0, node, reading) }.map { .members($0) }
            },
            show: { _ in nil })
    }()

    private static func named(_ membership: Membership, _ node: Node, _ reading: Reading) -> Membership? {
        guard membership.isEmpty, reading.isSound(reading.way) else { return membership }
        return reading.refuse("`allow` names no user, no group and no claim", "name one, or write `nobody`", node)
    }

    private static let user = Shape<String>.text().then { text, node, reading -> UserPattern? in
        guard text.contains("*") else { return .exact(text) }
        guard text.hasPrefix("*@"), let domain = HostName.parse(text.dropFirst(2)) else {
            return reading.refuse(
                "\(quoted(text)) has a `*` that is not all before the `@`", "write it like `*@example.com`", node)
        }
        return .domain(domain)
    }

    private static let claimMap = Shape<[ClaimRequirement]>.mapping(of: TextChoice.schema) { name, key, node, reading in
        guard !name.isEmpty, !name.hasPrefix("."), !name.hasSuffix("."), !name.contains("..") else {
            return reading.refuse("\(quoted(name)) is no claim", "write it like `department` or `realm_access.roles`", key)
        }
        return TextChoice.read(node, reading).map { ClaimRequirement(claim: name, values: $0) }
    }
}
