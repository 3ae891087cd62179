/// What the authenticator signs (WebAuthn §6.1).
package struct AuthenticatorData: Sendable {
    /// SHA-256 of the relying party's id.
    package let rpIDHash: [UInt8]
    package let flags: AuthenticatorFlags
    package let signCount: UInt32
    /// Of a registration only.
    package let credential: AttestedCredential?
    package let extensions: CBORMap?

    package static let maximumBytes = 16 * 1024
    private static let headLength = 37

    /// `nil` for bytes that are no such data: each part that the flags name, and nothing behind them.
    package init?(bytes: [UInt8]) {
        guard (Self.headLength...Self.maximumBytes).contains(bytes.count) else { return nil }
        rpIDHash = Array(bytes[0..<32])
        flags = AuthenticatorFlags(rawValue: bytes[32])
        signCount = bytes[33..<37].reduce(0) { $0 << 8 | UInt32($1) }
        var rest = bytes[Self.headLength...]
        credential = flags.contains(.hasCredential) ? AttestedCredential(takingFrom: &rest) : nil
        guard flags.contains(.hasCredential) == (credential != nil) else { return nil }
        extensions = flags.contains(.hasExtensions) ? Self.extensions(takingFrom: &rest) : nil
        guard flags.contains(.hasExtensions) == (extensions != nil), rest.isEmpty else { return nil }
    }

    private static func extensions(takingFrom rest: inout ArraySlice<UInt8>) -> CBORMap? {
        guard let (value, length) = try? CBORReader.readPrefix(rest) else { return nil }
        rest = rest.dropFirst(length)
        return value.map
    }
}

/// The new credential in the data of a registration (WebAuthn §6.5.2).
package struct AttestedCredential: Sendable {
    /// The authenticator's model, 16 bytes; zeros where it does not say.
    package let aaguid: [UInt8]
    package let id: [UInt8]
    /// The COSE key, as it stands: what is stored.
    package let publicKey: [UInt8]

    /// §7.1 step 25.
    package static let maximumIDBytes = 1023

    /// `nil` where the bytes begin with no such credential. Whether its key serves is looked at later.
    fileprivate init?(takingFrom rest: inout ArraySlice<UInt8>) {
        guard rest.count >= 18 else { return nil }
        aaguid = Array(rest.prefix(16))
        rest = rest.dropFirst(16)
        let length = rest.prefix(2).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(2)
        guard length <= rest.count else { return nil }
        id = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        guard let (_, keyLength) = try? CBORReader.readPrefix(rest) else { return nil }
        publicKey = Array(rest.prefix(keyLength))
        rest = rest.dropFirst(keyLength)
    }
}
