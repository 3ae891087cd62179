import Manifests

/// One chain: which requests it is for, and what decides about them.
struct IstioChain {
    /// The weakest first.
    enum Permission: Int, Comparable {
        case anyone, signedIn, nobody

        static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
    }

    let source: ForeignValue
    let filters: [IstioFilter]
    /// What rules for its requests say.
    private let match: [(String, YAMLValue)]
    /// Whether it is for all requests.
    let isForAll: Bool
    /// Whether rules can say which requests it is for.
    private let isKnown: Bool
    /// Whether they can say all of them.
    let isNamedWhole: Bool
    let permission: Permission

    init(_ chain: ForeignValue, _ usual: ForeignValue?, _ secrets: [HeldFile], _ place: ImportPlace) {
        let id = ForeignText.fileName(chain.text("name") ?? "oidc")
        let given = chain.take("match")
        let conditions = given.map(Self.conditions) ?? ([], .whole)
        (source, match, isKnown, isNamedWhole) = (
            chain, conditions.0, conditions.1 != .nothing, conditions.1 == .whole
        )
        isForAll = given == nil
        // All of the filters have to let a request pass.
        var (filters, permissions) = ([IstioFilter](), [Permission]())
        for filter in chain.take("filters")?.items ?? [] {
            if let oidc = filter.take("oidc") {
                filters.append(IstioFilter(id, oidc, nil, secrets, place))
                permissions.append(.signedIn)
            } else if let own = filter.take("oidc_override") {
                filters.append(IstioFilter(id, own, usual, secrets, place))
                permissions.append(.signedIn)
            } else if let given = filter.take("mock") {
                permissions.append(given.flag("allow") ? .anyone : .nobody)
                given.leaveRest(IstioAuthServiceOptions.filter)
            } else {
                permissions.append(.nobody)
            }
            filter.leaveRest(IstioAuthServiceOptions.filter)
        }
        for further in filters.dropFirst() { further.own.say(.lost, "a request is for one provider") }
        chain.leaveRest(IstioAuthServiceOptions.chain)
        self.filters = Array(filters.prefix(1))
        permission = permissions.max() ?? .nobody
    }

    var entries: [YAMLValue] { filters.map(\.entry) }

    /// nil where rules cannot say what the chain is for.
    var conditions: [(String, YAMLValue)]? { isKnown ? match : nil }

    /// What a rule for its requests allows, and at which provider.
    func decision(_ permission: Permission) -> [(String, YAMLValue)] {
        let provider = permission == .signedIn ? filters.first.map { [("provider", YAMLValue.string($0.id))] } : nil
        return [("allow", .string("\(permission)"))] + (provider ?? [])
    }

    /// How much of what a chain is for rules can say.
    private enum Extent {
        case nothing, part, whole
    }

    private static func conditions(_ match: ForeignValue) -> ([(String, YAMLValue)], Extent) {
        defer { match.leaveRest(IstioAuthServiceOptions.chain) }
        let header = match.text("header")?.lowercased() ?? ""
        let (equality, beginning) = (match.text("equality"), match.text("prefix"))
        // There it is a character as others are.
        let hasStar = [equality, beginning].contains { $0?.contains("*") == true }
        switch (header, equality, beginning) {
        case _ where hasStar: break
        case (":authority", let host?, _), ("host", let host?, _):
            return ([("hosts", .strings([String(host.split(separator: ":").first ?? "")]))], .whole)
        case (":path", let path?, _): return ([("paths", .strings([path]))], .whole)
        case (":path", nil, let prefix?):
            let isFolder = prefix.hasSuffix("/")
            if !isFolder { match.say(.note, "meant is `\(prefix)` and what is below it, no longer what only begins so") }
            let folder = isFolder ? String(prefix.dropLast()) : prefix
            return ([("paths", .strings([folder + "/*"]))], isFolder ? .whole : .part)
        case (_, let value?, _) where !header.hasPrefix(":"): return ([("when", headers(header, value))], .whole)
        case (_, nil, let prefix?) where !header.hasPrefix(":"): return ([("when", headers(header, prefix + "*"))], .whole)
        default: break
        }
        match.say(
            .todo,
            "rules cannot say this: write one with `hosts` or `paths`; until then its requests are those of the rules behind")
        return ([], .nothing)
    }

    private static func headers(_ name: String, _ value: String) -> YAMLValue {
        Importers.entries(("headers", Importers.entries((name, .strings([value])))))
    }
}

/// The filter `oidc`: fields that it does not have are those of `default_oidc_config`.
struct IstioFilter {
    let id: String
    let own: ForeignValue
    let usual: ForeignValue?
    let entry: YAMLValue

    init(_ id: String, _ own: ForeignValue, _ usual: ForeignValue?, _ secrets: [HeldFile], _ place: ImportPlace) {
        (self.id, self.own, self.usual) = (id, own, usual)
        entry = IstioProvider(id, Self.field(own, usual), secrets, place).entry
    }

    func take(_ key: String) -> ForeignValue? { Self.field(own, usual)(key) }

    func text(_ key: String) -> String? { take(key)?.text }

    func leaveRest() { own.leaveRest(IstioAuthServiceOptions.oidc) }

    private static func field(_ own: ForeignValue, _ usual: ForeignValue?) -> (String) -> ForeignValue? {
        { own.take($0) ?? usual?.take($0) }
    }
}
