import Accounts
import JOSE
import Web

extension Issuer {
    /// Goes on with the authorization request that a form of ours has posted.
    /// - Parameters:
    ///   - purpose: what the form's proof is about, of the sealed request.
    ///   - step: what the form was for; not called unless the browser's own page has sent it.
    func goOn(
        fromFormIn request: WebRequest, about purpose: (String) -> String,
        _ step: (AuthorizationFlow, FormFields) async throws(ProviderStoreFailure) -> WebResponse
    ) async -> WebResponse {
        let fields = FormBody.fields(request)
        switch PendingSignIn.read(fields, issuer: self) {
        case .unknown: return pages(for: request).badRequest()
        case .expired(let application, let home): return pages(for: request).expired(application: application, home: home)
        case .pending(let signIn):
            let flow = signIn.flow(request, self)
            guard let fields, ProvenForm.isOurs(fields, about: purpose(signIn.sealed), in: request, issuer: self) else {
                return crossSiteForm(request, flow.look)
            }
            do throws(ProviderStoreFailure) { return try await step(flow, fields) } catch {
                return flow.unavailable(error.detail)
            }
        }
    }

    /// For a form that no page of ours in this browser has sent.
    func crossSiteForm(_ request: WebRequest, _ look: PageLook) -> WebResponse {
        let reference = Reference(randomness: randomness)
        record(.refusal, "the form came from another site", reference: reference, request: request)
        return ProviderPages(look: look).crossSite(reference: reference)
    }
}
