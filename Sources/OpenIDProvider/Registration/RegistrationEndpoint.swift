import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// `/register` (RFC 7591), where the operator has it: clients that whoever has the initial access token may add.
struct RegistrationEndpoint {
    let issuer: Issuer

    func respond(to web: WebRequest) async -> WebResponse {
        guard let registration = issuer.settings.registration else { return issuer.pages(for: web).notFound() }
        let request = RegistrationRequest(web)
        for check in RegistrationChecks.all where !check.isFulfilled(request, issuer.settings) {
            return RegistrationAnswer.refusal(check, allowed: "POST", issuer, web)
        }
        guard let members = request.members else { return TokenRefusal.unavailable().response }
        do throws(ProviderStoreFailure) {
            let registered = RegisteredClients(registration: registration, issuer: issuer)
            let (outcome, token) = try await registered.add(ClientMetadata(checked: members))
            guard case .done(let client) = outcome else {
                return RegistrationAnswer.refusal(RegistrationChecks.room, allowed: "POST", issuer, web)
            }
            // The name is the client's own word: it has been checked, and is of one line.
            issuer.record(.clientRegistered, "registered itself as \(client.description.name)", client: client.id, request: web)
            return RegistrationAnswer(client: client, token: token, registration: registration, issuer: issuer).response(201)
        } catch {
            return RegistrationAnswer.failure(error, issuer, web)
        }
    }
}

/// What a registered client is told of itself (RFC 7591 §3.2.1, RFC 7592 §3).
struct RegistrationAnswer {
    let client: StoredClient
    /// The registration access token, as the client has it.
    let token: Secret
    let registration: ClientRegistration
    let issuer: Issuer

    func response(_ status: Int) -> WebResponse {
        guard let kept = client.registration else { return TokenRefusal.unavailable().response }
        var members = ClientMetadata(client.description, kept).json
        members["client_id"] = .string(client.id)
        members["client_id_issued_at"] = .integer(client.createdAt.seconds)
        if let secret = registration.secret(of: client) {
            members["client_secret"] = .string(secret.text)
            members["client_secret_expires_at"] = .integer(kept.expiresAt.seconds)
        }
        members["registration_client_uri"] = .string(issuer.url("/register/\(client.id)"))
        members["registration_access_token"] = .string(token.text)
        return JSONResponse.uncached(.object(members), status: status)
    }

    /// - Parameter allowed: the methods of the place.
    static func refusal(
        _ check: RegistrationCheck, client: String? = nil, allowed: String, _ issuer: Issuer, _ web: WebRequest
    ) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(
            .refusal, "client registration: \(check.name) (\(check.section))", reference: reference, client: client, request: web)
        var response = JSONResponse.error(check.error, status: check.status, reference: reference)
        if check.status == 401 { response.headers.add("www-authenticate", "Bearer realm=\"registration\"") }
        if check.status == 405 { response.headers.add("allow", allowed) }
        if check.status == 503 { response.headers.add("retry-after", "60") }
        return response
    }

    static func failure(_ failure: ProviderStoreFailure, _ issuer: Issuer, _ web: WebRequest) -> WebResponse {
        issuer.logger.error(
            "a registration failed on our side",
            metadata: ["detail": .string(failure.detail), "request_id": .string(web.id)])
        return TokenRefusal.unavailable().response
    }
}
