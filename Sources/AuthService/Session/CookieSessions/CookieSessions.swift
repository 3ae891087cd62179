import JOSE
import Web

/// Sessions that live in their cookies alone. A cookie that was opened is remembered under its SHA-256, so that the next request
/// costs what one with a stored session does; the store keeps only which sessions were ended before their time.
struct CookieSessions: Sendable {
    /// A cookie that is not in memory.
    struct Unopened: Sendable {
        /// Of the cookie's value, not of the session.
        let key: SessionKey
        let value: [UInt8]
    }

    enum Presented: Sendable {
        case none
        case unreadable
        case value(Unopened)
    }

    let sealed: SealedSession
    /// `nil`: tokens are left to end.
    let refresher: CookieRefresher?

    func presented(_ message: RequestMessage, at place: CookiePlace) -> Presented {
        switch CookieParts.presented(message, name: place.cookieName) {
        case .none: .none
        case .unreadable: .unreadable
        case .whole(let value): .value(Unopened(key: SessionKey(hashing: value.span), value: value))
        }
    }

    func open(_ cookie: Unopened) -> OpenedSession? {
        guard let dot = cookie.value.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        return sealed.open(String(decoding: cookie.value[(dot + 1)...], as: UTF8.self))
    }

    /// The cookie of a session that goes on, with its last use in it.
    func renewed(_ entry: CachedSession, usedAt: UnixTime) -> RenewedCookie? {
        guard var cookie = entry.cookie else { return nil }
        cookie.isOutdated = false
        var session = entry.session
        session.lastUsedAt = usedAt
        return sealed.seal(session, in: cookie).map { RenewedCookie(value: $0, isRemembered: cookie.isRemembered) }
    }
}

/// A session cookie for the browser.
struct RenewedCookie: Sendable {
    let value: String
    /// Whether the browser keeps it when it is closed.
    let isRemembered: Bool
}
