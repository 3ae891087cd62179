import JOSE
import OpenIDConnect
import Web

/// `state` of a sign-in upstream: the authorization request that waits for it, sealed. Nothing is stored for somebody unknown.
///
/// Nonce, code verifier and the tie to the browser are made of its `id` and the browser's login cookie: in another browser, or
/// with another state, nothing fits.
struct UpstreamState: Sendable {
    static let purpose = "upstream-state"
    private static let maximumSealedBytes = 48 * 1024

    /// 128 random bits; good for one sign-in.
    let id: String
    let connectorID: String
    let request: AuthorizationRequest
    /// What `fits` compares.
    private let browser: String

    init(connectorID: String, request: AuthorizationRequest, browser: LoginCookie, randomness: Randomness) {
        id = randomness.token(16)
        self.connectorID = connectorID
        self.request = request
        self.browser = Self.text("browser", id, browser)
    }

    /// Whether it was made for this browser.
    func fits(_ cookie: LoginCookie) -> Bool { Secret(utf8: Self.text("browser", id, cookie)).matches(Secret(utf8: browser)) }

    func nonce(_ cookie: LoginCookie) -> String { Self.text("nonce", id, cookie) }

    /// 43 characters (RFC 7636 §4.1).
    func codeVerifier(_ cookie: LoginCookie) -> Secret { Secret(utf8: Self.text("verifier", id, cookie)) }

    private static func text(_ use: String, _ id: String, _ cookie: LoginCookie) -> String {
        Base64URL.encode(cookie.bound(Secret(utf8: "upstream/\(use)/\(id)")))
    }

    func sealed(with keys: SealingKeys) throws -> String {
        let members: JSONValue = [
            "i": .string(id), "c": .string(connectorID), "b": .string(browser), "r": request.json,
        ]
        return try keys.seal(members.jsonBytes)
    }

    /// `nil` for what these keys did not seal.
    init?(sealed: String, keys: SealingKeys) {
        guard sealed.utf8.count <= Self.maximumSealedBytes, let bytes = keys.open(sealed),
            let members = (try? JSONReader.read(bytes))?.object, let id = members["i"]?.string,
            let connector = members["c"]?.string, let browser = members["b"]?.string,
            let request = members["r"].flatMap(AuthorizationRequest.init(json:))
        else { return nil }
        self.id = id
        connectorID = connector
        self.browser = browser
        self.request = request
    }

    /// What the upstream is asked with, and what its answer is held against.
    func upstreamRequest(sealed: String, _ connector: any UpstreamConnector, _ cookie: LoginCookie, _ issuer: Issuer)
        -> UpstreamRequest
    {
        let demand = request.demand
        var asked = UpstreamRequest(
            redirectURI: connector.redirectURI ?? issuer.url("/callback"), state: sealed, nonce: nonce(cookie),
            codeVerifier: codeVerifier(cookie))
        // `max_age=0` is `prompt=login` (OpenID Connect Core §3.1.2.1).
        asked.asksForLogin = demand.asks(for: .login) || demand.maxAge == 0
        asked.asksForAccount = request.progress.wantsOther
        asked.maxAge = demand.maxAge
        asked.acrValues = demand.acrValues
        asked.isACREssential = demand.isACREssential
        asked.loginHint = request.progress.wantsOther ? nil : demand.loginHint
        asked.uiLocales = request.uiLocales.map { $0.split(separator: " ").map(String.init) } ?? []
        asked.isOffline = request.scope.contains(ClaimScope.offlineAccess)
        asked.wantsGroups = request.scope.contains("groups")
        return asked
    }
}
