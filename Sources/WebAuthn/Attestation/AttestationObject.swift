/// What an authenticator says of a new credential (WebAuthn §6.5.4).
package struct AttestationObject: Sendable {
    package let statement: AttestationStatement
    /// As it stands: what is signed.
    package let authenticatorBytes: [UInt8]
    package let authenticatorData: AuthenticatorData

    /// `nil` for bytes that are no such object.
    package init?(bytes: [UInt8]) {
        guard let members = (try? CBORReader.read(bytes))?.map, members.entries.count == 3,
            let format = members["fmt"]?.text, let statement = members["attStmt"]?.map,
            let data = members["authData"]?.bytes, let authenticatorData = AuthenticatorData(bytes: data)
        else { return nil }
        self.statement = AttestationStatement(format: format, members: statement)
        authenticatorBytes = data
        self.authenticatorData = authenticatorData
    }
}
