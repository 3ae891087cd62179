import Accounts
import JOSE
import Web

/// Answers the service's own endpoints: inside a check where the gateway can carry a page, and on the web listener.
struct OwnEndpoints: Sendable {
    private let parts: AuthServiceParts
    private let signIn: SignIn
    private let signOut: SignOut
    private let mySessions: MySessions
    private let refusals: Refusals

    init(parts: AuthServiceParts, signIn: SignIn, refusals: Refusals) {
        self.parts = parts
        self.signIn = signIn
        self.refusals = refusals
        mySessions = MySessions(parts: parts, refusals: refusals)
        signOut = SignOut(parts: parts, refusals: refusals)
    }

    func answer(_ endpoint: OwnEndpoint, _ request: WebRequest) -> CheckOutcome {
        guard endpoint.methods.contains(request.method) else {
            return .decided(refusals.methodNotAllowed(request, allowed: endpoint.methods))
        }
        switch endpoint {
        case .signIn: return signIn.beginAgain(request)
        case .callback: return .pending { await signIn.finish(request) }
        case .signOut: return .pending { await signOut.answer(request) }
        case .userinfo: return .pending { await userinfo(request) }
        case .sessions: return .pending { await mySessions.answer(request) }
        case .jwks: return .decided(jwks())
        case .asset(let name): return .decided(asset(name, request))
        case .unknown: return .decided(refusals.notFound(request))
        }
    }

    /// The identity as JSON, as `sub`, `iss` and the claims.
    private func userinfo(_ request: WebRequest) async -> Decision {
        switch await parts.session(of: request) {
        case .none: return refusals.unauthenticated(request)
        case .unavailable(let detail): return refusals.unavailable(request, detail: detail)
        case .live(let session):
            var members = JSONObject([("iss", .string(session.identity.issuer)), ("sub", .string(session.identity.subject))])
            for member in session.identity.claims.members { members[member.name] = member.value }
            return .respond(Page(response: .json(.object(members))))
        }
    }

    private func jwks() -> Decision {
        let keys = parts.assertions?.published ?? JSONWebKeySet(keys: [])
        return .respond(Page(response: .json(keys.json, cacheControl: "public, max-age=300")))
    }

    private func asset(_ name: String, _ request: WebRequest) -> Decision {
        guard let response = Assets.response(for: name) else { return refusals.notFound(request) }
        return .respond(Page(response: response))
    }
}

extension WebResponse {
    static func json(_ value: JSONValue, status: Int = 200, cacheControl: String = "no-store") -> WebResponse {
        WebResponse(
            status: status,
            headers: [
                "content-type": "application/json", "cache-control": cacheControl, "x-content-type-options": "nosniff",
            ], body: value.jsonBytes)
    }
}
