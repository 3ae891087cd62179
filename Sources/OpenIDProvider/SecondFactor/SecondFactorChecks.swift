import JOSE
import Web

/// What is posted to `/second-factor`, as the checks see it.
struct SecondFactorPost: Sendable {
    let fields: FormFields?
    /// Opened, where it is one of ours.
    let step: SecondFactorStep?
    /// The browser whose page has sent the form.
    let browser: LoginCookie?
    let isExpired: Bool
    /// The request's, if it and the redirect URI are registered still.
    let client: Client?
    /// Whose second factor it has to be; `nil` where the account has been signed out meanwhile.
    let account: SSOAccount?

    init(_ web: WebRequest, _ issuer: Issuer) async throws(ProviderStoreFailure) {
        let fields = FormBody.fields(web)
        let sealed = fields?.first(SecondFactorForm.stepField)
        let step = sealed.flatMap { SecondFactorStep(sealed: $0, keys: issuer.secondFactorStepKeys) }
        self.fields = fields
        self.step = step
        browser =
            if let fields, let sealed, FormOrigin.isOurs(web, issuer: issuer.settings.issuer) {
                ProvenForm.browser(of: fields, about: SecondFactorForm.purpose(sealed), in: web, issuer: issuer)
            } else { nil }
        isExpired = step.map { $0.isExpired(at: issuer.clock.now) || $0.request.isExpired(at: issuer.clock.now) } ?? false
        client = step.flatMap { PendingSignIn.client(of: $0.request, issuer) }
        switch step?.person {
        case .signingIn(let first)?: account = first.account
        case .signedIn(let id)?: account = try await SSOSessions(issuer: issuer).current(web)?.account(id)
        case nil: account = nil
        }
    }
}

/// One thing that a second step must fulfil before anybody looks at the code.
struct SecondFactorCheck: Sendable {
    /// The page that its refusal shows.
    enum Answer: Sendable {
        case badRequest
        case crossSite
        case expired
    }

    let name: String
    let section: String
    let answer: Answer
    let isFulfilled: @Sendable (SecondFactorPost) -> Bool

    init(
        _ name: String, _ section: String, _ answer: Answer, unless isFulfilled: @escaping @Sendable (SecondFactorPost) -> Bool
    ) {
        self.name = name
        self.section = section
        self.answer = answer
        self.isFulfilled = isFulfilled
    }
}

/// Every check of `/second-factor`, in order; the first that is not fulfilled decides. Only then is a try counted, and the code
/// looked at (`SecondFactorCode`).
enum SecondFactorChecks {
    static let all: [SecondFactorCheck] = [
        .init("parameters readable", "RFC 6749 §3.1", .badRequest) { $0.fields != nil },
        .init("no parameter twice", "RFC 6749 §3.1", .badRequest) { $0.fields?.repeatedName == nil },
        .init("step of ours", "RFC 6749 §10.12", .badRequest) { $0.step != nil },
        .init("form of ours", "RFC 6749 §10.12", .crossSite) { $0.browser != nil },
        .init("browser that gave the first factor", "RFC 9700 §4.7", .crossSite) { post in
            post.browser.flatMap { browser in post.step.map { $0.fits(browser) } } ?? false
        },
        .init("not too late", "RFC 6749 §10.12", .expired) { !$0.isExpired },
        .init("client registered", "RFC 6749 §3.1.2", .badRequest) { $0.client != nil },
        .init("still signed in", "OpenID Connect Core §3.1.2.3", .expired) { $0.account != nil },
    ]
}
