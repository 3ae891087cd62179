import Manifests

/// One chain: which requests it is for, and what decides about them.
struct IstioChain {
    let filters: [IstioFilter]
    /// What rules for its requests say.
    private let match: [(String, YAMLValue)]
    /// Whether it is for all requests.
    let isForAll: Bool
    /// Whether rules can say which requests it is for.
    private let isKnown: Bool
    private let allow: YAMLValue

    init(_ chain: ForeignValue, _ usual: ForeignValue?, _ secrets: [String: String], _ place: ImportPlace) {
        let id = ForeignText.fileName(chain.text("name") ?? "oidc")
        let given = chain.take("match")
        (match, isKnown) = given.map(Self.conditions) ?? ([], true)
        isForAll = given == nil
        var (filters, mock) = ([IstioFilter](), Bool?.none)
        for filter in chain.take("filters")?.items ?? [] {
            if let oidc = filter.take("oidc") {
                filters.append(IstioFilter(id, oidc, nil, secrets, place))
            } else if let own = filter.take("oidc_override") {
                filters.append(IstioFilter(id, own, usual, secrets, place))
            } else if let given = filter.take("mock") {
                mock = given.flag("allow")
                given.leaveRest(IstioAuthServiceOptions.filter)
            }
            filter.leaveRest(IstioAuthServiceOptions.filter)
        }
        for further in filters.dropFirst() { further.own.say(.lost, "a request is for one provider") }
        chain.leaveRest(IstioAuthServiceOptions.chain)
        self.filters = Array(filters.prefix(1))
        allow = filters.isEmpty ? (mock == true ? "anyone" : "nobody") : "signedIn"
    }

    var entries: [YAMLValue] { filters.map(\.entry) }

    /// nil where rules cannot say what the chain is for.
    var conditions: [(String, YAMLValue)]? { isKnown ? match : nil }

    /// What a rule for its requests allows, and at which provider.
    var decision: [(String, YAMLValue)] {
        [("allow", allow)] + (filters.first.map { [("provider", YAMLValue.string($0.id))] } ?? [])
    }

    private static func conditions(_ match: ForeignValue) -> ([(String, YAMLValue)], Bool) {
        defer { match.leaveRest(IstioAuthServiceOptions.chain) }
        let header = match.text("header")?.lowercased() ?? ""
        switch (header, match.text("equality"), match.text("prefix")) {
        case (":authority", let host?, _), ("host", let host?, _):
            return ([("hosts", .strings([String(host.split(separator: ":").first ?? "")]))], true)
        case (":path", let path?, _): return ([("paths", .strings([path]))], true)
        case (":path", nil, let prefix?):
            if !prefix.hasSuffix("/") {
                match.say(.note, "meant is `\(prefix)` and what is below it, no longer what only begins so")
            }
            return ([("paths", .strings([(prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix) + "/*"]))], true)
        case (_, let value?, _) where !header.hasPrefix(":"): return ([("when", headers(header, value))], true)
        case (_, nil, let prefix?) where !header.hasPrefix(":"): return ([("when", headers(header, prefix + "*"))], true)
        default:
            match.say(
                .todo,
                "rules cannot say this: write one with `hosts` or `paths`; until then its requests are those of the rules behind")
            return ([], false)
        }
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

    init(_ id: String, _ own: ForeignValue, _ usual: ForeignValue?, _ secrets: [String: String], _ place: ImportPlace) {
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
