package import JOSE

/// What a browser is asked for a new credential: `PublicKeyCredentialCreationOptionsJSON` (WebAuthn §5.4).
package struct CreationOptions: Sendable {
    package let policy: RelyingPartyPolicy
    package let challenge: [UInt8]
    /// Names the user to authenticators; at most 64 bytes, and nothing about the person (§14.6.1).
    package let userHandle: [UInt8]
    package let userName: String
    package let displayName: String
    /// The user's credentials: no authenticator makes a second one.
    package let excluded: [[UInt8]]

    package init(
        policy: RelyingPartyPolicy, challenge: [UInt8], userHandle: [UInt8], userName: String, displayName: String,
        excluded: [[UInt8]]
    ) {
        self.policy = policy
        self.challenge = challenge
        self.userHandle = userHandle
        self.userName = userName
        self.displayName = displayName
        self.excluded = excluded
    }

    package var json: JSONValue {
        [
            "rp": ["id": .string(policy.id), "name": .string(policy.name)],
            "user": [
                "id": .string(Base64URL.encode(userHandle)), "name": .string(userName), "displayName": .string(displayName),
            ],
            "challenge": .string(Base64URL.encode(challenge)),
            "pubKeyCredParams": .array(policy.algorithms.map { ["type": "public-key", "alg": .integer($0.rawValue)] }),
            "timeout": .integer(ceremonyMilliseconds), "excludeCredentials": credentialDescriptors(excluded),
            "authenticatorSelection": [
                "residentKey": "preferred", "requireResidentKey": false,
                "userVerification": .string(policy.userVerification.rawValue),
            ],
            "attestation": .string(policy.attestation.conveyance),
        ]
    }
}

/// What a browser is asked for the use of a credential: `PublicKeyCredentialRequestOptionsJSON` (WebAuthn §5.5).
package struct RequestOptions: Sendable {
    package let policy: RelyingPartyPolicy
    package let challenge: [UInt8]
    /// Empty: whichever the person chooses.
    package let allowed: [[UInt8]]

    package init(policy: RelyingPartyPolicy, challenge: [UInt8], allowed: [[UInt8]] = []) {
        self.policy = policy
        self.challenge = challenge
        self.allowed = allowed
    }

    package var json: JSONValue {
        [
            "challenge": .string(Base64URL.encode(challenge)), "rpId": .string(policy.id),
            "timeout": .integer(ceremonyMilliseconds), "userVerification": .string(policy.userVerification.rawValue),
            "allowCredentials": credentialDescriptors(allowed),
        ]
    }
}

/// As long as a challenge lives.
private let ceremonyMilliseconds: Int64 = 300_000

private func credentialDescriptors(_ ids: [[UInt8]]) -> JSONValue {
    .array(ids.map { ["type": "public-key", "id": .string(Base64URL.encode($0))] })
}
