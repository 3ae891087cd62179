/// `authService.rules[].tenant`
enum TenantSection {
    static let host = Key.optional("host", RuleSection.host, "`*.apps.example.com`: the tenant stands in place of the `*`.")
    static let path = Key.optional("path", prefix, "`/team/*`: the tenant stands in place of the `*`.")
    static let header = Key.optional("header", Shape<String>.httpToken("a header name"), "The header that names the tenant.")

    /// One of the keys. Nothing usable leaves a stand-in, and an error.
    static let section = Section("tenant", [host.listed, path.listed, header.listed]) { fields in
        var sources: [TenantSource] = []
        switch fields(host) {
        case .below(let name): sources.append(.host(below: name))
        case .exact:
            fields.reading.error("the host has no `*` for the tenant", "write `*.apps.example.com`", at: fields.given(host.name))
        case nil: break
        }
        if let prefix = fields(path) { sources.append(.path(behind: prefix)) }
        if let name = fields(header) { sources.append(.header(name.lowercased())) }
        let given = [host.name, path.name, header.name].filter { fields.given($0) != nil }
        if given.count != 1 {
            fields.reading.error(
                "`tenant` is found in one place", "write one of `host`, `path` and `header`", at: fields.node)
        }
        return sources.first ?? .header("x-tenant")
    }

    private static let prefix = Shape<String>.text().then { text, node, reading -> String? in
        if let pattern = try? PathPattern(parsing: text), case .below(let prefix) = pattern, prefix.utf8.count > 0 {
            return prefix
        }
        return reading.refuse("\(quoted(text)) is no path with a `*` for the tenant", "write it like `/team/*`", node)
    }
}
