/// The rules in the order of the file: the first that matches decides. Nothing matches: sign-in is needed.
package struct RuleSet: Sendable {
    private let rules: [Rule]

    package init(_ rules: [Rule]) { self.rules = rules }

    /// The rule that decides about a request.
    package struct Match: Sendable {
        /// `rules[3]`, or `default`: for logs and explanations.
        package let name: String
        package let permission: Permission
        package let onAnonymous: Rule.OnAnonymous?
    }

    /// - Parameters:
    ///   - host: lower case, without port.
    ///   - path: normalised once (`RequestPath`), never the query.
    package func match(method: String, host: String, path: [UInt8]) -> Match {
        for (index, rule) in rules.enumerated() where rule.matches(method: method, host: host, path: path) {
            return Match(name: "rules[\(index)]", permission: rule.permission, onAnonymous: rule.onAnonymous)
        }
        return Match(name: "default", permission: .signedIn, onAnonymous: nil)
    }
}
