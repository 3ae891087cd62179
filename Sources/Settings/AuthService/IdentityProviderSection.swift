import JOSE
import Yams

/// `authService.providers[]`
enum IdentityProviderSection {
    static let id = Key.required("id", .id(), standIn: "", "A short name, unique.")
    static let embedded = Key.defaulted("embedded", .boolean(), false, "Whether this is the provider in this process.")
    static let issuer = Key.optional("issuer", .issuer(), "The issuer identifier of an outside provider.")
    static let clientID = Key.required("clientID", .clientID(), standIn: "", "Our client id at the provider.")
    static let clientSecret = Key.optional("clientSecret", .secret(.clientSecret), "Our client secret at an outside provider.")
    static let scopes = Key.defaulted(
        "scopes", .list(of: .scope()), ["openid", "email", "profile"], "What we ask for; `openid` is always one of them.")
    static let tokenEndpointAuth = Key.defaulted(
        "tokenEndpointAuth", .choice(), IdentityProviderSettings.TokenEndpointAuth.clientSecretBasic,
        "How we authenticate at the token endpoint.")

    static let section = Section(
        "provider entry",
        [
            id.listed, embedded.listed, issuer.listed, clientID.listed, clientSecret.listed, scopes.listed,
            tokenEndpointAuth.listed,
        ]
    ) { fields in
        let entry = IdentityProviderSettings(
            id: fields(id), source: source(fields), clientID: fields(clientID), clientSecret: fields(clientSecret),
            scopes: fields(scopes), tokenEndpointAuth: fields(tokenEndpointAuth))
        checkSecret(entry, fields)
        checkScopes(entry, fields)
        return entry
    }

    private static func source(_ fields: Fields) -> IdentityProviderSettings.Source {
        let isEmbedded = fields(embedded)
        let url = fields(issuer)
        let hasIssuer = fields.given(issuer.name) != nil
        if isEmbedded == hasIssuer {
            let what = isEmbedded ? "the entry is `embedded` and has an `issuer`" : "the entry has no `issuer`"
            let mend =
                isEmbedded ? "keep one of them" : "add `issuer: https://…`, or `embedded: true` for the provider of this file"
            fields.reading.error(what, mend, at: fields.node)
        }
        return url.map { .issuer($0) } ?? .embedded
    }

    private static func checkSecret(_ entry: IdentityProviderSettings, _ fields: Fields) {
        let hasSecret = fields.given(clientSecret.name) != nil
        if entry.source == .embedded {
            if hasSecret {
                fields.reading.warning(
                    "`clientSecret` is not used with `embedded: true`", "remove it; the client's own entry has it",
                    at: fields.given(clientSecret.name))
            }
            return
        }
        if entry.tokenEndpointAuth == .none, hasSecret {
            fields.reading.error(
                "`clientSecret` is there, but `tokenEndpointAuth` is `none`", "keep one of them",
                at: fields.given(clientSecret.name))
        }
        if entry.tokenEndpointAuth != .none, !hasSecret {
            fields.reading.error(
                "`clientSecret` is missing", "add `clientSecret: { file: … }`, or `tokenEndpointAuth: none` for a public client",
                at: fields.node)
        }
    }

    private static func checkScopes(_ entry: IdentityProviderSettings, _ fields: Fields) {
        guard let node = fields.given(scopes.name), node.sequence != nil, !entry.scopes.contains("openid") else { return }
        fields.reading.error("`scopes` lacks `openid`", "add it: without it there is no ID token", at: node)
    }
}
