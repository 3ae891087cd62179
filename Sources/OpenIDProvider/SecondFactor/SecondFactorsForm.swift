import Accounts
import JOSE
import Web

/// The page of somebody's second factors, for one account of the browser's session.
struct SecondFactorsForm {
    static let accountField = "account"
    static let actionField = "do"
    static let factorField = "factor"

    enum Action: String {
        /// With a code: the owner sits here.
        case confirm
        /// Offers the key of an authenticator app.
        case begin
        /// With a code of that app.
        case enrol
        case remove
        case regenerate
        /// With a new passkey.
        case passkey
    }

    /// What the person may do now.
    enum Standing {
        case open
        /// A second factor has to be given first.
        case confirmation
        /// They have to sign in once more first.
        case signIn
    }

    let issuer: Issuer
    var account: SSOAccount
    let web: WebRequest
    /// Whose form was posted; `nil`: none was.
    var browser: LoginCookie?

    var look: PageLook { issuer.look(for: web) }
    var url: String { ([Self.accountField: account.id] as QueryString).appending(to: path) }
    private var path: String { "\(issuer.path)/second-factors" }

    /// What the forms' proof is about.
    static func purpose(_ account: SSOAccount) -> String { "second factors " + account.id }

    func standing() async throws(ProviderStoreFailure) -> Standing {
        standing(try await SecondFactors(issuer: issuer).usable(of: SecondFactorAccount(account)))
    }

    private func standing(_ factors: [SecondFactor]) -> Standing {
        let now = issuer.clock.now
        if let given = account.secondFactorAt, now.since(given) < SecondFactorsEndpoint.freshSecondFactor { return .open }
        guard factors.isEmpty else { return .confirmation }
        return now.since(account.authTime) < SecondFactorsEndpoint.freshSignIn ? .open : .signIn
    }

    func page(problem: SecondFactorPage.Problem? = nil) async throws(ProviderStoreFailure) -> WebResponse {
        let factors = try await SecondFactors(issuer: issuer).usable(of: SecondFactorAccount(account))
        let standing = standing(factors)
        if standing == .confirmation {
            var page = SecondFactorPage(.code, action: path, hiddenFields: fields(.confirm), look: look)
            page.sentence = SecondFactorTexts.of(look.language).confirmSentence
            page.problem = problem
            page.passkey = try Passkeys(issuer)?.proofForm(
                action: path, of: SecondFactorAccount(account), factors, hiddenFields: fields(.confirm), cookie)
            return shown(page)
        }
        let entries = factors.map { factor in
            SecondFactorsPage.Entry(
                kind: kind(of: factor),
                createdAt: factor.createdAt.rfc3339, lastUsedAt: factor.lastUsedAt?.rfc3339,
                fields: factor.kind == .recoveryCodes
                    ? fields(.regenerate) : fields(.remove) + [HiddenField(name: Self.factorField, value: factor.id)])
        }
        var page = SecondFactorsPage(action: path, user: account.label, entries: entries, look: look)
        if standing == .open, !factors.contains(where: { $0.kind == .totp }) { page.setUpFields = fields(.begin) }
        if standing == .open {
            page.passkey = try Passkeys(issuer)?.creationForm(
                action: path, for: account, having: factors, hiddenFields: fields(.passkey), cookie)
        }
        if case .passkey(let sentence, let reference)? = problem { (page.error, page.reference) = (sentence, reference) }
        return withCookie(page.response())
    }

    private func kind(of factor: SecondFactor) -> SecondFactorsPage.Entry.Kind {
        switch factor.kind {
        case .totp: .app
        case .recoveryCodes: .recoveryCodes(left: RecoveryCodes.left(factor))
        case .passkey: .passkey(factor.label)
        }
    }

    /// - Parameter offer: `nil`: a new one.
    func enrolment(_ offer: EnrolmentOffer?, problem: SecondFactorPage.Problem? = nil) -> WebResponse {
        let offer = offer ?? EnrolmentOffer(SecondFactorAccount(account), browser: cookie, issuer: issuer)
        guard let sealed = try? offer.sealed(with: issuer.secondFactorOfferKeys) else {
            return issuer.unavailable("cannot seal an offer", "the page of second factors", web, look)
        }
        var page = SecondFactorPage(
            issuer.enrolment(offer, account), action: path,
            hiddenFields: fields(.enrol) + [HiddenField(name: EnrolmentOffer.field, value: sealed)], look: look)
        page.problem = problem
        return shown(page)
    }

    func recoveryCodes(_ codes: [Secret]) -> WebResponse {
        var page = SecondFactorPage(.recoveryCodes(codes.map(\.text)), action: path, hiddenFields: [], look: look)
        page.link = url
        return shown(page)
    }

    func signInAgain() -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(
            .secondFactorRefused, "the sign-in is too long ago to set one up", reference: reference,
            identity: issuer.identity(of: account), request: web)
        let link = PageLink(label: look.texts.signOut, href: "\(issuer.path)/logout")
        let text = SecondFactorTexts.of(look.language).signInAgain
        return MessagePage(text, reference: reference.text, link: link, look: look).response(status: 403)
    }

    func record(_ kind: AuditEvent.Kind, _ reason: String) {
        issuer.record(kind, reason, identity: issuer.identity(of: account), request: web)
    }

    private var cookie: LoginCookie { browser ?? LoginCookie.current(in: web, issuer: issuer) }

    private func fields(_ action: Action) -> [HiddenField] {
        [
            HiddenField(name: Self.accountField, value: account.id),
            HiddenField(name: ProvenForm.field, value: cookie.proof(of: Self.purpose(account))),
            HiddenField(name: Self.actionField, value: action.rawValue),
        ]
    }

    private func shown(_ page: SecondFactorPage) -> WebResponse {
        var page = page
        page.user = account.label
        return withCookie(page.response())
    }

    private func withCookie(_ response: WebResponse) -> WebResponse {
        var response = response
        response.headers.add("set-cookie", cookie.setCookie(issuer))
        return response
    }
}

extension Issuer {
    /// Where somebody has to go before a page of their own here: a session in which a second factor is missing that is asked for
    /// changes nothing. `nil`: it is not missing.
    func pageBeforeOwnPages(
        _ account: SSOAccount, _ web: WebRequest
    ) async throws(ProviderStoreFailure) -> WebResponse? {
        guard try await SecondFactors(issuer: self).standing(of: account, at: nil).isDue else { return nil }
        return Redirection.seeOther(SecondFactorsForm(issuer: self, account: account, web: web).url)
    }
}
