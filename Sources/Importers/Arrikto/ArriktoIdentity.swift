import Manifests

/// What applications are told.
enum ArriktoIdentity {
    static func read(_ options: ForeignValue) -> YAMLValue {
        let (claim, prefix) = (options.text("USERID_CLAIM") ?? "email", options.text("USERID_PREFIX") ?? "")
        let user = (options.text("USERID_HEADER") ?? "kubeflow-userid").lowercased()
        let groups = (options.text("GROUPS_HEADER") ?? "kubeflow-groups").lowercased()
        let braced = prefix.replacing("{", with: "{{").replacing("}", with: "}}") + "{\(claim)}"
        return entries(
            ("headers", .map([YAMLEntry(user, .string(prefix.isEmpty ? claim : braced)), YAMLEntry(groups, "groups")])),
            ("authorization", authorization(options)), ("assertion", assertion(options)))
    }

    /// The ID token, where it is said in words.
    private static func authorization(_ options: ForeignValue) -> YAMLValue? {
        let scheme = options.take("TOKEN_SCHEME")
        guard let header = options.take("TOKEN_HEADER"), let name = header.text, !name.isEmpty else { return nil }
        guard name.lowercased() == "authorization" else {
            header.say(
                .lost, "the ID token goes into `authorization` only, see `identity.authorization`; see `identity.assertion`, too")
            return nil
        }
        if let scheme, scheme.text?.lowercased() != "bearer" { scheme.say(.lost, "the scheme is `Bearer`") }
        return "idToken"
    }

    private static func assertion(_ options: ForeignValue) -> YAMLValue? {
        guard let header = options.take("USERID_TOKEN_HEADER"), let name = header.text, !name.isEmpty else { return nil }
        header.say(.note, "a token of ours stands there: verify it with the keys of the auth service, see `identity.assertion`")
        return entries(("header", .string(name.lowercased())), ("audience", "apps"))
    }
}

/// Whose tokens count: the provider's, and those of the cluster.
enum ArriktoBearer {
    static func read(_ options: ForeignValue, _ provider: ArriktoProvider) -> YAMLValue {
        let takesIDTokens = options.take("IDTOKEN_AUTHN_ENABLED")?.flag ?? false
        let takesAccessTokens = options.take("ACCESS_TOKEN_AUTHN_ENABLED")?.flag ?? false
        if options.take("IDTOKEN_AUTHN_ENABLED") == nil {
            options.report.say(.note, "IDTOKEN_AUTHN_ENABLED", "newer releases take bearer tokens without a word: see `bearer`")
        }
        let isOpaque = options.word("ACCESS_TOKEN_AUTHN", of: ["jwt", "opaque"]) == "opaque"
        var list: [YAMLValue] = []
        if takesIDTokens || takesAccessTokens {
            list.append(
                entries(
                    ("issuer", .string(provider.issuer)), ("audiences", .strings([provider.clientID])),
                    ("user", options.text("USERID_CLAIM").map { .string($0) } ?? "email"),
                    ("idTokens", takesIDTokens ? true : nil), ("userinfo", takesAccessTokens && isOpaque ? true : nil)))
        }
        let audiences = options.texts("AUDIENCES")
        if options.take("KUBERNETES_AUTHN_ENABLED")?.flag ?? !audiences.isEmpty {
            list.append(cluster(audiences.isEmpty ? ["istio-ingressgateway.istio-system.svc.cluster.local"] : audiences))
            options.report.say(
                .todo, "KUBERNETES_AUTHN_ENABLED",
                "see that `issuer` is the cluster's (`kubectl get --raw /.well-known/openid-configuration`), and mount a service account's token"
            )
        }
        return .list(list)
    }

    private static func cluster(_ audiences: [String]) -> YAMLValue {
        let folder = "/var/run/secrets/kubernetes.io/serviceaccount"
        return entries(
            ("issuer", "https://kubernetes.default.svc.cluster.local"), ("audiences", .strings(audiences)),
            ("tokenFile", .string("\(folder)/token")), ("tokenReview", "https://kubernetes.default.svc"))
    }
}

/// Where it listens: the check keeps the judge's port.
enum ArriktoListen {
    static func read(_ options: ForeignValue) -> YAMLValue {
        let host = options.text("SERVER_HOSTNAME").flatMap { $0.isEmpty ? nil : $0 } ?? "0.0.0.0"
        let shown = host.contains(":") ? "[\(host)]" : host
        let judge = options.text("SERVER_PORT") ?? options.text("PORT") ?? "8080"
        let (web, probe) = (options.text("WEB_SERVER_PORT") ?? "8082", options.text("READINESS_PROBE_PORT") ?? "8081")
        options.report.say(
            .note, "SERVER_PORT",
            "the gateway asks about requests at port \(judge), as before; our pages are at port \(web): it has to lead there")
        return entries(
            ("web", .string("\(shown):\(web)")), ("checkHTTP", .string("\(shown):\(judge)")),
            ("checkGRPC", .string("\(shown):9002")), ("admin", .string("\(shown):\(probe)")))
    }
}

/// `storage`: the same Redis, or a file where BoltDB's was.
enum ArriktoStorage {
    static func read(_ options: ForeignValue) -> YAMLValue {
        guard options.word("SESSION_STORE_TYPE", of: ["boltdb", "redis"]) == "redis" else { return sqlite(options) }
        let address = options.text("SESSION_STORE_REDIS_ADDR") ?? "127.0.0.1:6379"
        let database = options.text("SESSION_STORE_REDIS_DB").flatMap { $0 == "0" ? nil : "/" + $0 } ?? ""
        return entries(
            (
                "redis",
                entries(
                    ("url", .string("redis://\(address)\(database)")),
                    ("password", options.secret("SESSION_STORE_REDIS_PWD", file: "redis.password")))
            ))
    }

    private static func sqlite(_ options: ForeignValue) -> YAMLValue {
        let given = options.take("SESSION_STORE_PATH") ?? options.take("STORE_PATH")
        guard let given, let path = given.text, let end = path.lastIndex(of: "/") else {
            return entries(("sqlite", entries(("path", "gatehouse.db"))))
        }
        let own = path[...end] + "gatehouse.db"
        given.say(.note, "what is in that file stays there: \(own) takes its place, in the same folder")
        return entries(("sqlite", entries(("path", .string(String(own))))))
    }
}
