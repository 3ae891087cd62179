import Accounts
import JOSE
import OpenIDConnect
import Web

/// `/register` (RFC 7591), where the operator has it: clients that whoever has the initial access token may add.
struct RegistrationEndpoint {
    let issuer: Issuer

    func respond(to web: WebRequest) -> WebResponse {
        guard let registration = issuer.settings.registration else { return issuer.pages(for: web).notFound() }
        let request = RegistrationRequest(web)
        for check in RegistrationChecks.all where !check.isFulfilled(request, issuer.settings) { return refuse(check, web) }
        guard let members = request.members,
            let registered = try? registration.register(ClientMetadata(checked: members))
        else { return TokenRefusal.unavailable().response }
        issuer.record(.clientRegistered, registered.client.name, web)
        return JSONResponse.uncached(.object(reply(registered, ClientMetadata(checked: members))), status: 201)
    }

    /// RFC 7591 §3.2.1.
    private func reply(
        _ registered: (client: Client, secret: Secret?, expiresAt: UnixTime), _ metadata: ClientMetadata
    ) -> JSONObject {
        var members = metadata.json
        members["client_id"] = .string(registered.client.id)
        members["client_id_issued_at"] = .integer(issuer.clock.now.seconds)
        if !registered.client.secrets.isEmpty, let secret = registered.secret {
            members["client_secret"] = .string(secret.text)
            members["client_secret_expires_at"] = .integer(registered.expiresAt.seconds)
        }
        return members
    }

    private func refuse(_ check: RegistrationCheck, _ web: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(
            .refusal, "client registration: \(check.name) (\(check.section))", reference: reference, request: web)
        var response = JSONResponse.error(check.error, status: check.status, reference: reference)
        if check.status == 401 { response.headers.add("www-authenticate", "Bearer realm=\"registration\"") }
        if check.status == 405 { response.headers.add("allow", "POST") }
        return response
    }
}

extension Issuer {
    fileprivate func record(_ kind: AuditEvent.Kind, _ name: String, _ web: WebRequest) {
        // The name is the client's own word: it has been checked, and is of one line.
        record(kind, "registered itself as \(name)", request: web)
    }
}
