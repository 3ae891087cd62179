import Accounts
import JOSE
import Web

/// The page on which somebody chooses among the accounts that are signed in in their browser.
struct AccountChoice {
    static let accountField = "account"

    let flow: AuthorizationFlow

    /// What the form's proof is about.
    static func purpose(_ sealed: String) -> String { "accounts " + sealed }

    func page(_ accounts: [SSOAccount]) -> WebResponse {
        guard let sealed = try? flow.request.sealed(with: flow.issuer.requestKeys) else { return flow.internalError() }
        let cookie = LoginCookie.current(in: flow.web, issuer: flow.issuer)
        let page = AccountsPage(
            applicationName: flow.client.name, action: "\(flow.issuer.path)/accounts",
            hiddenFields: [
                HiddenField(name: SignInEndpoint.requestField, value: sealed),
                HiddenField(name: ProvenForm.field, value: cookie.proof(of: Self.purpose(sealed))),
            ],
            choiceField: Self.accountField,
            choices: accounts.map { account in
                let name = account.user.claims["name"]?.string
                return .init(value: account.id, label: account.label, name: name.flatMap { $0 == account.label ? nil : $0 })
            },
            signOut: "\(flow.issuer.path)/logout", formTargets: flow.formTargets, look: flow.look)
        var response = page.response()
        response.headers.add("set-cookie", cookie.setCookie(flow.issuer))
        return response
    }
}

/// `/accounts`: what that page posts.
struct AccountChoiceEndpoint {
    let issuer: Issuer

    func respond(to request: WebRequest) async -> WebResponse {
        let fields = FormBody.fields(request)
        switch PendingSignIn.read(fields, issuer: issuer) {
        case .unknown: return issuer.pages(for: request).badRequest()
        case .expired(let application, let home):
            return issuer.pages(for: request).expired(application: application, home: home)
        case .pending(let signIn):
            var flow = signIn.flow(request, issuer)
            guard let fields, ProvenForm.isOurs(fields, about: AccountChoice.purpose(signIn.sealed), in: request, issuer: issuer)
            else { return issuer.crossSiteForm(request, flow.look) }
            let chosen = fields.first(AccountChoice.accountField) ?? ""
            flow.request.progress.accountID = chosen.isEmpty ? nil : chosen
            flow.request.progress.wantsOther = chosen.isEmpty
            if chosen.isEmpty { flow.request.demand.loginHint = nil }
            do throws(ProviderStoreFailure) {
                return await flow.goOn(try await SSOSessions(issuer: issuer).current(request))
            } catch { return flow.unavailable(error.detail) }
        }
    }
}

extension Issuer {
    /// For a form that no page of ours in this browser has sent.
    func crossSiteForm(_ request: WebRequest, _ look: PageLook) -> WebResponse {
        let reference = Reference(randomness: randomness)
        record(.refusal, "the form came from another site", reference: reference, request: request)
        return ProviderPages(look: look).crossSite(reference: reference)
    }
}
