import Accounts
import JOSE
import OpenIDConnect
import Web

/// `/register/{client_id}`: where a client that has registered itself reads, changes and deletes its registration (RFC 7592), with the
/// registration access token that it was given.
struct ClientConfigurationEndpoint {
    let issuer: Issuer
    let id: String

    private static let methods = "GET, PUT, DELETE"

    func respond(to web: WebRequest) async -> WebResponse {
        guard let registration = issuer.settings.registration else { return issuer.pages(for: web).notFound() }
        let registered = RegisteredClients(registration: registration, issuer: issuer)
        do throws(ProviderStoreFailure) {
            if registration.registered(id) == nil, isOneOfOurs {
                // It may have registered at another process a moment ago.
                try await registration.clients.follow()
            }
            let facts = ConfigurationFacts(
                request: RegistrationRequest(web), client: registration.registered(id), registered: registered)
            for check in ConfigurationChecks.of(web.method) where !check.isFulfilled(facts, issuer.settings) {
                return refuse(check.refusal, web)
            }
            guard let client = facts.client, let token = facts.request.bearer else {
                return refuse(ConfigurationChecks.unknown, web)
            }
            switch web.method {
            case "PUT": return try await replace(facts, client, token, registered, web)
            case "DELETE": return try await delete(client, registered, web)
            default: return answer(client, token, registration)
            }
        } catch {
            return RegistrationAnswer.failure(error, issuer, web)
        }
    }

    private var isOneOfOurs: Bool { id.utf8.starts(with: ClientRegistration.prefix.utf8) && id.utf8.count <= 64 }

    private func answer(_ client: StoredClient, _ token: Secret, _ registration: ClientRegistration) -> WebResponse {
        RegistrationAnswer(client: client, token: token, registration: registration, issuer: issuer).response(200)
    }

    private func replace(
        _ facts: ConfigurationFacts, _ client: StoredClient, _ token: Secret, _ registered: RegisteredClients,
        _ web: WebRequest
    ) async throws(ProviderStoreFailure) -> WebResponse {
        guard let members = facts.request.members else { return refuse(ConfigurationChecks.unknown, web) }
        let outcome = try await registered.replace(
            id: client.id, token: token, ClientMetadata(checked: members), keepsSecret: members["client_secret"] != nil)
        guard case .done(let changed) = outcome else { return refuse(ConfigurationChecks.unknown, web) }
        issuer.record(.clientChanged, "the client changed its registration", client: client.id, request: web)
        return answer(changed, token, registered.registration)
    }

    private func delete(
        _ client: StoredClient, _ registered: RegisteredClients, _ web: WebRequest
    ) async throws(ProviderStoreFailure) -> WebResponse {
        guard case .done = try await registered.delete(id: client.id, reason: "the client deleted its registration") else {
            return refuse(ConfigurationChecks.unknown, web)
        }
        issuer.record(.clientChanged, "the client deleted its registration", client: client.id, request: web)
        return WebResponse(status: 204, headers: ["cache-control": "no-store", "pragma": "no-cache"], body: [])
    }

    private func refuse(_ check: RegistrationCheck, _ web: WebRequest) -> WebResponse {
        // Only an id that we know gets into a log.
        let client = issuer.settings.registration?.registered(id)?.id
        return RegistrationAnswer.refusal(check, client: client, allowed: Self.methods, issuer, web)
    }
}
