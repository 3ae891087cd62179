import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// `/device/callback`: whoever has entered a device's code has signed in and is asked whether the device is theirs, with the name of
/// the application and what it wants (RFC 8628 §5.4). Nothing is given before they say yes.
struct DeviceCallbackEndpoint {
    static let answerField = "answer"
    static let approval = "allow"

    let issuer: Issuer

    func respond(to request: WebRequest) async -> WebResponse {
        let isPost = sameBytes(request.method, "POST")
        let fields = isPost ? FormBody.fields(request) : FormFields(query: request.query)
        guard let fields, fields.repeatedName == nil, let sealed = fields.first("state"),
            let state = DeviceState(sealed: sealed, keys: issuer.deviceKeys)
        else { return issuer.pages(for: request).badRequest() }
        do throws(ProviderStoreFailure) {
            if sameBytes(fields.first("error") ?? "", OAuthError.Code.accessDenied.rawValue) {
                return try await notAdmitted(state, request)
            }
            guard let waiting = try await waiting(fields, state) else {
                // Used, or too old: the device learns that by itself.
                return message(\.tooLate, request, status: 400)
            }
            guard isPost else { return ask(waiting, sealed, request) }
            guard ProvenForm.isOurs(fields, about: waiting.codeText, in: request, issuer: issuer) else {
                return issuer.crossSiteForm(request, issuer.look(for: request))
            }
            return try await answer(waiting, fields, request)
        } catch { return unavailable(error.detail, request) }
    }

    /// A device, and somebody who has signed in for it and not answered yet.
    private struct Waiting {
        let device: DeviceRecord
        let client: Client
        let code: AuthorizationCodeRecord
        let codeText: String
        let grant: GrantRecord
        let userCode: UserCode
    }

    private func waiting(_ fields: FormFields, _ state: DeviceState) async throws(ProviderStoreFailure) -> Waiting? {
        guard let text = fields.first("code"), let device = try await issuer.transients.device(state.key),
            device.state == .pending, issuer.clock.now < device.expiresAt, let client = issuer.settings.client(device.clientID),
            let code = try await issuer.store.authorizationCode(SecretDigest(of: Secret(utf8: text))), !code.isUsed,
            issuer.clock.now < code.expiresAt, sameBytes(code.clientID, client.id),
            sameBytes(code.redirectURI, DeviceSignIn.callback(issuer)),
            let grant = try await issuer.store.grant(id: code.grantID)
        else { return nil }
        return Waiting(
            device: device, client: client, code: code, codeText: text, grant: grant, userCode: state.userCode)
    }

    private func ask(_ waiting: Waiting, _ sealed: String, _ request: WebRequest) -> WebResponse {
        let cookie = LoginCookie.current(in: request, issuer: issuer)
        let claims = waiting.grant.user.claims
        var response = DevicePage(
            .confirm(
                application: waiting.client.name, user: claims["email"]?.string ?? claims["preferred_username"]?.string,
                code: waiting.userCode.shown, scopes: waiting.device.scope.values,
                fields: [
                    HiddenField(name: "code", value: waiting.codeText), HiddenField(name: "state", value: sealed),
                    HiddenField(name: ProvenForm.field, value: cookie.proof(of: waiting.codeText)),
                ]), action: issuer.path + "/device/callback", look: issuer.look(for: request)
        ).response(status: 200)
        response.headers.add("set-cookie", cookie.setCookie(issuer))
        return response
    }

    private func answer(
        _ waiting: Waiting, _ fields: FormFields, _ request: WebRequest
    ) async throws(ProviderStoreFailure) -> WebResponse {
        // Of two answers the first counts.
        guard try await issuer.store.takeAuthorizationCode(waiting.code.key) else {
            return message(\.tooLate, request, status: 400)
        }
        let isAllowed = sameBytes(fields.first(Self.answerField) ?? "", Self.approval)
        let mayUse = waiting.client.admits(waiting.grant.user, connectorID: waiting.grant.connectorID)
        guard isAllowed, mayUse else {
            try await issuer.store.endGrant(id: waiting.grant.id)
            guard try await move(waiting.device, to: .denied) else { return message(\.tooLate, request, status: 400) }
            record(
                .refusal, isAllowed ? "device: the user may not use this client" : "device: the user said no", waiting, request)
            return isAllowed ? issuer.pages(for: request).notAdmitted() : message(\.denied, request)
        }
        guard try await keep(waiting.grant, until: waiting.device.expiresAt),
            try await move(waiting.device, to: .approved(grantID: waiting.grant.id))
        else { return message(\.tooLate, request, status: 400) }
        try await remember(waiting)
        record(.signIn, "device", waiting, request)
        return message(\.connected, request)
    }

    /// Refused at the sign-in already: the client does not take whoever signed in.
    private func notAdmitted(_ state: DeviceState, _ request: WebRequest) async throws(ProviderStoreFailure) -> WebResponse {
        if let device = try await issuer.transients.device(state.key) { _ = try await move(device, to: .denied) }
        return issuer.pages(for: request).notAdmitted()
    }

    /// What was allowed stands on the page of consents: there people take it back, and the device is out.
    private func remember(_ waiting: Waiting) async throws(ProviderStoreFailure) {
        let (subject, client) = (waiting.grant.subject, waiting.client.id)
        let before = try await issuer.sso.consent(subject: subject, client: client)?.scope ?? Scope([])
        try await issuer.sso.remember(
            ConsentRecord(
                subject: subject, clientID: client, scope: before.adding(waiting.device.scope.values),
                givenAt: issuer.clock.now))
    }

    /// The device comes for its tokens in a moment: the grant outlives the code.
    private func keep(_ grant: GrantRecord, until expiry: UnixTime) async throws(ProviderStoreFailure) -> Bool {
        var kept = grant
        kept.expiresAt = max(grant.expiresAt, expiry.adding(60))
        kept.version = grant.version.addingReportingOverflow(1).partialValue
        return try await issuer.store.replace(kept)
    }

    /// The device may ask at the same instant, which moves its version on: its answer has to get through.
    private func move(_ device: DeviceRecord, to state: DeviceRecord.State) async throws(ProviderStoreFailure) -> Bool {
        for _ in 0..<5 {
            guard let stored = try await issuer.transients.device(device.key), stored.state == .pending else { return false }
            if try await issuer.transients.replace(stored.moved(to: state)) { return true }
        }
        return false
    }

    private func message(
        _ text: KeyPath<DeviceTexts, PageTexts.Message>, _ request: WebRequest, status: Int = 200
    ) -> WebResponse {
        let look = issuer.look(for: request)
        return MessagePage(DeviceTexts.of(look.language)[keyPath: text], look: look).response(status: status)
    }

    private func record(_ kind: AuditEvent.Kind, _ reason: String, _ waiting: Waiting, _ request: WebRequest) {
        issuer.record(
            kind, reason, identity: issuer.identity(of: waiting.grant), client: waiting.client.id, request: request)
    }

    private func unavailable(_ detail: String, _ request: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.logger.error(
            "a device's answer failed on our side",
            metadata: ["detail": .string(detail), "reference": .string(reference.text), "request_id": .string(request.id)])
        return issuer.pages(for: request).unavailable(retryAfter: 5, reference: reference)
    }
}
