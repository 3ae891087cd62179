import Yams

/// `provider.connectors[].oidc`: the options of Dex's connector, under its names.
enum OIDCSection {
    static let issuer = Key.required(
        "issuer", .issuer(), standIn: ConfiguredURL(text: "", scheme: "https", host: "", path: ""),
        "The upstream's issuer identifier.")
    static let issuerAlias = Key.optional(
        "issuerAlias", .issuer(), "What the upstream calls itself, where its metadata stand at another address: `issuer`.")
    static let scopes = Key.defaulted(
        "scopes", .list(of: .scope()), ["profile", "email"], "What is asked for beside `openid`.")
    static let basicAuthUnsupported = Key.optional(
        "basicAuthUnsupported", .boolean(),
        "`true`: our secret is in the body; `false`: in the header; else as the upstream offers.")
    static let getUserInfo = Key.defaulted(
        "getUserInfo", .boolean(), false, "Whether the userinfo endpoint is asked for more claims.")
    static let insecureSkipEmailVerified = Key.defaulted(
        "insecureSkipEmailVerified", .boolean(), false, "Takes addresses that the upstream does not vouch for.")
    static let insecureEnableGroups = Key.defaulted(
        "insecureEnableGroups", .boolean(), false, "Whether the upstream's groups are taken.")
    static let allowedGroups = Key.defaulted(
        "allowedGroups", .list(of: .text()), [String](), "Whoever is in none of them is not taken; needs `insecureEnableGroups`.")
    static let userIDKey = Key.defaulted("userIDKey", .text(), "sub", "The claim that subjects are made of.")
    static let userNameKey = Key.defaulted("userNameKey", .text(), "name", "The claim that becomes `name`.")
    static let promptType = Key.defaulted(
        "promptType", .text(), "consent", "`prompt` where a refresh token is asked for; `none` sends none.")
    static let acrValues = Key.defaulted("acrValues", .list(of: .text()), [String](), "How people have to sign in there.")
    static let hostedDomains = Key.defaulted("hostedDomains", .list(of: .text()), [String](), "What the claim `hd` may be.")
    static let overrideClaimMapping = Key.defaulted(
        "overrideClaimMapping", .boolean(), false, "Whether `claimMapping` counts even where the usual claims are there.")
    static let claimMapping = Key.section("claimMapping", OIDCClaimMappingSection.section, "What the upstream calls its claims.")
    static let providerDiscoveryOverrides = Key.section(
        "providerDiscoveryOverrides", OIDCDiscoverySection.section, "URLs in place of those of the upstream's metadata.")

    static let claimModifications = Key.section(
        "claimModifications", OIDCModificationSection.section, "What becomes of the upstream's groups.")
    static let pkceChallenge = Key.defaulted(
        "pkceChallenge", .choice(), OIDCSettings.CodeChallenge.s256, "How codes are bound to our requests: always so.")

    static let section = Section(
        "oidc",
        [issuer.listed, issuerAlias.listed] + UpstreamClientKeys.all + [
            scopes.listed, basicAuthUnsupported.listed, getUserInfo.listed, insecureSkipEmailVerified.listed,
            insecureEnableGroups.listed, allowedGroups.listed, userIDKey.listed, userNameKey.listed, promptType.listed,
            acrValues.listed, hostedDomains.listed, overrideClaimMapping.listed, claimMapping.listed,
            claimModifications.listed, pkceChallenge.listed, providerDiscoveryOverrides.listed,
        ]
    ) { fields in
        // There is one choice only: read so that another is refused.
        _ = fields(pkceChallenge)
        if !fields(allowedGroups).isEmpty, !fields(insecureEnableGroups) {
            fields.reading.error(
                "`allowedGroups` goes with `insecureEnableGroups`", "add `insecureEnableGroups: true`",
                at: fields.given(allowedGroups.name))
        }
        return OIDCSettings(
            issuer: fields(issuer), issuerAlias: fields(issuerAlias), client: UpstreamClientKeys.settings(fields),
            scopes: fields(scopes),
            basicAuthUnsupported: fields(basicAuthUnsupported), getUserInfo: fields(getUserInfo),
            insecureSkipEmailVerified: fields(insecureSkipEmailVerified), insecureEnableGroups: fields(insecureEnableGroups),
            allowedGroups: fields(allowedGroups), userIDKey: fields(userIDKey), userNameKey: fields(userNameKey),
            promptType: fields(promptType) == "none" ? nil : fields(promptType), acrValues: fields(acrValues),
            hostedDomains: fields(hostedDomains), overrideClaimMapping: fields(overrideClaimMapping),
            claimMapping: fields(claimMapping), claimModifications: fields(claimModifications),
            overrides: fields(providerDiscoveryOverrides))
    }
}

/// `provider.connectors[].oidc.claimMapping`
enum OIDCClaimMappingSection {
    static let preferredUsername = Key.defaulted("preferred_username", .text(), "preferred_username", "The user name.")
    static let email = Key.defaulted("email", .text(), "email", "The e-mail address.")
    static let groups = Key.defaulted("groups", .text(), "groups", "The groups.")

    static let section = Section("claimMapping", [preferredUsername.listed, email.listed, groups.listed]) { fields in
        OIDCSettings.ClaimMapping(
            preferredUsername: fields(preferredUsername), email: fields(email), groups: fields(groups))
    }
}

/// `provider.connectors[].oidc.providerDiscoveryOverrides`
enum OIDCDiscoverySection {
    static let tokenURL = Key.optional("tokenURL", .endpoint(), "Where codes become tokens.")
    static let authURL = Key.optional("authURL", .endpoint(), "Where browsers are sent.")
    static let jwksURL = Key.optional("jwksURL", .endpoint(), "The upstream's keys.")
    static let userInfoURL = Key.optional("userInfoURL", .endpoint(), "What tells more claims.")

    static let section = Section(
        "providerDiscoveryOverrides", [tokenURL.listed, authURL.listed, jwksURL.listed, userInfoURL.listed]
    ) { fields in
        OIDCSettings.DiscoveryOverrides(
            tokenURL: fields(tokenURL), authURL: fields(authURL), jwksURL: fields(jwksURL), userInfoURL: fields(userInfoURL))
    }
}
