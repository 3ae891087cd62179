/// What authenticator data says of the ceremony (WebAuthn §6.1). The two reserved bits may be anything.
package struct AuthenticatorFlags: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let userPresent = AuthenticatorFlags(rawValue: 0x01)
    package static let userVerified = AuthenticatorFlags(rawValue: 0x04)
    /// The credential may be copied to other devices; for its whole life.
    package static let backupEligible = AuthenticatorFlags(rawValue: 0x08)
    /// It is, at the moment.
    package static let backedUp = AuthenticatorFlags(rawValue: 0x10)
    package static let hasCredential = AuthenticatorFlags(rawValue: 0x40)
    package static let hasExtensions = AuthenticatorFlags(rawValue: 0x80)
}
