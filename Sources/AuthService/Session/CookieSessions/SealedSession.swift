import Accounts
import JOSE

/// A session as its cookie holds it: JSON, compressed, encrypted (AES-256-GCM), base64url. The first key encrypts, all decrypt.
struct SealedSession: Sendable {
    static let purpose = "session-cookie"

    private let keys: SealingKeys
    /// Whether applications are given the provider's access token: where not, it only makes cookies longer.
    private let holdsAccessToken: Bool

    init(keys: SealingKeys, holdsAccessToken: Bool) {
        self.keys = keys.forPurpose(Self.purpose)
        self.holdsAccessToken = holdsAccessToken
    }

    /// - Returns: `nil` for a session that is too long for cookies.
    func seal(_ session: Session, in cookie: HeldCookie) -> String? {
        var members = JSONObject([
            ("i", .string(cookie.id.text)), ("v", .integer(session.version)), ("is", .string(session.identity.issuer)),
            ("su", .string(session.identity.subject)),
            ("c", .object(session.identity.claims)), ("h", .string(session.scope)), ("p", .string(session.providerID)),
            ("a", .integer(session.authTime.seconds)), ("b", .integer(session.createdAt.seconds)),
            ("l", .integer(session.lastUsedAt.seconds)), ("e", .integer(session.expiresAt.seconds)),
        ])
        members["w"] = session.authentication.time.map { .integer($0.seconds) }
        members["ac"] = session.authentication.acr.map { .string($0) }
        if !session.authentication.amr.isEmpty { members["am"] = .strings(session.authentication.amr) }
        if !session.grantedScopes.isEmpty { members["g"] = .strings(session.grantedScopes) }
        members["s"] = session.providerSessionID.map { .string($0) }
        members["t"] = session.idToken.map { .string($0.text) }
        members["r"] = session.refreshToken.map { .string($0.text) }
        members["d"] = session.refresh.dueAt.map { .integer($0.seconds) }
        members["f"] = session.refresh.failingSince.map { .integer($0.seconds) }
        if holdsAccessToken { members["x"] = session.accessToken.map { .string($0.text) } }
        if !cookie.isRemembered { members["k"] = false }
        guard let compressed = Deflation.compress(JSONValue.object(members).jsonBytes),
            let sealed = try? keys.seal(compressed), sealed.utf8.count <= CookieParts.maximumBytes
        else { return nil }
        return sealed
    }

    /// `nil` for whatever these keys did not seal as a session.
    func open(_ sealed: String) -> OpenedSession? {
        guard let compressed = keys.open(sealed), let content = Deflation.expand(compressed),
            let members = (try? JSONReader.read(content))?.object, let id = members["i"]?.string,
            let issuer = members["is"]?.string, let subject = members["su"]?.string, let claims = members["c"]?.object,
            let scope = members["h"]?.string, let provider = members["p"]?.string
        else { return nil }
        func moment(_ name: String) -> UnixTime? { members[name]?.integer.map { UnixTime(seconds: $0) } }
        guard let authTime = moment("a"), let createdAt = moment("b"), let lastUsedAt = moment("l"), let expiresAt = moment("e")
        else { return nil }
        func secret(_ name: String) -> Secret? { members[name]?.string.map { Secret(utf8: $0) } }
        let session = Session(
            key: SessionKey(digest: sha256(id.utf8)), version: members["v"]?.integer ?? 1,
            identity: Identity(issuer: issuer, subject: subject, claims: claims),
            scope: scope, providerID: provider, providerSessionID: members["s"]?.string, authTime: authTime,
            authentication: SessionAuthentication(
                time: moment("w"), acr: members["ac"]?.string, amr: members["am"]?.stringList ?? []),
            createdAt: createdAt, lastUsedAt: lastUsedAt, expiresAt: expiresAt,
            idToken: secret("t"), refreshToken: secret("r"), accessToken: secret("x"),
            grantedScopes: members["g"]?.stringList ?? [],
            refresh: RefreshState(dueAt: moment("d"), failingSince: moment("f")))
        return OpenedSession(session: session, cookie: HeldCookie(id: Secret(utf8: id), isRemembered: members["k"] == nil))
    }
}

/// A session out of a cookie.
struct OpenedSession: Sendable {
    var session: Session
    let cookie: HeldCookie
}

/// What is known of the cookie that a session came out of.
struct HeldCookie: Sendable {
    /// What `session.key` is the digest of; stays the same when the cookie is written anew.
    let id: Secret
    /// Whether the browser keeps it when it is closed.
    let isRemembered: Bool
    /// Whether the session has newer tokens than the cookie that the browser sent.
    var isOutdated = false
}
