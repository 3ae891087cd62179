import JOSE
import OpenIDConnect
import Web

/// An authorization request that passed every check. While its user signs in it travels sealed through the browser: nothing is
/// stored for somebody unknown, and nobody can make or change one.
struct AuthorizationRequest: Sendable, Equatable {
    let clientID: String
    let redirectURI: String
    /// As granted, should the user sign in.
    let scope: Scope
    let state: String?
    let nonce: String?
    let codeChallenge: String?
    /// The languages that the application wishes for its user (`ui_locales`, OpenID Connect Core §3.1.2.1).
    let uiLocales: String?
    let startedAt: UnixTime
    /// How the answer reaches the client.
    var responseMode = ResponseMode.query
    /// As granted, beside the scope.
    var claims = SingleClaims()
    /// What it asks of the sign-in.
    var demand = AuthenticationDemand(json: nil)
    /// How far it has come.
    var progress = AuthorizationProgress()

    static let purpose = "authorization-request"
    /// Seconds for which the sign-in page may be open.
    static let life: Int64 = 3600
    /// The longest sealed request: every member at its limit, encrypted and encoded.
    private static let maximumSealedBytes = 48 * 1024

    init(
        clientID: String, redirectURI: String, scope: Scope, state: String?, nonce: String?, codeChallenge: String?,
        uiLocales: String?, startedAt: UnixTime
    ) {
        self.clientID = clientID
        self.redirectURI = redirectURI
        self.scope = scope
        self.state = state
        self.nonce = nonce
        self.codeChallenge = codeChallenge
        self.uiLocales = uiLocales
        self.startedAt = startedAt
    }

    /// From parameters that passed the checks; `nil` for others.
    init?(checked parameters: AuthorizationParameters, startedAt: UnixTime) {
        guard let client = parameters.client, let uri = parameters.registeredRedirectURI, let scope = parameters.scope else {
            return nil
        }
        self.init(
            clientID: client.id, redirectURI: uri, scope: client.granted(scope), state: parameters["state"],
            nonce: parameters["nonce"], codeChallenge: parameters["code_challenge"],
            uiLocales: parameters.uiLocales, startedAt: startedAt)
        responseMode = parameters.responseMode ?? .query
        claims = client.granted(parameters.claims?.single ?? SingleClaims())
        demand = AuthenticationDemand(checked: parameters)
    }

    /// What the user has to allow: the scope, with the values that cover single claims.
    var consentScope: Scope { scope.adding(claims.scopes) }

    func isExpired(at now: UnixTime) -> Bool { now.since(startedAt) >= Self.life }

    func sealed(with keys: SealingKeys) throws -> String { try keys.seal(json.jsonBytes) }

    var json: JSONValue {
        var members = JSONObject([
            ("c", .string(clientID)), ("r", .string(redirectURI)), ("s", .string(scope.text)), ("t", .integer(startedAt.seconds)),
        ])
        members["st"] = state.map { .string($0) }
        members["n"] = nonce.map { .string($0) }
        members["ch"] = codeChallenge.map { .string($0) }
        members["ul"] = uiLocales.map { .string($0) }
        members["m"] = responseMode == .query ? nil : .string(responseMode.rawValue)
        if !claims.userinfo.isEmpty { members["cu"] = .strings(claims.userinfo) }
        if !claims.idToken.isEmpty { members["ci"] = .strings(claims.idToken) }
        members["d"] = demand.json
        members["p"] = progress.json
        return .object(members)
    }

    /// `nil` for what these keys did not seal.
    init?(sealed: String, keys: SealingKeys) {
        guard sealed.utf8.count <= Self.maximumSealedBytes, let bytes = keys.open(sealed),
            let json = try? JSONReader.read(bytes)
        else { return nil }
        self.init(json: json)
    }

    /// From what `json` made.
    init?(json: JSONValue) {
        guard let members = json.object, let client = members["c"]?.string,
            let uri = members["r"]?.string, let scope = members["s"]?.string.flatMap({ Scope(parsing: $0) }),
            let started = members["t"]?.integer
        else { return nil }
        self.init(
            clientID: client, redirectURI: uri, scope: scope, state: members["st"]?.string, nonce: members["n"]?.string,
            codeChallenge: members["ch"]?.string, uiLocales: members["ul"]?.string,
            startedAt: UnixTime(seconds: started))
        responseMode = members["m"]?.string.flatMap(ResponseMode.init(rawValue:)) ?? .query
        claims = SingleClaims(userinfo: members["cu"]?.stringList ?? [], idToken: members["ci"]?.stringList ?? [])
        demand = AuthenticationDemand(json: members["d"])
        progress = AuthorizationProgress(json: members["p"])
    }
}
