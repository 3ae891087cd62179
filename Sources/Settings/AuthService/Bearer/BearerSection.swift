import JOSE
import Yams

/// `authService.bearer[]`
enum BearerSection {
    static let issuer = Key.required(
        "issuer", .issuer(), standIn: ConfiguredURL(text: "", scheme: "https", host: "", path: ""),
        "The issuer of the tokens: what `iss` must be.")
    static let audiences = Key.defaulted(
        "audiences", .list(of: Shape<String>.text()), [], "One of these has to be in `aud`.")
    static let user = Key.defaulted("user", Shape<String>.text(), "sub", "The claim that names the user; `a.b` for b inside a.")
    static let email = Key.defaulted("email", Shape<String>.text(), "email", "The claim with the e-mail address.")
    static let groups = Key.defaulted(
        "groups", .list(of: Shape<String>.text()), ["groups"], "The claims with the groups, such as `realm_access.roles`.")
    static let userPrefix = Key.optional("userPrefix", Shape<String>.text(), "Put in front of the user's name.")
    static let groupPrefix = Key.optional("groupPrefix", Shape<String>.text(), "Put in front of each group.")
    static let requiredClaims = Key.defaulted(
        "requiredClaims", RequiredClaimsShape.shape, [], "Claims that must have a value, or one of several.")
    static let algorithms = Key.defaulted(
        "algorithms", .list(of: Shape<SignatureAlgorithm>.choice()), SignatureAlgorithm.allCases, "How tokens may be signed.")
    static let tokenType = Key.defaulted(
        "tokenType", .choice(), BearerSettings.TokenType.any, "`at+jwt`: only access tokens in the form of RFC 9068.")
    static let idTokens = Key.defaulted("idTokens", .boolean(), false, "Whether ID tokens count as well.")
    static let dpop = Key.defaulted(
        "dpop", .choice(), BearerSettings.DPoP.optional, "`required`: only tokens that are bound to a key (RFC 9449).")
    static let clockSkew = Key.defaulted(
        "clockSkew", .duration(atLeast: 0, atMost: 600), 0, "How long a token counts after its `exp`.")
    static let jwks = Key.optional("jwks", .issuer(), "The issuer's key set, in place of discovery.")
    static let jwksFile = Key.optional(
        "jwksFile", KeySetFile.path, "A file with the issuer's keys (a JSON Web Key Set): the issuer is asked for nothing.")
    static let caFile = Key.optional("caFile", CertificateFile.shape, "PEM: the only certificates that its server may have.")
    static let certificate = Key.optional(
        "certificate", .pem("a certificate"), "Our own certificate in PEM, shown to the issuer's server (`tls_client_auth`).")
    static let certificateKey = Key.optional("certificateKey", .secret(.privateKey), "Its private key in PEM.")
    static let tokenFile = Key.optional(
        "tokenFile", .file(), "A token of our own that its server wants to see; read for every question.")
    static let introspection = Key.optional(
        "introspection", IntrospectionSection.section.shape, "Ask the introspection endpoint about tokens (RFC 7662).")
    static let userinfo = Key.defaulted("userinfo", .boolean(), false, "Ask the userinfo endpoint about every token, too.")
    static let tokenReview = Key.optional(
        "tokenReview", .issuer(), "Ask this Kubernetes API server about every token (TokenReview).")

    static let section = Section(
        "bearer entry",
        [
            issuer.listed, audiences.listed, user.listed, email.listed, groups.listed, userPrefix.listed, groupPrefix.listed,
            requiredClaims.listed, algorithms.listed, tokenType.listed, idTokens.listed, dpop.listed, clockSkew.listed,
            jwks.listed, jwksFile.listed, caFile.listed, certificate.listed, certificateKey.listed, tokenFile.listed,
            introspection.listed,
            userinfo.listed, tokenReview.listed,
        ]
    ) { fields in
        let settings = BearerSettings(
            issuer: fields(issuer), audiences: fields(audiences), user: fields(user), email: fields(email),
            groups: fields(groups), userPrefix: fields(userPrefix) ?? "", groupPrefix: fields(groupPrefix) ?? "",
            requiredClaims: fields(requiredClaims), algorithms: fields(algorithms), tokenType: fields(tokenType),
            idTokens: fields(idTokens), dpop: fields(dpop), clockSkew: fields(clockSkew), jwks: fields(jwks),
            jwksFile: fields(jwksFile), authorities: fields(caFile), certificate: fields(certificate),
            certificateKey: fields(certificateKey),
            tokenFile: fields(tokenFile), inquiry: inquiry(fields))
        check(settings, fields)
        checkCertificate(settings, fields)
        return settings
    }

    /// One at most.
    private static func inquiry(_ fields: Fields) -> BearerSettings.Inquiry? {
        let all: [BearerSettings.Inquiry?] = [
            fields(introspection).map { .introspection($0) }, fields(userinfo) ? .userinfo : nil,
            fields(tokenReview).map { .tokenReview($0) },
        ]
        let given = all.compactMap { $0 }
        if given.count > 1 {
            fields.reading.error(
                "the issuer is asked in more than one way", "keep one of `introspection`, `userinfo` and `tokenReview`",
                at: fields.node)
        }
        return given.first
    }

    private static func checkCertificate(_ settings: BearerSettings, _ fields: Fields) {
        ProviderConnectionSection.requirePair(certificate.name, certificateKey.name, fields)
        guard case .introspection(let introspection) = settings.inquiry, introspection.auth == .tlsClientAuth,
            fields.given(certificate.name) == nil
        else { return }
        fields.reading.error(
            "`tls_client_auth` needs a certificate", "add `certificate` and `certificateKey` to the entry",
            at: fields.given(Self.introspection.name))
    }

    /// With a key set at hand nothing is discovered: an endpoint has to be named, and that of userinfo cannot be.
    private static func checkEndpoint(_ settings: BearerSettings, _ fields: Fields) {
        guard let keys = fields.given(jwks.name) ?? fields.given(jwksFile.name) else { return }
        switch settings.inquiry {
        case .introspection(let introspection) where introspection.endpoint == nil:
            fields.reading.error(
                "nothing is discovered where the keys are named, the introspection endpoint neither",
                "add `introspection.endpoint`, or remove `jwks` and `jwksFile`", at: keys)
        case .userinfo:
            fields.reading.error(
                "nothing is discovered where the keys are named, the userinfo endpoint neither",
                "remove `jwks` and `jwksFile`", at: keys)
        case nil, .introspection, .tokenReview: break
        }
    }

    private static func check(_ settings: BearerSettings, _ fields: Fields) {
        let reading = fields.reading
        if fields.given(jwks.name) != nil, let file = fields.given(jwksFile.name) {
            reading.error("`jwks` and `jwksFile` are both there", "keep one of them", at: file)
        }
        checkEndpoint(settings, fields)
        if settings.algorithms.isEmpty, reading.isSound(reading.way) {
            reading.error("`algorithms` is empty", "name one, or remove the key", at: fields.given(algorithms.name))
        }
        if case .introspection(let introspection) = settings.inquiry, introspection.tokens == .all { return }
        if settings.audiences.isEmpty, reading.isSound(reading.way) {
            reading.error(
                "the entry has no `audiences`: tokens for other services would count", "add what `aud` is, as `[gatehouse]`",
                at: fields.node)
        }
    }
}

/// `authService.bearer[].introspection`
enum IntrospectionSection {
    static let endpoint = Key.optional("endpoint", .issuer(), "The introspection endpoint, in place of discovery.")
    static let clientID = Key.required("clientID", .clientID(), standIn: "", "Our client id at the issuer.")
    static let clientSecret = Key.optional("clientSecret", .secret(.clientSecret), "Our client secret at the issuer.")
    static let clientKey = Key.optional(
        "clientKey", IdentityProviderSection.privateKey, "Our private key in PEM, for `private_key_jwt`.")
    static let clientKeyID = Key.optional(
        "clientKeyID", Shape<String>.text(), "The key's `kid` at the issuer; its thumbprint when missing.")
    static let auth = Key.defaulted(
        "auth", .choice(of: methods), IdentityProviderSettings.TokenEndpointAuth.clientSecretBasic,
        "How we authenticate at the endpoint.")
    static let tokens = Key.defaulted(
        "tokens", .choice(), IntrospectionSettings.Tokens.all, "`opaque`: JWTs are checked by the issuer's keys instead.")

    static let section = Section(
        "introspection",
        [
            endpoint.listed, clientID.listed, clientSecret.listed, clientKey.listed, clientKeyID.listed, auth.listed,
            tokens.listed,
        ]
    ) { fields in
        let settings = IntrospectionSettings(
            endpoint: fields(endpoint), clientID: fields(clientID), clientSecret: fields(clientSecret),
            clientKey: fields(clientKey), clientKeyID: fields(clientKeyID), auth: fields(auth), tokens: fields(tokens))
        check(settings, fields)
        return settings
    }

    /// Nobody may ask who does not authenticate (RFC 7662 §2.1).
    private static let methods = IdentityProviderSettings.TokenEndpointAuth.allCases.filter { $0 != .none }

    /// What the way of authentication needs.
    private static func check(_ settings: IntrospectionSettings, _ fields: Fields) {
        let method = settings.auth
        let secret = fields.given(clientSecret.name)
        if method.usesSecret, secret == nil {
            fields.reading.error(
                "`clientSecret` is missing", "add `clientSecret: { file: … }`, or another `auth`", at: fields.node)
        }
        if !method.usesSecret, let secret {
            fields.reading.error(
                "`clientSecret` is there, but `auth` is `\(method.rawValue)`", "keep one of them", at: secret)
        }
        if method == .privateKeyJWT, fields.given(clientKey.name) == nil {
            fields.reading.error("`private_key_jwt` needs `clientKey`", "add `clientKey: { file: … }`", at: fields.node)
        }
    }
}
