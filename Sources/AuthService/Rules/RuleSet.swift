/// The rules in the order of the file: the first that matches decides. Nothing matches: sign-in is needed.
package struct RuleSet: Sendable {
    private let rules: [Rule]

    package init(_ rules: [Rule]) { self.rules = rules }

    /// The rule that decides about a request.
    package final class Match: Sendable {
        let index: Int
        /// `rules[3]`, or `default`: for logs and explanations.
        package let name: String
        package let permission: Permission
        package let onAnonymous: Rule.OnAnonymous?

        init(index: Int, name: String, permission: Permission, onAnonymous: Rule.OnAnonymous?) {
            self.index = index
            self.name = name
            self.permission = permission
            self.onAnonymous = onAnonymous
        }
    }

    /// - Parameters:
    ///   - host: lower case, without port.
    ///   - path: normalised once (`RequestPath`), never the query.
    package func match(method: String, host: String, path: [UInt8]) -> Match {
        for (index, rule) in rules.enumerated() where rule.matches(method: method, host: host, path: path) {
            return Match(index: index, name: "rules[\(index)]", permission: rule.permission, onAnonymous: rule.onAnonymous)
        }
        return Match(index: -1, name: "default", permission: .signedIn, onAnonymous: nil)
    }
}

extension RuleSet {
    func match(method: Span<UInt8>, host: Span<UInt8>, path: Span<UInt8>, of request: CheckRequest) -> Match {
        func array(_ span: Span<UInt8>) -> [UInt8] { span.withUnsafeBufferPointer { Array($0) } }
        return match(
            method: String(decoding: array(method), as: UTF8.self), host: String(decoding: array(host), as: UTF8.self),
            path: array(path))
    }
}
