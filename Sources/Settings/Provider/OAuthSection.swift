import Yams

/// `provider.connectors[].oauth`: the options of Dex's connector, under its names.
enum OAuthSection {
    private static let nowhere = ConfiguredURL(text: "", scheme: "https", host: "", path: "")

    static let authorizationURL = Key.required("authorizationURL", .endpoint(), standIn: nowhere, "Where browsers are sent.")
    static let tokenURL = Key.required("tokenURL", .endpoint(), standIn: nowhere, "Where codes become tokens.")
    static let userInfoURL = Key.required("userInfoURL", .endpoint(), standIn: nowhere, "What says whose an access token is.")
    static let scopes = Key.defaulted("scopes", .list(of: .scope()), [String](), "What is asked for.")
    static let userIDKey = Key.defaulted("userIDKey", .text(), "id", "What subjects are made of.")
    static let claimMapping = Key.section("claimMapping", OAuthClaimMappingSection.section, "What the server calls things.")
    static let insecureSkipEmailVerified = Key.defaulted(
        "insecureSkipEmailVerified", .boolean(), false, "Takes addresses that the server does not vouch for.")

    static let section = Section(
        "oauth",
        UpstreamClientKeys.all + [
            authorizationURL.listed, tokenURL.listed, userInfoURL.listed, scopes.listed, userIDKey.listed, claimMapping.listed,
            insecureSkipEmailVerified.listed,
        ]
    ) { fields in
        OAuthSettings(
            client: UpstreamClientKeys.settings(fields), authorizationURL: fields(authorizationURL), tokenURL: fields(tokenURL),
            userInfoURL: fields(userInfoURL), scopes: fields(scopes), userIDKey: fields(userIDKey),
            claimMapping: fields(claimMapping), insecureSkipEmailVerified: fields(insecureSkipEmailVerified))
    }
}

/// `provider.connectors[].oauth.claimMapping`
enum OAuthClaimMappingSection {
    static let userNameKey = Key.defaulted("userNameKey", .text(), "user_name", "The name.")
    static let preferredUsernameKey = Key.defaulted(
        "preferredUsernameKey", .text(), "preferred_username", "The user name.")
    static let groupsKey = Key.defaulted("groupsKey", .text(), "groups", "The groups.")
    static let emailKey = Key.defaulted("emailKey", .text(), "email", "The e-mail address.")
    static let emailVerifiedKey = Key.defaulted(
        "emailVerifiedKey", .text(), "email_verified", "Whether the server vouches for it.")

    static let section = Section(
        "claimMapping",
        [userNameKey.listed, preferredUsernameKey.listed, groupsKey.listed, emailKey.listed, emailVerifiedKey.listed]
    ) { fields in
        OAuthSettings.ClaimMapping(
            userNameKey: fields(userNameKey), preferredUsernameKey: fields(preferredUsernameKey), groupsKey: fields(groupsKey),
            emailKey: fields(emailKey), emailVerifiedKey: fields(emailVerifiedKey))
    }
}
