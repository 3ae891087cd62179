package import JOSE

/// What a browser sends at the end of a registration: `RegistrationResponseJSON` (WebAuthn §5.1), as far as it counts.
package struct RegistrationResponse: Sendable {
    package let credentialID: [UInt8]
    package let clientDataJSON: [UInt8]
    package let attestationObject: [UInt8]

    package init(credentialID: [UInt8], clientDataJSON: [UInt8], attestationObject: [UInt8]) {
        self.credentialID = credentialID
        self.clientDataJSON = clientDataJSON
        self.attestationObject = attestationObject
    }

    /// `nil` for what is no such object.
    package init?(json: JSONValue) {
        guard let members = json.object, members["type"] == "public-key", let response = members["response"]?.object,
            let id = members["rawId"]?.base64URL, let clientData = response["clientDataJSON"]?.base64URL,
            let attestation = response["attestationObject"]?.base64URL
        else { return nil }
        self.init(credentialID: id, clientDataJSON: clientData, attestationObject: attestation)
    }
}

extension JSONValue {
    var base64URL: [UInt8]? { string.flatMap { Base64URL.decode($0) } }
}
