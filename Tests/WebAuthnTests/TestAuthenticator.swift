import JOSE
import WebAuthn

/// An authenticator and its browser, each of whose words can be altered before it is signed.
struct TestAuthenticator {
    static let policy = RelyingPartyPolicy(id: "login.example.com", name: "Example", origin: "https://login.example.com")
    static let challenge = [UInt8](repeating: 0x5A, count: 32)
    static let now = UnixTime(seconds: 1_800_000_000)
    static let userHandle: [UInt8] = [9, 8, 7]

    var key = TestKey.p256
    var type = "webauthn.create"
    var challenge = TestAuthenticator.challenge
    var origin = TestAuthenticator.policy.origin
    var furtherClientData: [(String, JSONValue)] = [("crossOrigin", false)]
    var rpID = TestAuthenticator.policy.id
    /// User present and verified.
    var flags: UInt8 = 0x05
    var signCount: UInt32 = 0
    var aaguid = [UInt8](repeating: 0xA5, count: 16)
    var credentialID: [UInt8] = [1, 2, 3, 4]
    var keyBytes: [UInt8]?
    var extensions: [UInt8] = []
    var trailing: [UInt8] = []
    var format = "none"
    var chain: [[UInt8]] = []
    var attestationKey: TestKey?
    var attestationAlgorithm: COSEAlgorithm?
    var changesSignature: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    /// What comes back differs from what was signed.
    var changesAuthenticatorData: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    var changesClientData: @Sendable ([UInt8]) -> [UInt8] = { $0 }

    var clientData: [UInt8] {
        JSONValue.object(
            JSONObject(
                [
                    (name: "type", value: .string(type)), (name: "challenge", value: .string(Base64URL.encode(challenge))),
                    (name: "origin", value: .string(origin)),
                ] + furtherClientData.map { (name: $0.0, value: $0.1) })
        ).jsonBytes
    }

    private func head(_ flags: UInt8) -> [UInt8] {
        sha256(rpID.utf8) + [flags] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: signCount >> UInt32($0 * 8)) }
    }

    private var newCredential: [UInt8] {
        aaguid + [UInt8(truncatingIfNeeded: credentialID.count >> 8), UInt8(truncatingIfNeeded: credentialID.count)]
            + credentialID + (keyBytes ?? key.coseBytes())
    }

    func registration() throws -> RegistrationResponse {
        let data = head(flags | 0x40) + newCredential + extensions + trailing
        let signature = changesSignature(try (attestationKey ?? key).sign(data + sha256(clientData)))
        let object = CBORValue.map(
            CBORMap([
                .init(.text("fmt"), .text(format)), .init(.text("attStmt"), .map(CBORMap(statement(signature)))),
                .init(.text("authData"), .bytes(changesAuthenticatorData(data))),
            ]))
        return RegistrationResponse(
            credentialID: credentialID, clientDataJSON: changesClientData(clientData), attestationObject: object.encoded)
    }

    private func statement(_ signature: [UInt8]) -> [CBORMap.Entry] {
        guard format == "packed" else { return [] }
        let algorithm = attestationAlgorithm ?? (attestationKey ?? key).algorithm
        let signed: [CBORMap.Entry] = [
            .init(.text("alg"), CBORValue(algorithm.rawValue)), .init(.text("sig"), .bytes(signature)),
        ]
        return chain.isEmpty ? signed : signed + [.init(.text("x5c"), .array(chain.map { .bytes($0) }))]
    }

    func assertion(userHandle: [UInt8]? = TestAuthenticator.userHandle) throws -> AssertionResponse {
        var browser = self
        if browser.type == "webauthn.create" { browser.type = "webauthn.get" }
        let data = head(flags) + extensions + trailing
        let signature = changesSignature(try key.sign(data + sha256(browser.clientData)))
        return AssertionResponse(
            credentialID: credentialID, clientDataJSON: changesClientData(browser.clientData),
            authenticatorData: changesAuthenticatorData(data), signature: signature, userHandle: userHandle)
    }
}

/// One value that is altered, and the refusal that it leads to.
struct Alteration: Sendable, CustomStringConvertible {
    let description: String
    let refusal: CeremonyRefusal
    let alter: @Sendable (inout TestAuthenticator) throws -> Void

    init(
        _ description: String, _ refusal: CeremonyRefusal, _ alter: @escaping @Sendable (inout TestAuthenticator) throws -> Void
    ) {
        self.description = description
        self.refusal = refusal
        self.alter = alter
    }
}
