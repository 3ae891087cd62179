import JOSE
import Web

/// Answers the service's own endpoints: inside a check where the gateway can carry a page, and on the web listener.
struct OwnEndpoints: Sendable {
    private let parts: AuthServiceParts
    private let signIn: SignIn
    private let signOut: SignOut
    private let mySessions: MySessions
    private let userinfo: UserinfoEndpoint
    private let myTokens: MyTokens?
    let keptPosts: KeptPosts
    private let refusals: Refusals

    init(parts: AuthServiceParts, signIn: SignIn, refusals: Refusals) {
        self.parts = parts
        self.signIn = signIn
        self.refusals = refusals
        keptPosts = KeptPosts(parts: parts, refusals: refusals)
        mySessions = MySessions(parts: parts, refusals: refusals)
        signOut = SignOut(parts: parts, refusals: refusals)
        userinfo = UserinfoEndpoint(parts: parts, refusals: refusals)
        myTokens = MyTokens(parts: parts, refusals: refusals)
    }

    func answer(_ endpoint: OwnEndpoint, _ request: WebRequest) -> CheckOutcome {
        guard endpoint.methods.contains(request.method) else {
            return .decided(refusals.methodNotAllowed(request, allowed: endpoint.methods))
        }
        switch endpoint {
        case .signIn: return signIn.beginAgain(request)
        case .callback: return .pending { await signIn.finish(request) }
        case .signOut(let style): return .pending { await signOut.answer(request, style: style) }
        case .backchannelLogout:
            return .pending { await BackchannelLogout(parts: parts, refusals: refusals).answer(request) }
        case .frontchannelLogout:
            return .pending { await FrontchannelLogout(parts: parts, refusals: refusals).answer(request) }
        case .userinfo(let style): return .pending { await userinfo.answer(request, style: style) }
        case .authOnly: return .pending { await userinfo.authOnly(request) }
        case .sessions: return .pending { await mySessions.answer(request) }
        case .kept: return .pending { await keptPosts.answer(request) }
        case .jwks: return .decided(jwks())
        case .tokens:
            guard let myTokens else { return .decided(refusals.notFound(request)) }
            return .pending { await myTokens.answer(request) }
        case .asset(let name): return .decided(asset(name, request))
        case .unknown: return .decided(refusals.notFound(request))
        }
    }

    private func jwks() -> Decision {
        let keys = parts.assertions?.published ?? JSONWebKeySet(keys: [])
        return .respond(Page(response: .json(keys.json, cacheControl: "public, max-age=300")))
    }

    private func asset(_ name: String, _ request: WebRequest) -> Decision {
        guard let response = parts.theme.response(for: name) else { return refusals.notFound(request) }
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
