import JOSE
import OpenIDConnect
import Web

/// What a client asks of the sign-in itself (OpenID Connect Core §3.1.2.1), beyond that somebody signs in.
struct AuthenticationDemand: Sendable, Equatable {
    /// `login`, `consent`, `select_account`; or `none` alone.
    var prompts: [Prompt] = []
    /// Seconds since the person gave their credentials.
    var maxAge: Int64?
    /// Wishes, the dearest first (`acr_values`, or the `claims` parameter).
    var acrValues: [String] = []
    /// Whether one of `acrValues` has to be met (§5.5.1.1).
    var isACREssential = false
    /// `sub` of the `id_token_hint`, or of the `claims` parameter: nobody else will do.
    var subject: String?
    /// What the application thinks the user signs in as: chooses an account, and is filled in on the login page.
    var loginHint: String?
    /// The connector in the path of the request: accounts of others do not count.
    var connectorID: String?

    enum Prompt: String, Sendable {
        case none
        case login
        case consent
        case selectAccount = "select_account"
    }

    func asks(for prompt: Prompt) -> Bool { prompts.contains(prompt) }

    var json: JSONValue {
        var members = JSONObject()
        if !prompts.isEmpty { members["p"] = .strings(prompts.map(\.rawValue)) }
        if !acrValues.isEmpty { members["a"] = .strings(acrValues) }
        if isACREssential { members["e"] = true }
        members["m"] = maxAge.map { .integer($0) }
        members["s"] = subject.map { .string($0) }
        members["h"] = loginHint.map { .string($0) }
        members["c"] = connectorID.map { .string($0) }
        return .object(members)
    }

    /// From what `json` made.
    init(json: JSONValue?) {
        let members = json?.object ?? JSONObject()
        prompts = (members["p"]?.stringList ?? []).compactMap(Prompt.init)
        acrValues = members["a"]?.stringList ?? []
        isACREssential = members["e"]?.bool ?? false
        maxAge = members["m"]?.integer
        subject = members["s"]?.string
        loginHint = members["h"]?.string
        connectorID = members["c"]?.string
    }

    /// From parameters that passed the checks.
    init(checked parameters: AuthorizationParameters) {
        let claims = parameters.claims
        prompts = parameters.prompts.compactMap(Prompt.init)
        maxAge = parameters["max_age"].map { Int64($0) ?? .max }
        acrValues = claims?.acrValues ?? parameters.acrValues
        isACREssential = claims?.isACREssential ?? false
        subject = parameters.hint?.subject ?? claims?.subject
        loginHint = parameters.isLong("login_hint", limit: 256) ? nil : parameters["login_hint"]
    }
}

/// How far an authorization request has come with its user.
struct AuthorizationProgress: Sendable, Equatable {
    /// The account that the person chose, or signed in as.
    var accountID: String?
    /// Whether they gave their credentials for this very request.
    var isAuthenticated = false
    /// Whether they want to sign in as somebody who is not signed in yet.
    var wantsOther = false
    /// Whether they have just allowed this client what it asks for.
    var hasConsented = false

    var json: JSONValue {
        var members = JSONObject()
        members["a"] = accountID.map { .string($0) }
        if isAuthenticated { members["l"] = true }
        if wantsOther { members["o"] = true }
        return .object(members)
    }

    init() {}

    /// From what `json` made. A consent is never carried on: it leads to its code at once.
    init(json: JSONValue?) {
        let members = json?.object ?? JSONObject()
        accountID = members["a"]?.string
        isAuthenticated = members["l"]?.bool ?? false
        wantsOther = members["o"]?.bool ?? false
    }
}
