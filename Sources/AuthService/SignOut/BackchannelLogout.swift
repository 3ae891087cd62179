import Accounts
import JOSE
import RelyingParty
import Web

/// `backchannel-logout` (OpenID Connect Back-Channel Logout §2.5): a provider says, from server to server, whose sessions it ended.
struct BackchannelLogout: Sendable {
    let parts: AuthServiceParts
    let refusals: Refusals

    private static let maximumTokenBytes = 16 * 1024

    func answer(_ request: WebRequest) async -> Decision {
        guard let text = FormBody.fields(request).flatMap(Self.token) else {
            return refuse(request, "the body is no form with one logout_token; a gateway may not have passed it on")
        }
        let token: JSONWebSignature
        do throws(JSONWebSignature.Refusal) { token = try JSONWebSignature(compact: text) } catch {
            return refuse(request, "logout token, form: \(error.rawValue)")
        }
        guard let provider = parts.providers.first(where: { $0.client.isNamed(by: token) }) else {
            return refuse(request, "logout token: of no provider and client that are configured")
        }
        do throws(UpstreamFailure) {
            switch try await provider.client.logoutToken(token) {
            case .refused(let refusal):
                return refuse(request, "logout token, \(refusal.check): \(refusal.reason) (\(refusal.section))")
            case .valid(let notice): return await end(notice, request)
            }
        } catch {
            return refusals.unavailable(request, detail: "provider \(provider.id): \(error.detail)")
        }
    }

    private static func token(_ fields: FormFields) -> String? {
        let tokens = fields.all("logout_token")
        return tokens.count == 1 ? tokens.first.flatMap { $0.utf8.count <= maximumTokenBytes ? $0 : nil } : nil
    }

    private func end(_ token: LogoutToken, _ request: WebRequest) async -> Decision {
        guard
            let notice = SignOutNotice(
                issuer: token.issuer, subject: token.subject, providerSessionID: token.sessionID,
                digest: sha256(Array("\(token.issuer) \(token.id)".utf8)), rememberUntil: token.endsAt)
        else { return refuse(request, "logout token: neither sub nor sid") }
        do throws(StoreFailure) {
            switch try await parts.sessions.end(by: notice) {
            case .replayed: return refuse(request, "logout token, jti: used before (Back-Channel Logout §2.6)")
            case .ended(let sessions):
                for session in sessions {
                    parts.record(.signOut, request, identity: session.identity, reason: "the provider's notice")
                }
                if parts.sessions.areInCookies {
                    // Whose and how many they were, only their cookies know.
                    parts.record(.signOut, request, reason: "the provider's notice, for sessions in cookies")
                }
                return .respond(Page(response: WebResponse(status: 200, headers: ["cache-control": "no-store"])))
            }
        } catch {
            return refusals.unavailable(request, detail: error.detail)
        }
    }

    /// 400 as in §2.8, with the reference of the audit line.
    private func refuse(_ request: WebRequest, _ reason: String) -> Decision {
        let reference = parts.record(.refusal, request, reason: reason)
        let body: JSONValue = [
            "error": "invalid_request", "error_description": .string(reason), "reference": .string(reference.text),
        ]
        return .reject(Rejection(kind: .invalidRequest, response: .json(body, status: 400)))
    }
}
