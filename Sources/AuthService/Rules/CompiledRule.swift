import Web

/// One rule as it decides: immutable and shared, so that a match costs one reference.
package final class CompiledRule: Sendable {
    /// `rules[3]`, or `default`: for logs and explanations.
    package let name: String
    /// In the order of the file; -1 for the rule that decides where none matches.
    package let index: Int
    package let rule: Rule
    /// Whether a Kubernetes API server may have to be asked: then what one request is granted is not another's.
    let asksCluster: Bool

    init(_ rule: Rule, index: Int = -1) {
        name = index < 0 ? "default" : "rules[\(index)]"
        self.index = index
        self.rule = rule
        asksCluster = rule.permission.asksCluster
    }

    package var permission: Permission { rule.permission }
    package var onAnonymous: Rule.OnAnonymous? { rule.onAnonymous }

    /// Whether a request that needs a sign-in is sent there; else it is told.
    func sendsToSignIn(_ request: WebRequest) -> Bool {
        switch onAnonymous {
        case .redirect: true
        case .unauthorized: false
        case nil: Caller(request) == .navigation
        }
    }
}
