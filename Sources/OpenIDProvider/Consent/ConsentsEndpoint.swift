import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// `/consents`: what the people who are signed in in this browser have allowed. GET shows, POST takes one back.
struct ConsentsEndpoint {
    private static let purpose = "consents"
    private static let clientField = "client"
    private static let accountField = "account"

    let issuer: Issuer

    func respond(to request: WebRequest) async -> WebResponse {
        let look = issuer.look(for: request)
        do throws(ProviderStoreFailure) {
            guard let session = try await SSOSessions(issuer: issuer).current(request) else {
                return ProviderPages(look: look).notSignedIn()
            }
            for account in session.accounts {
                if let first = try await issuer.pageBeforeOwnPages(account, request) { return first }
            }
            guard sameBytes(request.method, "POST") else { return try await page(session, request, look) }
            guard let fields = FormBody.fields(request),
                ProvenForm.isOurs(fields, about: Self.purpose, in: request, issuer: issuer)
            else { return issuer.crossSiteForm(request, look) }
            try await revoke(fields, session, request)
            return Redirection.seeOther("\(issuer.path)/consents")
        } catch {
            let reference = Reference(randomness: issuer.randomness)
            issuer.logger.error(
                "the page of consents failed on our side",
                metadata: ["detail": .string(error.detail), "reference": .string(reference.text)])
            return ProviderPages(look: look).unavailable(retryAfter: 5, reference: reference)
        }
    }

    private func revoke(
        _ fields: FormFields, _ session: SSOSession, _ request: WebRequest
    ) async throws(ProviderStoreFailure) {
        guard let client = fields.first(Self.clientField),
            let account = fields.first(Self.accountField).flatMap(session.account)
        else { return }
        try await issuer.sso.revokeConsent(subject: account.subject, client: client)
        let identity = Identity(issuer: issuer.settings.issuer, subject: account.subject, claims: account.user.claims)
        issuer.record(
            .revocation, "the user took back what a client was allowed", identity: identity,
            client: issuer.settings.client(client)?.id, request: request)
    }

    private func page(
        _ session: SSOSession, _ request: WebRequest, _ look: PageLook
    ) async throws(ProviderStoreFailure) -> WebResponse {
        var entries: [ConsentsPage.Entry] = []
        for account in session.accounts {
            for consent in try await issuer.sso.consents(ofSubject: account.subject) {
                entries.append(
                    .init(
                        application: issuer.settings.client(consent.clientID)?.name ?? consent.clientID, user: account.label,
                        scopes: consent.scope.values, givenAt: consent.givenAt.rfc3339,
                        fields: [
                            HiddenField(name: Self.clientField, value: consent.clientID),
                            HiddenField(name: Self.accountField, value: account.id),
                        ]))
            }
        }
        let cookie = LoginCookie.current(in: request, issuer: issuer)
        let page = ConsentsPage(
            action: "\(issuer.path)/consents",
            hiddenFields: [HiddenField(name: ProvenForm.field, value: cookie.proof(of: Self.purpose))], entries: entries,
            look: look)
        var response = page.response()
        response.headers.add("set-cookie", cookie.setCookie(issuer))
        return response
    }
}
