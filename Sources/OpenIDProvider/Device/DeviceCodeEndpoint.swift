import JOSE
import OpenIDConnect
import Web

/// `/device/code` (RFC 8628 §3.1): a code for the device, and one for its user.
struct DeviceCodeEndpoint {
    /// Seconds that the codes are good for.
    private static let life: Int64 = 600
    /// Seconds between two questions.
    static let interval: Int64 = 5
    /// Devices that wait at the same time: no stranger fills the store.
    private static let limit = 10_000

    let issuer: Issuer

    func respond(to web: WebRequest) async -> WebResponse {
        var call = DeviceCodeRequest(web, now: issuer.clock.now)
        do throws(ProviderStoreFailure) {
            if let refusal = try await issuer.firstRefusal(DeviceCodeChecks.all, &call) {
                return try await issuer.refuse(refusal, call)
            }
            guard let client = call.client, let scope = call.scope else { return issuer.unavailable("no client", call) }
            let (deviceCode, userCode) = (Secret(utf8: issuer.randomness.token(32)), UserCode(randomness: issuer.randomness))
            let record = DeviceRecord(
                key: SecretDigest(of: deviceCode), userCode: userCode.digest, clientID: client.id, scope: scope,
                expiresAt: call.now.adding(Self.life), interval: Self.interval)
            guard try await issuer.transients.create(record, limit: Self.limit) else {
                return issuer.unavailable("too many devices wait", call)
            }
            return JSONResponse.uncached(reply(deviceCode, userCode))
        } catch {
            return issuer.unavailable(error.detail, call)
        }
    }

    private func reply(_ deviceCode: Secret, _ userCode: UserCode) -> JSONValue {
        let page = issuer.url("/device")
        return [
            "device_code": .string(deviceCode.text), "user_code": .string(userCode.shown), "verification_uri": .string(page),
            // Dex's clients read this name, too.
            "verification_url": .string(page),
            "verification_uri_complete": .string((["user_code": userCode.shown] as QueryString).appending(to: page)),
            "expires_in": .integer(Self.life), "interval": .integer(Self.interval),
        ]
    }
}
