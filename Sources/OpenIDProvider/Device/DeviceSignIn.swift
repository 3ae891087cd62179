import JOSE
import OpenIDConnect
import Web

/// The sign-in of somebody who has entered a device's code: an authorization request of ours that comes back to `/device/callback`.
/// Nobody else can exchange its code, since nobody knows a verifier for its challenge.
enum DeviceSignIn {
    static func callback(_ issuer: Issuer) -> String { issuer.url("/device/callback") }

    static func request(
        for device: DeviceRecord, client: Client, userCode: UserCode, uiLocales: String?, issuer: Issuer
    ) throws -> AuthorizationRequest {
        AuthorizationRequest(
            clientID: client.id, redirectURI: callback(issuer), scope: device.scope,
            state: try DeviceState(key: device.key, userCode: userCode).sealed(with: issuer.deviceKeys), nonce: nil,
            codeChallenge: issuer.randomness.token(32), uiLocales: uiLocales, startedAt: issuer.clock.now)
    }
}

extension AuthorizationRequest {
    /// Only a request that we have sealed ourselves can be one.
    func isOfDevice(_ issuer: Issuer) -> Bool { sameBytes(redirectURI, DeviceSignIn.callback(issuer)) }
}

/// What comes back from a device's sign-in in `state`: which device it is for.
struct DeviceState: Sendable {
    static let purpose = "device"

    let key: SecretDigest
    let userCode: UserCode

    func sealed(with keys: SealingKeys) throws -> String {
        try keys.seal(key.bytes + Array(userCode.shown.utf8))
    }

    init(key: SecretDigest, userCode: UserCode) {
        self.key = key
        self.userCode = userCode
    }

    /// `nil` for what these keys did not seal.
    init?(sealed: String, keys: SealingKeys) {
        guard sealed.utf8.count <= 1024, let bytes = keys.open(sealed), bytes.count > 32,
            let code = UserCode(typed: String(decoding: bytes.dropFirst(32), as: UTF8.self))
        else { return nil }
        self.init(key: SecretDigest(bytes: Array(bytes.prefix(32))), userCode: code)
    }
}
