import Accounts
import JOSE
import Web

/// The end of a second step: a session under a new id, with what was given, and the authorization request led on with it.
struct SecondFactorCompletion {
    let form: SecondFactorForm
    /// Whether the first factor was given in another request.
    let wasLeft: Bool

    private var flow: AuthorizationFlow { form.flow }
    private var issuer: Issuer { form.flow.issuer }

    init(_ form: SecondFactorForm, wasLeft: Bool = true) {
        self.form = form
        self.wasLeft = wasLeft
    }

    /// - Parameters:
    ///   - given: what was given; `nil`: nothing, as nobody asks for it any more.
    ///   - codes: recovery codes to be shown before it goes on; empty: none.
    func complete(
        with given: GivenFactor?, showing codes: [Secret] = []
    ) async throws(ProviderStoreFailure) -> WebResponse {
        if let given {
            issuer.record(
                .secondFactorUsed, given.kind.rawValue, identity: issuer.identity(of: form.account), client: flow.client.id,
                request: flow.web)
        }
        var flow = flow
        let begun: SSOSessions.Begun
        switch form.step.person {
        case .signingIn(let first):
            let user: ConnectorUser
            switch try await stillThere() {
            case .current(let current): user = current
            case .failed(let detail): return flow.unavailable(detail)
            case .gone: return gone()
            }
            begun = try await SSOSessions(issuer: issuer).begin(
                with(given, first.account, user), isRemembered: first.isRemembered, browser: form.browser, flow.web)
            try await issuer.keep(first.kept, of: begun.account)
            flow.request.progress.isAuthenticated = true
        case .signedIn(let id):
            let raised = try await SSOSessions(issuer: issuer).stepUp(accountID: id, browser: form.browser, flow.web) { account in
                with(given, account, account.user)
            }
            guard let raised else { return await flow.goOn(try await SSOSessions(issuer: issuer).current(flow.web)) }
            begun = raised
        }
        flow.request.progress.accountID = begun.account.id
        flow.request.progress.wantsOther = false
        guard codes.isEmpty else { return show(codes, flow, begun) }
        return await flow.goOn(begun.session, cookies: begun.cookies)
    }

    private func with(_ given: GivenFactor?, _ account: SSOAccount, _ user: ConnectorUser) -> SSOAccount {
        var account = given.map { account.with($0, at: issuer.clock.now) } ?? account
        account.user = user
        return account
    }

    /// Who somebody is that has given their first factor a while ago: whoever was disabled meanwhile is not let in.
    private func stillThere() async throws(ProviderStoreFailure) -> RefreshedUser {
        guard wasLeft else { return .current(form.account.user) }
        // Nothing is kept of an upstream's yet: its people are taken as they were.
        return try await UserRefresh(
            issuer: issuer, connectorID: form.account.connectorID, accountID: form.account.id
        ).refreshed(form.account.user)
    }

    private func gone() -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(
            .signInFailed, "the user can no longer sign in", reference: reference, identity: issuer.identity(of: form.account),
            client: flow.client.id, request: flow.web)
        return ProviderPages(look: flow.look).upstreamReply(reference: reference, again: nil)
    }

    /// The codes, once, with a button that goes on as the choice of an account does.
    private func show(_ codes: [Secret], _ flow: AuthorizationFlow, _ begun: SSOSessions.Begun) -> WebResponse {
        guard let sealed = try? flow.request.sealed(with: issuer.requestKeys) else { return flow.internalError() }
        let fields = ProvenForm.fields(request: sealed, about: AccountChoice.purpose(sealed), form.browser)
        var page = SecondFactorPage(
            .recoveryCodes(codes.map(\.text)), action: "\(issuer.path)/accounts",
            hiddenFields: fields + [HiddenField(name: AccountChoice.accountField, value: begun.account.id)], look: flow.look)
        page.user = begun.account.label
        page.formTargets = flow.formTargets
        var response = page.response()
        for cookie in begun.cookies { response.headers.add("set-cookie", cookie) }
        return response
    }
}

extension Issuer {
    /// What an upstream is asked again with about an account. Before any grant is made of it.
    func keep(_ sealed: String?, of account: SSOAccount) async throws(ProviderStoreFailure) {
        guard let sealed else { return }
        try await upstream.keep(UpstreamTokens(accountID: account.id, sealed: sealed, expiresAt: upstreamExpiry))
    }
}
