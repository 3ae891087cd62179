import Accounts
import JOSE

/// A credential that has been checked, and whom it admits: what is kept of it until it is due for another look.
final class AdmittedCredential: Sendable {
    /// The identity in the form that the rest of the service knows; in no store, and with no cookie.
    let entry: CachedSession
    /// From then on it is checked anew.
    let goodUntil: UnixTime
    /// The key that each request has to prove (RFC 9449); `nil`: none.
    let keyThumbprint: String?
    /// Only requests that read are let in.
    let isReadOnly: Bool

    init(session: Session, goodUntil: UnixTime, keyThumbprint: String? = nil, isReadOnly: Bool = false, isForwarded: Bool = true)
    {
        entry = CachedSession(
            session, key: session.key, cookie: nil, loadedAt: session.createdAt, hidesCredential: !isForwarded)
        self.goodUntil = goodUntil
        self.keyThumbprint = keyThumbprint
        self.isReadOnly = isReadOnly
    }

    /// Bytes that it takes, about: what a cache is bounded by. What it is granted is written down in two forms.
    var cost: Int { entry.size * 3 }
}
