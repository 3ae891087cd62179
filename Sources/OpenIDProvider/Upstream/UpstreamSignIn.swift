import Accounts
import JOSE
import Logging
import Web

/// Sends one pending sign-in's browser to an upstream.
struct UpstreamSignIn {
    let issuer: Issuer
    let signIn: PendingSignIn
    let connector: any UpstreamConnector
    let web: WebRequest

    func response() async -> WebResponse {
        let cookie = LoginCookie.current(in: web, issuer: issuer)
        let state = UpstreamState(
            connectorID: connector.id, request: signIn.request, browser: cookie, randomness: issuer.randomness)
        guard let sealed = try? state.sealed(with: issuer.upstreamStateKeys) else {
            return signIn.flow(web, issuer).internalError()
        }
        do throws(UpstreamFailed) {
            let request = state.upstreamRequest(sealed: sealed, connector, cookie, issuer)
            var response = Redirection.seeOther(try await connector.authorizationURL(for: request))
            response.headers.add("set-cookie", cookie.setCookie(issuer))
            return response
        } catch { return issuer.unavailable(error, connector, signIn, web) }
    }
}

extension Issuer {
    /// The page for an upstream that cannot be asked, with its audit line.
    func unavailable(
        _ failed: UpstreamFailed, _ connector: any UpstreamConnector, _ signIn: PendingSignIn, _ web: WebRequest
    ) -> WebResponse {
        let reference = Reference(randomness: randomness)
        record(
            .signInFailed, "connector \(connector.id): cannot be asked at the moment", reference: reference,
            client: signIn.client.id, request: web)
        logger.error(
            "a sign-in failed on our side",
            metadata: [
                "detail": .string("\(connector.id): \(failed.detail)"), "reference": .string(reference.text),
                "request_id": .string(web.id),
            ])
        return pages(for: web, uiLocales: signIn.request.uiLocales).unavailable(
            retryAfter: Int(clamping: min(max(failed.retryAfter ?? 30, 1), 86400)), reference: reference)
    }
}
