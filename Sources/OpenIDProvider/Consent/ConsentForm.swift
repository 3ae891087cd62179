import Accounts
import JOSE
import OpenIDConnect
import Web

/// The page on which somebody allows a client what it asks for.
struct ConsentForm {
    static let decisionField = "decision"
    static let allow = "allow"

    let flow: AuthorizationFlow
    let account: SSOAccount

    /// What the form's proof is about.
    static func purpose(_ sealed: String) -> String { "approval " + sealed }

    func page() -> WebResponse {
        // The answer is about this account, whoever else signs in meanwhile.
        var request = flow.request
        request.progress.accountID = account.id
        guard let sealed = try? request.sealed(with: flow.issuer.requestKeys) else { return flow.internalError() }
        let cookie = LoginCookie.current(in: flow.web, issuer: flow.issuer)
        let page = ConsentPage(
            applicationName: flow.client.name, user: account.label, action: "\(flow.issuer.path)/approval",
            hiddenFields: ProvenForm.fields(request: sealed, about: Self.purpose(sealed), cookie),
            decisionField: Self.decisionField, allow: Self.allow, deny: "deny", scopes: request.consentScope.values,
            formTargets: flow.formTargets, look: flow.look)
        var response = page.response()
        response.headers.add("set-cookie", cookie.setCookie(flow.issuer))
        return response
    }
}

/// `/approval`: what that page posts.
struct ApprovalEndpoint {
    let issuer: Issuer

    func respond(to request: WebRequest) async -> WebResponse {
        await issuer.goOn(fromFormIn: request, about: ConsentForm.purpose) {
            flow, fields async throws(ProviderStoreFailure) -> WebResponse in
            try await decide(flow, fields)
        }
    }

    private func decide(_ flow: AuthorizationFlow, _ fields: FormFields) async throws(ProviderStoreFailure) -> WebResponse {
        let session = try await SSOSessions(issuer: issuer).current(flow.web)
        guard let account = flow.request.progress.accountID.flatMap({ session?.account($0) }) else {
            return await flow.goOn(session)
        }
        guard sameBytes(fields.first(ConsentForm.decisionField) ?? "", ConsentForm.allow) else {
            issuer.record(.refusal, "the user did not allow it", client: flow.client.id, request: flow.web)
            return flow.response.error(OAuthError(.accessDenied, "the user did not allow it"))
        }
        let before = try await issuer.sso.consent(subject: account.subject, client: flow.client.id)?.scope ?? Scope([])
        try await issuer.sso.remember(
            ConsentRecord(
                subject: account.subject, clientID: flow.client.id, scope: before.adding(flow.request.consentScope.values),
                givenAt: issuer.clock.now))
        let identity = Identity(issuer: issuer.settings.issuer, subject: account.subject, claims: account.user.claims)
        issuer.record(.consent, flow.request.consentScope.text, identity: identity, client: flow.client.id, request: flow.web)
        var allowed = flow
        allowed.request.progress.hasConsented = true
        return await allowed.goOn(session)
    }
}
