import Web

/// What a request to sign out asks for (RP-Initiated Logout §2).
struct EndSessionWish {
    /// The ID token, where it is one of ours.
    let hint: IDTokenHint?
    /// `post_logout_redirect_uri` as sent.
    private let target: String?
    /// Why nothing can be done as it is asked; for the client's developer.
    let refusal: String?
    private let state: String?
    private let clientID: String?

    init(_ fields: FormFields, issuer: Issuer) {
        let parameter = { (name: String) in fields.first(name).flatMap { $0.isEmpty ? nil : $0 } }
        let text = parameter("id_token_hint")
        hint = text.flatMap { IDTokenHint($0, issuer: issuer) }
        target = parameter("post_logout_redirect_uri")
        state = parameter("state").flatMap { $0.utf8.count <= AuthorizationChecks.maximumStateBytes ? $0 : nil }
        clientID = parameter("client_id")
        refusal = Self.refusal(hasText: text != nil, hint, clientID, target, issuer)
    }

    private static func refusal(
        hasText: Bool, _ hint: IDTokenHint?, _ clientID: String?, _ target: String?, _ issuer: Issuer
    ) -> String? {
        let fits = hint.map { hint in clientID.map { sameBytes($0, hint.client.id) } ?? true } ?? !hasText
        guard fits else { return "The ID token in id_token_hint is not one of this provider for this client" }
        guard let target, hint != nil || clientID != nil else { return nil }
        let client = hint?.client ?? clientID.flatMap(issuer.settings.client)
        let isRegistered = client?.postLogoutRedirectURIs.contains { sameBytes($0, target) } ?? false
        return isRegistered ? nil : "The post-logout redirect URI is not registered for the client"
    }

    /// Where the browser goes in the end: registered, with `state`; `nil` where there is no such place or nobody vouches for it.
    var location: String? {
        guard refusal == nil, let target, hint != nil || clientID != nil else { return nil }
        var query = QueryString()
        query.add("state", state)
        return query.appending(to: target)
    }

    /// What the page that asks has to send along.
    var carried: [HiddenField] {
        [("client_id", clientID), ("post_logout_redirect_uri", target), ("state", state)].compactMap { name, value in
            value.map { HiddenField(name: name, value: $0) }
        }
    }
}
