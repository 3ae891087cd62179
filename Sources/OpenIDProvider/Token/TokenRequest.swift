import JOSE
import OpenIDConnect
import Web

/// A token request (RFC 6749 §3.2) on its way through the checks, which fill in what they find.
struct TokenRequest: ClientCall {
    static let name = "token request"

    let web: WebRequest
    let fields: FormFields?
    let now: UnixTime

    var client: Client?
    var grantType: GrantType?
    var code: AuthorizationCodeRecord?
    var refreshToken: RefreshToken?
    var device: DeviceRecord?
    var grant: GrantRecord?
    /// Whose token is exchanged for another (RFC 8693 §2.1).
    var subject: AccessToken?
    /// What the tokens are for.
    var scope: Scope?
    /// Whom they are for, where the request says it.
    var audience: [String] = []

    init(_ web: WebRequest, now: UnixTime) {
        self.web = web
        self.now = now
        fields = FormBody.fields(web)
    }

    /// The scope asked for; `nil` for what is malformed. Empty where nothing is asked for.
    var askedScope: Scope? {
        guard let text = self["scope"] else { return Scope([]) }
        return text.utf8.count <= AuthorizationChecks.maximumScopeBytes ? Scope(parsing: text) : nil
    }

    /// What a refresh or an exchange asks for out of what there is; all of it where it asks for nothing. `nil` where that is more,
    /// or malformed.
    func narrowed(_ granted: Scope) -> Scope? {
        guard let client, let asked = askedScope else { return nil }
        guard !asked.values.isEmpty else { return granted }
        // Values that we never grant were in the first request's scope, too: clients repeat it as they sent it.
        let known = client.granted(asked)
        return known.isSubset(of: granted) ? known : nil
    }

    /// What a client gets for itself: its own values, which say nothing of a user. `nil` for what is malformed.
    var ownScope: Scope? {
        guard let client, let asked = askedScope else { return nil }
        let own = (client.scopes ?? []).filter { !ClaimScope.supported.contains($0) && PeerScope.client($0) == nil }
        return Scope(asked.values.isEmpty ? own : asked.values.filter { own.contains($0) || PeerScope.client($0) != nil })
    }
}
