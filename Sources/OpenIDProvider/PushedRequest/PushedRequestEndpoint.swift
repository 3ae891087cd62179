import JOSE
import OpenIDConnect
import Web

/// `/par` (RFC 9126): keeps an authorization request for a minute; the browser carries only what stands for it.
struct PushedRequestEndpoint {
    /// Seconds until the browser has to be here.
    private static let life: Int64 = 90
    /// Requests that wait at the same time.
    private static let limit = 20_000

    let issuer: Issuer

    func respond(to web: WebRequest) async -> WebResponse {
        var call = PushedRequest(web, now: issuer.clock.now)
        do throws(ProviderStoreFailure) {
            if let refusal = try await issuer.firstRefusal(PushedRequestChecks.all, &call) {
                return try await issuer.refuse(refusal, call)
            }
            guard let client = call.client, let fields = call.parameters?.fields else {
                return issuer.unavailable("no parameters", call)
            }
            let reference = RequestSource.referencePrefix + issuer.randomness.token(32)
            let record = PushedRequestRecord(
                key: SecretDigest(of: Secret(utf8: reference)), clientID: client.id,
                parameters: QueryString(fields.fields.map { ($0.name, $0.value) }).encoded,
                expiresAt: call.now.adding(Self.life))
            guard try await issuer.transients.push(record, limit: Self.limit) else {
                return issuer.unavailable("too many pushed requests wait", call)
            }
            return JSONResponse.uncached(
                ["request_uri": .string(reference), "expires_in": .integer(Self.life)], status: 201)
        } catch {
            return issuer.unavailable(error.detail, call)
        }
    }
}
