import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// `/auth` (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2): checks the request and leads to the sign-in page. Stores nothing.
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
        guard let checked = AuthorizationRequest(checked: parameters, startedAt: issuer.clock.now) else {
            return internalError(request)
        }
        return goOn(checked, connector: connector ?? parameters["connector_id"], request)
    }

    /// To the sign-in, for a request that passed every check.
    func goOn(_ checked: AuthorizationRequest, connector named: String?, _ request: WebRequest) -> WebResponse {
        guard let sealed = try? checked.sealed(with: issuer.requestKeys) else { return internalError(request) }
        guard let named else { return choice(checked, sealed, request) }
        guard let id = issuer.connector(named)?.id else { return issuer.pages(for: request).notFound() }
        return Redirection.seeOther(signInURL(id, sealed))
    }

    private func unavailable(_ detail: String, _ request: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.logger.error(
            "an authorization request failed on our side",
            metadata: ["detail": .string(detail), "reference": .string(reference.text), "request_id": .string(request.id)])
        return issuer.pages(for: request).unavailable(retryAfter: 5, reference: reference)
    }

    private func signInURL(_ connector: String, _ sealed: String) -> String {
        (["request": sealed] as QueryString).appending(to: SignInEndpoint.path(issuer, connector: connector))
    }

    /// The page with all connectors; the one that there is needs no choosing.
    private func choice(_ checked: AuthorizationRequest, _ sealed: String, _ request: WebRequest) -> WebResponse {
        guard issuer.connectors.count != 1, let client = issuer.settings.client(checked.clientID) else {
            return issuer.connectors.first.map { Redirection.seeOther(signInURL($0.id, sealed)) }
                ?? issuer.pages(for: request).notFound()
        }
        let look = issuer.look(for: request, uiLocales: checked.uiLocales)
        let links = issuer.connectors.compactMap { connector in
            PageLink(label: connector.name ?? look.texts.emailLabel, href: signInURL(connector.id, sealed))
        }
        return ConnectorPage(applicationName: client.name, links: links, look: look).response()
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

    private func internalError(_ request: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.logger.error(
            "cannot seal an authorization request",
            metadata: ["reference": .string(reference.text), "request_id": .string(request.id)])
        return issuer.pages(for: request).internalError(reference: reference)
    }
}
