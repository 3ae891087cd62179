import JOSE
import OpenIDConnect

/// The tokens of one sign-in, as they are kept.
struct KeptTokens: Sendable {
    let accessToken: Secret
    let refreshToken: Secret?
    /// `nil` where it does not end, or nobody says when.
    let expiresAt: UnixTime?
    let wantsGroups: Bool

    /// - Parameter before: the refresh token that stays where no new one was given (RFC 6749 §6).
    init(_ tokens: TokenResponse, wantsGroups: Bool, before: Secret?, now: UnixTime) {
        accessToken = tokens.accessToken
        refreshToken = tokens.refreshToken ?? before
        expiresAt = tokens.expiresIn.map(now.adding)
        self.wantsGroups = wantsGroups
    }

    /// A minute early: it has to arrive yet.
    func isExpired(at now: UnixTime) -> Bool { expiresAt.map { now.adding(60) >= $0 } ?? false }

    init?(secret: Secret) {
        guard let members = (try? JSONReader.read(secret.bytes))?.object, let access = members["access_token"]?.string else {
            return nil
        }
        accessToken = Secret(utf8: access)
        refreshToken = members["refresh_token"]?.string.map { Secret(utf8: $0) }
        expiresAt = members["expires_at"]?.integer.map { UnixTime(seconds: $0) }
        wantsGroups = members["groups"]?.bool ?? false
    }

    var secret: Secret {
        var members = JSONObject([("access_token", .string(accessToken.text)), ("groups", .bool(wantsGroups))])
        members["refresh_token"] = refreshToken.map { .string($0.text) }
        members["expires_at"] = expiresAt.map { .integer($0.seconds) }
        return Secret(JSONValue.object(members).jsonBytes)
    }
}
