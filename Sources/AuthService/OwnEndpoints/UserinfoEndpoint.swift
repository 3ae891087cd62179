import Accounts
import JOSE
import Web

/// Who is signed in, for programs: `userinfo`, and what oauth2-proxy's endpoints say of it.
struct UserinfoEndpoint: Sendable {
    enum Style: Sendable, Equatable {
        /// `iss`, `sub` and the claims.
        case claims
        /// `user`, `email`, `groups` and `preferredUsername`.
        case oauth2Proxy
    }

    let parts: AuthServiceParts
    let refusals: Refusals

    func answer(_ request: WebRequest, style: Style) async -> Decision {
        await answer(request) { identity in
            switch style {
            case .claims: .json(.object(Self.claims(identity)))
            case .oauth2Proxy: .json(.object(Self.oauth2Proxy(identity)))
            }
        }
    }

    /// `/oauth2/auth`: 202 for somebody who is signed in, with the headers that oauth2-proxy sends.
    func authOnly(_ request: WebRequest) async -> Decision {
        await answer(request) { identity in
            var headers: HeaderList = ["cache-control": "no-store"]
            for (name, claim) in Self.authHeaders {
                if let text = identity.text(of: claim), !text.isEmpty { headers.add(name, IdentityHeaders.safe(text)) }
            }
            return WebResponse(status: 202, headers: headers)
        }
    }

    private static let authHeaders = [
        ("x-auth-request-user", "sub"), ("x-auth-request-email", "email"), ("x-auth-request-groups", "groups"),
        ("x-auth-request-preferred-username", "preferred_username"),
    ]

    private func answer(_ request: WebRequest, _ response: (Identity) -> WebResponse) async -> Decision {
        switch await parts.session(of: request) {
        case .none: refusals.unauthenticated(request)
        case .unavailable(let detail): refusals.unavailable(request, detail: detail)
        case .live(let session): .respond(Page(response: response(session.identity)))
        }
    }

    private static func claims(_ identity: Identity) -> JSONObject {
        var members = JSONObject([("iss", .string(identity.issuer)), ("sub", .string(identity.subject))])
        for member in identity.claims.members { members[member.name] = member.value }
        return members
    }

    private static func oauth2Proxy(_ identity: Identity) -> JSONObject {
        var members = JSONObject([("user", .string(identity.subject)), ("email", .string(identity.email ?? ""))])
        if !identity.groups.isEmpty { members["groups"] = .strings(identity.groups) }
        members["preferredUsername"] = identity.preferredUsername.map { .string($0) }
        return members
    }
}
