import Accounts
import RelyingParty
import Web

/// `frontchannel-logout` (OpenID Connect Front-Channel Logout §2): the provider's sign-out page loads it in a frame.
///
/// The frame is on another site, where our cookie does not come along: `iss` and `sid` say which session ends. Without both,
/// none does, so that no image on a foreign page signs anybody out. Where cookies hold the sessions, the cookie has to come along
/// all the same, as it does where the provider is on the same site.
struct FrontchannelLogout: Sendable {
    let parts: AuthServiceParts
    let refusals: Refusals

    /// All sessions end; so many of them leave an audit line.
    private static let maximumRecorded = 100

    func answer(_ request: WebRequest) async -> Decision {
        let fields = FormFields(query: request.query)
        guard let fields, fields.repeatedName == nil, let issuer = fields.first("iss"), let session = fields.first("sid"),
            (1...255).contains(session.utf8.count),
            let provider = parts.providers.first(where: { sameBytes($0.client.client.issuer, issuer) })
        else { return refusals.badFrontchannelLogout(request) }
        do throws(StoreFailure) {
            let isKnown = try await end(issuer: issuer, providerSessionID: session, request)
            guard isKnown else { return refusals.frontchannelLogoutWithoutCookie(request) }
        } catch {
            return refusals.unavailable(request, detail: error.detail)
        }
        return .respond(Page(response: Self.emptyPage(framedBy: provider.client.client.issuer)))
    }

    /// - Returns: `false` where the session's cookie would have to be there, and is not.
    private func end(
        issuer: String, providerSessionID: String, _ request: WebRequest
    ) async throws(StoreFailure) -> Bool {
        guard parts.sessions.areInCookies else {
            let selection = SessionSelection.providerSession(issuer: issuer, id: providerSessionID)
            let sessions = try await parts.sessions.list(selection, limit: Self.maximumRecorded)
            try await parts.sessions.endAll(selection)
            sessions.forEach { record($0, request) }
            return true
        }
        // Anybody can send this request, so nothing is stored for a name that nobody has shown to be one of a session.
        let session: Session
        switch await parts.session(of: request) {
        case .none: return false
        case .unavailable(let detail): throw StoreFailure(detail: detail)
        case .live(let live): session = live
        }
        guard sameBytes(session.identity.issuer, issuer), let id = session.providerSessionID, sameBytes(id, providerSessionID)
        else { return false }
        try await parts.sessions.end(session.key)
        record(session, request)
        return true
    }

    private func record(_ session: Session, _ request: WebRequest) {
        parts.record(.signOut, request, identity: session.identity, reason: "the provider's sign-out page")
    }

    /// Nothing to see, nothing that runs; only the provider may frame it.
    private static func emptyPage(framedBy issuer: String) -> WebResponse {
        let ancestor = Origin(issuer).map { "\($0)" } ?? "'none'"
        return WebResponse(
            status: 200,
            headers: [
                "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff",
                "content-security-policy": "default-src 'none'; frame-ancestors \(ancestor)", "referrer-policy": "no-referrer",
            ], body: Array("<!doctype html><title>·</title>\n".utf8))
    }
}
