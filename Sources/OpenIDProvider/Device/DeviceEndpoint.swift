import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// `/device` (RFC 8628 §3.3): where people enter the code that their device shows. Leads to the sign-in.
struct DeviceEndpoint {
    let issuer: Issuer

    func respond(to request: WebRequest) async -> WebResponse {
        guard sameBytes(request.method, "POST") else {
            let given = FormFields(query: request.query)?.first(DevicePage.codeField)
            return page(request, code: given.flatMap(UserCode.init(typed:)))
        }
        guard let fields = FormBody.fields(request), fields.repeatedName == nil else {
            return issuer.pages(for: request).badRequest()
        }
        let typed = fields.first(DevicePage.codeField) ?? ""
        if let seconds = issuer.deviceBounds.userCodes.take(request.clientAddress, now: issuer.clock.now) {
            return refuse(request, nil, \.tooManyTries, "too many user codes (RFC 8628 §5.1)", status: 429, retryAfter: seconds)
        }
        guard let code = UserCode(typed: typed) else {
            return refuse(request, nil, \.unknownCode, "no user code (RFC 8628 §3.3)", status: 400)
        }
        do throws(ProviderStoreFailure) {
            let device = try await issuer.transients.device(userCode: code.digest)
            guard let device, device.state == .pending, issuer.clock.now < device.expiresAt,
                let client = issuer.settings.client(device.clientID)
            else { return refuse(request, code, \.unknownCode, "unknown user code (RFC 8628 §3.3)", status: 400) }
            return try await signIn(device, client, code, request)
        } catch { return unavailable(error.detail, request) }
    }

    private func signIn(
        _ device: DeviceRecord, _ client: Client, _ code: UserCode, _ request: WebRequest
    ) async throws(ProviderStoreFailure) -> WebResponse {
        let begun = try? DeviceSignIn.request(for: device, client: client, userCode: code, uiLocales: nil, issuer: issuer)
        guard let begun else { return unavailable("cannot seal", request) }
        let flow = AuthorizationFlow(issuer: issuer, web: request, client: client, request: begun)
        return await flow.goOn(try await SSOSessions(issuer: issuer).current(request))
    }

    private func page(_ request: WebRequest, code: UserCode?) -> WebResponse {
        DevicePage(.enter(code: code?.shown ?? "", error: nil), action: issuer.path + "/device", look: issuer.look(for: request))
            .response(status: 200)
    }

    private func refuse(
        _ request: WebRequest, _ code: UserCode?, _ sentence: KeyPath<DeviceTexts, String>, _ reason: String, status: Int,
        retryAfter: Int64? = nil
    ) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(.refusal, "device: \(reason)", reference: reference, request: request)
        let look = issuer.look(for: request)
        var response = DevicePage(
            .enter(code: code?.shown ?? "", error: DeviceTexts.of(look.language)[keyPath: sentence]),
            action: issuer.path + "/device", reference: reference.text, look: look
        ).response(status: status)
        if let retryAfter { response.headers.add("retry-after", "\(retryAfter)") }
        return response
    }

    private func unavailable(_ detail: String, _ request: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.logger.error(
            "the device page failed on our side",
            metadata: ["detail": .string(detail), "reference": .string(reference.text), "request_id": .string(request.id)])
        return issuer.pages(for: request).unavailable(retryAfter: 5, reference: reference)
    }
}
