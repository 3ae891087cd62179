import JOSE

/// How a gateway verifies the tokens of one issuer.
struct TokenRule: Sendable {
    /// Of which kind the object is that says so: each has its own words.
    enum Language: Sendable {
        case requestAuthentication
        case securityPolicy

        var keys: String {
            switch self {
            case .requestAuthentication: "jwksUri"
            case .securityPolicy: "remoteJWKS.uri"
            }
        }

        /// What stands there for a token in this header.
        func place(_ header: String) -> String {
            switch self {
            case .requestAuthentication: "fromHeaders: [{ name: \(header) }]"
            case .securityPolicy: "extractFrom: { headers: [{ name: \(header) }] }"
            }
        }

        /// What comes of keys that are not named.
        var withoutKeys: String {
            switch self {
            case .requestAuthentication: "Istio then looks for one at the issuer, where there may be none"
            case .securityPolicy: "nothing of that issuer's is verified"
            }
        }
    }

    let subject: String
    let language: Language
    let issuer: String
    let audiences: [String]
    /// Where the token is looked for, lower case.
    let headers: [String]
    /// Where the keys are fetched.
    let keys: String?
    /// Whether they stand in the object itself.
    let hasOwnKeys: Bool
}

extension Cluster {
    var tokenRules: [TokenRule] {
        objects(of: "RequestAuthentication").flatMap { object in
            object.content.list("spec", "jwtRules").map { TokenRule(ofMesh: $0, object.subject) }
        }
            + securityPolicies.flatMap { policy in
                policy.object.content.list("spec", "jwt", "providers").map { TokenRule(ofPolicy: $0, policy.subject) }
            }
    }
}

extension TokenRule {
    fileprivate init(ofMesh rule: JSONValue, _ subject: String) {
        self.init(
            subject: subject, language: .requestAuthentication, issuer: rule.text("issuer") ?? "",
            audiences: rule.texts("audiences"), headers: rule.list("fromHeaders").compactMap { $0.text("name")?.lowercased() },
            keys: rule.text("jwksUri"), hasOwnKeys: rule.at("jwks") != nil)
    }

    fileprivate init(ofPolicy provider: JSONValue, _ subject: String) {
        self.init(
            subject: subject, language: .securityPolicy, issuer: provider.text("issuer") ?? "",
            audiences: provider.texts("audiences"),
            headers: provider.list("extractFrom", "headers").compactMap { $0.text("name")?.lowercased() },
            keys: provider.text("remoteJWKS", "uri"), hasOwnKeys: provider.at("localJWKS") != nil)
    }
}
