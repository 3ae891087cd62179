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
            hiddenFields: ProvenForm.fields(request: sealed, about: Self.purpose(sealed), cookie),
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
        await issuer.goOn(fromFormIn: request, about: AccountChoice.purpose) {
            flow, fields async throws(ProviderStoreFailure) -> WebResponse in
            var flow = flow
            let chosen = fields.first(AccountChoice.accountField) ?? ""
            flow.request.progress.accountID = chosen.isEmpty ? nil : chosen
            flow.request.progress.wantsOther = chosen.isEmpty
            if chosen.isEmpty { flow.request.demand.loginHint = nil }
            return await flow.goOn(try await SSOSessions(issuer: issuer).current(request))
        }
    }
}
