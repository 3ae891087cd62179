import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// `/auth` (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2): checks the request and leads it on: to a code where the
/// browser's session suffices, else to the page that comes next. Stores nothing for anybody who is not signed in.
struct AuthorizeEndpoint {
    let issuer: Issuer

    /// - Parameter connector: as named in the path.
    func respond(to request: WebRequest, connector: String?) async -> WebResponse {
        let parameters: AuthorizationParameters
        do throws(ProviderStoreFailure) {
            parameters = try await AuthorizationParameters.read(request, issuer)
        } catch { return unavailable(error.detail, request) }
        for check in AuthorizationChecks.all {
            guard let error = check.refusal(parameters) else { continue }
            return refuse(error, check, parameters, request)
        }
        guard var checked = AuthorizationRequest(checked: parameters, startedAt: issuer.clock.now),
            let client = issuer.settings.client(checked.clientID)
        else { return issuer.pages(for: request).badRequest() }
        if let named = connector ?? parameters["connector_id"] {
            guard let id = issuer.connector(named)?.id else { return issuer.pages(for: request).notFound() }
            checked.demand.connectorID = id
        }
        let flow = AuthorizationFlow(issuer: issuer, web: request, client: client, request: checked)
        do throws(ProviderStoreFailure) {
            return await flow.goOn(try await SSOSessions(issuer: issuer).current(request))
        } catch { return flow.unavailable(error.detail) }
    }

    private func unavailable(_ detail: String, _ request: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.logger.error(
            "an authorization request failed on our side",
            metadata: ["detail": .string(detail), "reference": .string(reference.text), "request_id": .string(request.id)])
        return issuer.pages(for: request).unavailable(retryAfter: 5, reference: reference)
    }

    private func refuse(
        _ error: OAuthError, _ check: AuthorizationCheck, _ parameters: AuthorizationParameters, _ request: WebRequest
    ) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        if error.code != .loginRequired {
            let reason = "authorization request: \(check.name) (\(check.section))" + parameters.source.detail
            issuer.record(.refusal, reason, reference: reference, client: parameters.client?.id, request: request)
        }
        guard check.answer == .redirect, let uri = parameters.registeredRedirectURI else {
            return issuer.pages(for: request, uiLocales: parameters.uiLocales).refusal(error.description, reference: reference)
        }
        let isStateShort = !parameters.isLong("state", limit: AuthorizationChecks.maximumStateBytes)
        return AuthorizationResponse(
            redirectURI: uri, state: isStateShort ? parameters["state"] : nil, issuer: issuer.settings.issuer,
            mode: parameters.responseMode ?? .query, look: issuer.look(for: request, uiLocales: parameters.uiLocales)
        ).error(error)
    }
}
