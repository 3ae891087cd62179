import JOSE
import WebAuthn

extension FuzzTarget {
    /// What authenticators send.
    static let cbor = FuzzTarget("cbor", maximumBytes: 1024) { (input) throws(Violation) in
        guard let value = try? CBORReader.read(input) else { return }
        try require(value.encoded == input, "one spelling only")
        try require(depth(of: value) <= CBORReader.maximumDepth, "as deep as is allowed")
        try require((try? CBORReader.read(input + [0])) == nil, "nothing can stand behind it")
        try require((try? CBORReader.read(input.dropLast())) == nil, "nothing of it can be missing")
        let prefix = try? CBORReader.readPrefix(input + [0xFF, 0x00])
        try require(prefix?.value == value && prefix?.length == input.count, "what follows changes nothing")
    }

    private static func depth(of value: CBORValue) -> Int {
        switch value {
        case .array(let values): 1 + (values.map(depth).max() ?? 0)
        case .map(let map): 1 + (map.entries.map { depth(of: $0.value) }.max() ?? 0)
        case .unsigned, .negative, .bytes, .text, .bool, .null: 0
        }
    }

    /// Attestations of new credentials, in a ceremony whose other half is right.
    static let attestation = FuzzTarget("attestation", maximumBytes: 4096) { (input) throws(Violation) in
        let policy = RelyingPartyPolicy(id: "example.com", name: "Example", origin: "https://example.com")
        let challenge = [UInt8](repeating: 7, count: 32)
        let clientData: JSONValue = [
            "type": "webauthn.create", "challenge": .string(Base64URL.encode(challenge)), "origin": .string(policy.origin),
        ]
        let id = AttestationObject(bytes: input)?.authenticatorData.credential?.id ?? []
        let response = RegistrationResponse(
            credentialID: id, clientDataJSON: clientData.jsonBytes, attestationObject: input)
        let moment = UnixTime(seconds: 1_800_000_000)
        let registration = Registration(policy: policy, challenge: challenge, now: moment)
        guard let credential = try? registration.verify(response) else { return }
        try require((1...1023).contains(credential.id.count), "the id can be stored")
        try require(COSEKey(bytes: credential.publicKey) != nil, "the key can be verified with")
        try require(credential.isBackupEligible || !credential.isBackedUp, "the flags fit each other")
        var other = policy
        other.attestation = .trusted([])
        let distrusting = Registration(policy: other, challenge: challenge, now: moment)
        try require((try? distrusting.verify(response)) == nil, "nobody is trusted where none is")
        let elsewhere = Registration(policy: policy, challenge: challenge.dropLast() + [8], now: moment)
        try require((try? elsewhere.verify(response)) == nil, "it is of its challenge alone")
    }
}
