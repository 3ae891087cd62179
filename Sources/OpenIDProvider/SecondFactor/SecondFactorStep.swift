import JOSE
import Web

/// Somebody who has given their first factor. Not signed in: nothing is stored of it.
struct FirstFactor: Sendable, Equatable {
    let account: SSOAccount
    let isRemembered: Bool
    /// What the upstream is asked again with, sealed already.
    var kept: String?

    var json: JSONValue {
        var members = JSONObject([("a", account.json), ("r", .bool(isRemembered))])
        members["k"] = kept.map { .string($0) }
        return .object(members)
    }

    init(account: SSOAccount, isRemembered: Bool, kept: String? = nil) {
        self.account = account
        self.isRemembered = isRemembered
        self.kept = kept
    }

    /// From what `json` made.
    init?(json: JSONValue) {
        guard let members = json.object, let account = members["a"].flatMap({ SSOAccount(json: $0) }) else { return nil }
        self.init(account: account, isRemembered: members["r"]?.bool ?? false, kept: members["k"]?.string)
    }
}

/// An authorization request that waits for a second factor, as the form on its page carries it: sealed, for one browser, for a
/// while. The request names the client, so what was begun for one leads to no other.
struct SecondFactorStep: Sendable {
    static let purpose = "second-factor"
    /// Seconds from the first factor to the second: somebody may have to install an app first.
    static let life: Int64 = 900
    private static let maximumSealedBytes = 96 * 1024

    /// Who has to give it.
    enum Person: Sendable, Equatable {
        /// Whoever is about to sign in.
        case signingIn(FirstFactor)
        /// An account of the browser's session.
        case signedIn(accountID: String)
    }

    /// 128 random bits.
    let id: String
    let request: AuthorizationRequest
    let person: Person
    let begunAt: UnixTime
    /// What `fits` compares.
    private let browser: String

    init(_ person: Person, request: AuthorizationRequest, browser: LoginCookie, issuer: Issuer) {
        id = issuer.randomness.token(16)
        self.request = request
        self.person = person
        begunAt = issuer.clock.now
        self.browser = browser.text("second factor", id)
    }

    /// Whether it was made for this browser.
    func fits(_ cookie: LoginCookie) -> Bool {
        Secret(utf8: cookie.text("second factor", id)).matches(Secret(utf8: browser))
    }

    func isExpired(at now: UnixTime) -> Bool { now.since(begunAt) >= Self.life }

    func sealed(with keys: SealingKeys) throws -> String {
        var members = JSONObject([
            ("i", .string(id)), ("q", request.json), ("t", .integer(begunAt.seconds)), ("b", .string(browser)),
        ])
        switch person {
        case .signingIn(let first): members["f"] = first.json
        case .signedIn(let id): members["a"] = .string(id)
        }
        return try keys.seal(JSONValue.object(members).jsonBytes)
    }

    /// `nil` for what these keys did not seal.
    init?(sealed: String, keys: SealingKeys) {
        guard sealed.utf8.count <= Self.maximumSealedBytes, let bytes = keys.open(sealed),
            let members = (try? JSONReader.read(bytes))?.object, let id = members["i"]?.string,
            let request = members["q"].flatMap({ AuthorizationRequest(json: $0) }), let begunAt = members["t"]?.integer,
            let browser = members["b"]?.string
        else { return nil }
        switch (members["f"].flatMap { FirstFactor(json: $0) }, members["a"]?.string) {
        case (let first?, nil): person = .signingIn(first)
        case (nil, let account?): person = .signedIn(accountID: account)
        default: return nil
        }
        self.id = id
        self.request = request
        self.begunAt = UnixTime(seconds: begunAt)
        self.browser = browser
    }
}

extension LoginCookie {
    /// Something of this browser's alone, for one purpose, made of a random id.
    fileprivate func text(_ purpose: String, _ id: String) -> String {
        Base64URL.encode(bound(Secret(utf8: "\(purpose) \(id)")))
    }
}
