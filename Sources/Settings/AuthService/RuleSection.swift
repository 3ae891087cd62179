import Yams

/// `authService.rules[]`
enum RuleSection {
    static let hosts = Key.defaulted(
        "hosts", .list(of: host), [], "Hosts without port, or `*.example.com` for all below; all hosts when missing.")
    static let paths = Key.defaulted(
        "paths", .list(of: path), [], "Paths, or `/x/*` for `/x` and everything under it; all paths when missing.")
    static let methods = Key.defaulted("methods", .list(of: method), [], "Methods in capitals; all methods when missing.")
    static let allow = Key.required("allow", AllowSection.shape, standIn: .nobody, "Who may send such requests.")
    static let onAnonymous = Key.optional(
        "onAnonymous", Shape<AccessRule.OnAnonymous>.choice(),
        "What a request without a user gets; by its kind when missing: navigations are redirected, all else gets 401.")

    static let section = Section(
        "rule",
        [
            hosts.listed, paths.listed, methods.listed, allow.listed, onAnonymous.listed, .notYet("maxAge"), .notYet("acr"),
        ]
    ) { fields in
        for key in [hosts.name, paths.name, methods.name] {
            guard let node = fields.given(key), node.sequence?.isEmpty == true else { continue }
            fields.reading.error("`\(key)` is empty: the rule can never match", "remove `\(key)` to mean all", at: node)
        }
        return AccessRule(
            hosts: fields(hosts), paths: fields(paths), methods: fields(methods), allow: fields(allow),
            onAnonymous: fields(onAnonymous), line: fields.node.position.line)
    }

    /// A host, or all below one.
    static let host = Shape<String>.text().then { text, node, reading -> HostPattern? in
        let isBelow = text.hasPrefix("*.")
        let rest = isBelow ? text.dropFirst(2) : text[...]
        let name =
            HostName.parse(rest) ?? (isBelow ? nil : HostName.parseWithPort(rest).flatMap { $0.port == nil ? $0.host : nil })
        guard let name else {
            let mend = "write `app.example.com` or `*.example.com`, without scheme and port"
            return reading.refuse("\(quoted(text)) is not a host", mend, node)
        }
        return isBelow ? .below(name) : .exact(name)
    }

    private static let path = Shape<String>.text().then { text, node, reading -> PathPattern? in
        do throws(Complaint) {
            return try PathPattern(parsing: text)
        } catch {
            return reading.refuse("the path \(quoted(text)) " + error.what, error.mend, node)
        }
    }

    private static let method = Shape<String>.httpToken("a method").then { text, node, reading -> String? in
        guard text.utf8.elementsEqual(text.uppercased().utf8) else {
            return reading.refuse("the method \(quoted(text)) is not in capitals", "write `\(text.uppercased())`", node)
        }
        return text
    }
}
