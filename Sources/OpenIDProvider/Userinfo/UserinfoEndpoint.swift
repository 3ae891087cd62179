import JOSE
import Logging
import OpenIDConnect
import Web

/// `/userinfo` (OpenID Connect Core §5.3): who the access token is about.
struct UserinfoEndpoint {
    let issuer: Issuer

    func respond(to request: WebRequest) async -> WebResponse {
        let text: Substring
        switch Self.given(in: request) {
        case .none: return challenge(nil, status: 401)
        case .unclear:
            let reason = "the access token goes into one Authorization header, or into the form of a POST"
            return challenge(OAuthError(.invalidRequest, reason), status: 400)
        case .token(let given): text = given
        }
        guard let token = AccessToken(text, issuer: issuer), token.isUsable(with: request) else { return invalidToken() }
        do {
            // A client's own token is about nobody.
            guard case .access(_, let grant?)? = try await issuer.live(token) else { return invalidToken() }
            return claims(of: grant, for: token)
        } catch {
            issuer.logger.error(
                "userinfo failed on our side",
                metadata: ["detail": .string(error.detail), "request_id": .string(request.id)])
            return TokenRefusal.unavailable().response
        }
    }

    private func claims(of grant: GrantRecord, for token: AccessToken) -> WebResponse {
        guard token.scope.contains(ClaimScope.openID) else {
            return challenge(OAuthError(.insufficientScope, "the scope openid is needed"), status: 403)
        }
        var claims = JSONObject([("sub", .string(grant.subject))])
        // Another client may have the token, in exchange.
        let single = sameBytes(grant.clientID, token.clientID) ? grant.claims.userinfo : []
        for claim in ClaimScope.claims(of: grant, for: token.scope, and: single).members { claims[claim.name] = claim.value }
        return JSONResponse.uncached(.object(claims))
    }

    private func invalidToken() -> WebResponse {
        challenge(OAuthError(.invalidToken, "the access token is not valid or no longer"), status: 401)
    }

    /// RFC 6750 §3: without a token no error is named.
    private func challenge(_ error: OAuthError?, status: Int) -> WebResponse {
        var value = "Bearer realm=\"userinfo\""
        if let error { value += ", error=\"\(error.code.rawValue)\", error_description=\"\(error.description)\"" }
        var response = JSONResponse.error(error ?? OAuthError(.invalidToken, "an access token is needed"), status: status)
        response.headers.add("www-authenticate", value)
        return response
    }

    /// Where the access token is.
    private enum Given {
        case none
        /// In two places at once, twice in one, or by another scheme.
        case unclear
        case token(Substring)
    }

    /// In the header (RFC 6750 §2.1), or in the form of a POST (§2.2). Addresses get into logs: what stands in one (§2.3) is not read.
    private static func given(in request: WebRequest) -> Given {
        let headers = request.headers.all("authorization")
        let fields = sameBytes(request.method, "POST") ? FormBody.fields(request)?.all("access_token") ?? [] : []
        switch (headers.first, fields.first) {
        case (nil, nil): return .none
        case (let header?, nil) where headers.count == 1: return bearer(header).map(Given.token) ?? .unclear
        case (nil, let field?) where fields.count == 1: return .token(Substring(field))
        default: return .unclear
        }
    }

    /// The credentials of the scheme `Bearer`, in any case of letters.
    private static func bearer(_ header: String) -> Substring? {
        let scheme = "bearer "
        guard sameBytes(String(decoding: header.utf8.prefix(scheme.utf8.count), as: UTF8.self).lowercased(), scheme) else {
            return nil
        }
        return Substring(header.utf8.dropFirst(scheme.utf8.count).drop { $0 == UInt8(ascii: " ") })
    }
}
