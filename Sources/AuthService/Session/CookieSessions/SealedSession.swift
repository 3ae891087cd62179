import Accounts
import JOSE

/// A session as its cookie holds it: JSON, compressed, encrypted (AES-256-GCM), base64url. The first key encrypts, all decrypt.
struct SealedSession: Sendable {
    static let purpose = "session-cookie"

    private let keys: SealingKeys

    init(keys: SealingKeys) { self.keys = keys.forPurpose(Self.purpose) }

    /// - Parameter id: what `session.key` is the digest of.
    /// - Returns: `nil` for a session that is too long for cookies.
    func seal(_ session: Session, id: Secret) -> String? {
        var members = JSONObject([
            ("i", .string(id.text)), ("is", .string(session.identity.issuer)), ("su", .string(session.identity.subject)),
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
        let session = Session(
            key: SessionKey(digest: sha256(id.utf8)), identity: Identity(issuer: issuer, subject: subject, claims: claims),
            scope: scope, providerID: provider, providerSessionID: members["s"]?.string, authTime: authTime,
            authentication: SessionAuthentication(
                time: moment("w"), acr: members["ac"]?.string, amr: members["am"]?.stringList ?? []),
            createdAt: createdAt, lastUsedAt: lastUsedAt, expiresAt: expiresAt,
            idToken: members["t"]?.string.map { Secret(utf8: $0) }, refreshToken: nil,
            grantedScopes: members["g"]?.stringList ?? [])
        return OpenedSession(session: session, id: Secret(utf8: id))
    }
}

/// A session out of a cookie.
struct OpenedSession: Sendable {
    var session: Session
    /// What `session.key` is the digest of; stays the same when the cookie is written anew.
    let id: Secret
}
