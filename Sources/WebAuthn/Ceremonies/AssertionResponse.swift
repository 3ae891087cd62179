package import JOSE

/// What a browser sends when somebody used a passkey: `AuthenticationResponseJSON` (WebAuthn §5.1), as far as it counts.
package struct AssertionResponse: Sendable {
    package let credentialID: [UInt8]
    package let clientDataJSON: [UInt8]
    package let authenticatorData: [UInt8]
    package let signature: [UInt8]
    /// Whose the credential is, as its registration named them; always there where the browser was not told a credential.
    package let userHandle: [UInt8]?

    package init(
        credentialID: [UInt8], clientDataJSON: [UInt8], authenticatorData: [UInt8], signature: [UInt8], userHandle: [UInt8]?
    ) {
        self.credentialID = credentialID
        self.clientDataJSON = clientDataJSON
        self.authenticatorData = authenticatorData
        self.signature = signature
        self.userHandle = userHandle
    }

    /// `nil` for what is no such object.
    package init?(json: JSONValue) {
        guard let members = json.object, members["type"] == "public-key", let response = members["response"]?.object,
            let id = members["rawId"]?.base64URL, (1...AttestedCredential.maximumIDBytes).contains(id.count),
            let clientData = response["clientDataJSON"]?.base64URL, let data = response["authenticatorData"]?.base64URL,
            let signature = response["signature"]?.base64URL
        else { return nil }
        var handle: [UInt8]?
        if let value = response["userHandle"], value != .null {
            guard let bytes = value.base64URL else { return nil }
            handle = bytes.isEmpty ? nil : bytes
        }
        self.init(
            credentialID: id, clientDataJSON: clientData, authenticatorData: data, signature: signature, userHandle: handle)
    }
}
