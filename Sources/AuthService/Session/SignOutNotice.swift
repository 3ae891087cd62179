package import JOSE

/// A provider's notice of sign-out, as the store needs it: it names sessions of an issuer by the provider's own session, by the
/// person, or by both, which then have to fit together.
package struct SignOutNotice: Sendable {
    package let issuer: String
    package let subject: String?
    /// The provider's `sid`.
    package let providerSessionID: String?
    /// SHA-256 over what makes the notice the only one of its kind.
    package let digest: [UInt8]
    /// How long it has to be remembered.
    package let rememberUntil: UnixTime

    /// `nil` where it would say neither who nor which: nothing ever ends all sessions of an issuer.
    package init?(
        issuer: String, subject: String?, providerSessionID: String?, digest: [UInt8], rememberUntil: UnixTime
    ) {
        guard subject != nil || providerSessionID != nil else { return nil }
        self.issuer = issuer
        self.subject = subject
        self.providerSessionID = providerSessionID
        self.digest = digest
        self.rememberUntil = rememberUntil
    }

    package enum Outcome: Sendable {
        case ended([Session])
        /// It has been here before; nothing was ended by it.
        case replayed
    }
}
