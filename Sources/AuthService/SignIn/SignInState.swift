import JOSE

/// What travels through the provider and back as `state`: sealed, so that nobody can make one, and bound to one browser's
/// `BrowserSeed`. Nothing about a sign-in under way is stored, and it does not matter how many are.
struct SignInState: Sendable {
    /// The URL to end at: absolute and checked.
    var target: String
    var providerID: String
    var startedAt: UnixTime
    /// How often this sign-in had to begin again.
    var attempts: Int64
    /// What the provider was asked with `max_age` and `acr_values` for this sign-in.
    var maxAge: Int64?
    var acrValues: [String] = []
    /// What the answer's `amr` has to have one of.
    var amr: [String] = []
    /// What was asked for beside the client's own scopes, and has to be granted.
    var scopes: [String] = []
    /// As `SignInDemand.isRemembered`.
    var isRemembered: Bool?
    /// What `BrowserSeed.binding` was.
    var browser: [UInt8]
    /// Makes this sign-in's nonce and code verifier differ from every other's.
    var salt: [UInt8]

    static let purpose = "sign-in-state"
    /// Seconds until the provider's reply comes too late.
    static let life: Int64 = 3600

    func sealed(with keys: SealingKeys) throws -> String {
        var members = JSONObject([
            ("t", .string(target)), ("p", .string(providerID)), ("s", .integer(startedAt.seconds)), ("a", .integer(attempts)),
            ("b", .string(Base64URL.encode(browser))), ("n", .string(Base64URL.encode(salt))),
        ])
        members["m"] = maxAge.map { .integer($0) }
        if !acrValues.isEmpty { members["c"] = .strings(acrValues) }
        if !amr.isEmpty { members["r"] = .strings(amr) }
        if !scopes.isEmpty { members["o"] = .strings(scopes) }
        members["k"] = isRemembered.map { .bool($0) }
        return try keys.seal(JSONValue.object(members).jsonBytes)
    }

    /// The same once more.
    var demand: SignInDemand {
        var demand = SignInDemand(
            providerID: providerID, maxAge: maxAge, acrValues: acrValues, prompt: amr.isEmpty ? nil : "login")
        demand.amr = amr
        demand.scopes = scopes
        demand.isRemembered = isRemembered
        return demand
    }

    /// What the provider's answer is held against.
    var requirement: AuthenticationRequirement {
        AuthenticationRequirement(maxAge: maxAge, acr: acrValues, amr: amr, scopes: scopes)
    }
}

extension SignInState {
    init?(sealed: String, keys: SealingKeys) {
        guard sealed.utf8.count <= 8192, let bytes = keys.open(sealed), let members = (try? JSONReader.read(bytes))?.object,
            let target = members["t"]?.string, let provider = members["p"]?.string,
            let started = members["s"]?.integer, let attempts = members["a"]?.integer,
            let browser = members["b"]?.string.flatMap({ Base64URL.decode($0) }),
            let salt = members["n"]?.string.flatMap({ Base64URL.decode($0) })
        else { return nil }
        self.init(
            target: target, providerID: provider, startedAt: UnixTime(seconds: started), attempts: attempts,
            maxAge: members["m"]?.integer, acrValues: members["c"]?.stringList ?? [],
            amr: members["r"]?.stringList ?? [], scopes: members["o"]?.stringList ?? [], isRemembered: members["k"]?.bool,
            browser: browser, salt: salt)
    }
}
