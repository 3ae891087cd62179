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
    static let name = Key.optional("name", Shape<String>.text(), "Shown where people choose a provider.")
    static let hosts = Key.defaulted(
        "hosts", .list(of: RuleSection.host), [],
        "The hosts that it is offered on; all when missing, but those of another's `hosts`.")
    static let internalURL = Key.optional(
        "internalURL", .endpoint(), "Stands in for the issuer in what we ask ourselves, as inside a cluster.")
    static let endpoints = Key.section(
        "endpoints", ProviderEndpointSection.section,
        "Endpoints by hand; with `authorization`, `token` and `jwks` there is no discovery.")
    static let clientKey = Key.optional(
        "clientKey", privateKey, "Our private key in PEM, for `private_key_jwt` and signed requests.")
    static let clientKeyID = Key.optional(
        "clientKeyID", Shape<String>.text(), "The key's `kid` at the provider; its thumbprint when missing.")
    static let dpop = Key.defaulted("dpop", .boolean(), false, "Whether tokens are bound to a key of ours (RFC 9449).")
    static let request = Key.section("request", AuthorizationRequestSection.section, "What the authorization request asks.")
    static let connection = Key.section("connection", ProviderConnectionSection.section, "How the provider is connected to.")
    static let algorithms = Key.defaulted(
        "algorithms", .list(of: Shape<SignatureAlgorithm>.choice()), SignatureAlgorithm.allCases,
        "What ID tokens may be signed with.")
    static let clockSkew = Key.defaulted(
        "clockSkew", .duration(atLeast: 0, atMost: 600), 60, "How far the provider's clock may be off.")
    static let userinfo = Key.defaulted(
        "userinfo", .boolean(), true, "Whether claims that the ID token lacks come from the userinfo endpoint.")
    static let requireIssuerParameter = Key.defaulted(
        "requireIssuerParameter", .boolean(), false, "Whether a reply without `iss` is always refused (RFC 9207).")
    static let ownCallback = Key.defaulted(
        "ownCallback", .boolean(), false, "Whether the redirect URI ends in the id, so that no other provider's reply fits.")
    static let claims = Key.section("claims", ClaimSection.section, "What the provider calls the things that we know.")
    static let allow = Key.section("allow", AdmissionSection.section, "Who may sign in; everybody when missing.")

    static let section = Section(
        "provider entry",
        [
            id.listed, name.listed, hosts.listed, embedded.listed, issuer.listed, internalURL.listed, endpoints.listed,
            clientID.listed, clientSecret.listed, clientKey.listed, clientKeyID.listed, tokenEndpointAuth.listed, dpop.listed,
            scopes.listed, request.listed, connection.listed, algorithms.listed, clockSkew.listed, userinfo.listed,
            requireIssuerParameter.listed, ownCallback.listed, claims.listed, allow.listed,
        ]
    ) { fields in
        let identifier = fields(id)
        var addresses = fields(endpoints)
        addresses.internalURL = fields(internalURL)
        let entry = IdentityProviderSettings(
            id: identifier, name: fields(name) ?? identifier, hosts: fields(hosts), source: source(fields),
            addresses: addresses, clientID: fields(clientID), clientSecret: fields(clientSecret), clientKey: fields(clientKey),
            clientKeyID: fields(clientKeyID), scopes: fields(scopes), tokenEndpointAuth: fields(tokenEndpointAuth),
            dpop: fields(dpop), request: fields(request), connection: fields(connection), algorithms: fields(algorithms),
            clockSkew: fields(clockSkew), usesUserinfo: fields(userinfo),
            requiresIssuerParameter: fields(requireIssuerParameter), hasOwnCallback: fields(ownCallback),
            claims: fields(claims), admission: fields(allow))
        IdentityProviderChecks.run(entry, fields)
        return entry
    }

    static let privateKey = Shape<Secret>.secret(.privateKey).then { pem, node, reading -> SigningKey? in
        guard let key = try? SigningKey(pem: pem) else {
            return reading.refuse(
                "the private key is none in PEM for ES256, RS256 or EdDSA", "make one by `openssl genpkey -algorithm …`", node)
        }
        return key
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
}
