import Accounts
import JOSE
import Logging
import Web

/// `/auth/{connector}/login`: the page that asks for login and password, and what it posts. Whoever is signed in meanwhile, in another
/// tab, goes on without. Connectors that are an upstream have no page: the browser is sent on.
struct SignInEndpoint {
    static let requestField = "request"

    let issuer: Issuer

    static func path(_ issuer: Issuer, connector: String) -> String { "\(issuer.path)/auth/\(connector)/login" }

    func respond(to request: WebRequest, connector id: String) async -> WebResponse {
        guard let connector = issuer.connector(id) else { return issuer.pages(for: request).notFound() }
        let isPost = sameBytes(request.method, "POST")
        let fields = isPost ? FormBody.fields(request) : FormFields(query: request.query)
        switch PendingSignIn.read(fields, issuer: issuer) {
        case .unknown: return issuer.pages(for: request).badRequest()
        case .expired(let application, let home):
            return issuer.pages(for: request).expired(application: application, home: home)
        case .pending(let signIn):
            guard signIn.flow(request, issuer).connectors.contains(where: { sameBytes($0.id, connector.id) }) else {
                return issuer.pages(for: request).notFound()
            }
            switch connector.way {
            case .upstream(let connector): return await send(signIn, to: connector, request)
            case .password(let connector):
                var form = SignInForm(issuer: issuer, signIn: signIn, connector: connector, request: request)
                form.passkeys = await Passkeys.offered(by: connector.id, issuer)
                guard isPost, let fields else { return await show(form) }
                return await check(form, fields)
            }
        }
    }

    private func send(
        _ signIn: PendingSignIn, to connector: any UpstreamConnector, _ request: WebRequest
    ) async -> WebResponse {
        let flow = signIn.flow(request, issuer)
        do throws(ProviderStoreFailure) {
            let upstream = UpstreamSignIn(issuer: issuer, signIn: signIn, connector: connector, web: request)
            return await flow.goOn(try await SSOSessions(issuer: issuer).current(request), upstream: upstream)
        } catch { return flow.unavailable(error.detail) }
    }

    private func show(_ form: SignInForm) async -> WebResponse {
        let flow = form.signIn.flow(form.request, issuer)
        do throws(ProviderStoreFailure) {
            return await flow.goOn(try await SSOSessions(issuer: issuer).current(form.request), form: form)
        } catch { return flow.unavailable(error.detail) }
    }

    private func check(_ form: SignInForm, _ fields: FormFields) async -> WebResponse {
        guard FormOrigin.isOurs(form.request, issuer: issuer.settings.issuer) else {
            let reference = fail(form, "the form came from another site")
            return form.pages.crossSite(reference: reference)
        }
        let login = fields.first(LoginPage.loginField) ?? ""
        let isRemembered = form.isRemembered(fields)
        guard let browser = form.browser(provenBy: fields) else {
            return form.page(login: login, isRemembered: isRemembered, error: form.look.texts.signInOnceMore)
        }
        let password = Secret(utf8: fields.first(LoginPage.passwordField) ?? "")
        guard SignInForm.isPlausible(login: login, password: password) else { return wrong(form, login, isRemembered) }
        let check = PasswordCheck(connector: form.connector, web: form.request, issuer: issuer)
        switch await check.answer(login: login, password: password) {
        case .authenticated(let user):
            var response = await SignInCompletion(
                signIn: form.signIn, connectorID: form.connector.id, login: login, isRemembered: isRemembered, browser: browser,
                web: form.request, issuer: issuer
            ).complete(user, .password)
            response.headers.add("set-cookie", check.deviceCookie(login: login))
            return response
        case .wrong: return wrong(form, login, isRemembered)
        case .tooMany(let seconds): return tooMany(form, login, isRemembered, seconds)
        case .busy:
            let reference = fail(form, "too many passwords to check")
            return form.pages.unavailable(retryAfter: 5, reference: reference)
        case .failed(let detail): return unavailable(form, detail)
        }
    }

    private func wrong(_ form: SignInForm, _ login: String, _ isRemembered: Bool) -> WebResponse {
        let reference = fail(form, "wrong login or password")
        return form.page(
            login: login, isRemembered: isRemembered, error: form.look.texts.wrongCredentials, reference: reference, status: 401)
    }

    private func tooMany(_ form: SignInForm, _ login: String, _ isRemembered: Bool, _ seconds: Int64) -> WebResponse {
        let reference = fail(form, "too many wrong passwords")
        var response = form.page(
            login: login, isRemembered: isRemembered, error: PasswordTexts.of(form.look.language).tryAgain(in: seconds),
            reference: reference, status: 429)
        response.headers.add("retry-after", "\(seconds)")
        return response
    }

    private func unavailable(_ form: SignInForm, _ detail: String) -> WebResponse {
        let reference = fail(form, "cannot be checked at the moment")
        issuer.logger.error(
            "a sign-in failed on our side",
            metadata: ["detail": .string(detail), "reference": .string(reference.text), "request_id": .string(form.request.id)])
        return form.pages.unavailable(retryAfter: 30, reference: reference)
    }

    private func fail(_ form: SignInForm, _ reason: String) -> Reference {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(
            .signInFailed, reason, reference: reference, client: form.signIn.client.id, request: form.request)
        return reference
    }
}
