import JOSE
import OpenIDConnect
import Web

/// A token request (RFC 6749 §4.1.3 and §6) on its way through the checks, which fill in what they find.
struct TokenRequest: Sendable {
    enum GrantType: String, Sendable {
        case authorizationCode = "authorization_code"
        case refreshToken = "refresh_token"
    }

    let web: WebRequest
    /// `nil` where the body is no readable form.
    let fields: FormFields?
    let now: UnixTime

    var client: Client?
    var grantType: GrantType?
    var code: AuthorizationCodeRecord?
    var refreshToken: RefreshToken?
    var grant: GrantRecord?

    init(_ web: WebRequest, now: UnixTime) {
        self.web = web
        self.now = now
        fields = FormBody.fields(web)
    }

    /// A parameter without a value counts as left out (RFC 6749 §3.2).
    subscript(name: String) -> String? {
        fields?.first(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    var credentials: ClientCredentials { fields.map { ClientCredentials(headers: web.headers, fields: $0) } ?? .missing }

    /// What the tokens are for: the grant's scope, or the part of it that a refresh asks for. `nil` where that is more than the
    /// grant's, or malformed.
    var scope: Scope? {
        guard let grant else { return nil }
        guard grantType == .refreshToken, let text = self["scope"] else { return grant.scope }
        guard text.utf8.count <= AuthorizationChecks.maximumScopeBytes, let asked = Scope(parsing: text) else { return nil }
        // Values that we never grant were in the first request's scope, too: clients repeat it as they sent it.
        let known = ClaimScope.granted(asked)
        return known.isSubset(of: grant.scope) ? known : nil
    }
}
