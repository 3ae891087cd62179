/// `provider.tokens`
enum TokenSection {
    static let idToken = Key.defaulted(
        "idToken", .duration(atLeast: 60, atMost: 7 * 86400), 3600, "How long an ID token is valid.")
    static let accessToken = Key.defaulted(
        "accessToken", .duration(atLeast: 60, atMost: 7 * 86400), 3600, "How long an access token is valid.")
    static let refresh = Key.section("refresh", RefreshSection.section, "Refresh tokens.")

    static let section = Section("tokens", [idToken.listed, accessToken.listed, refresh.listed]) { fields in
        TokenSettings(idToken: fields(idToken), accessToken: fields(accessToken), refresh: fields(refresh))
    }
}

/// `provider.tokens.refresh`
enum RefreshSection {
    static let idle = Key.defaulted("idle", .duration(atLeast: 60, atMost: years), 30 * 86400, "Ends after so long without use.")
    static let lifetime = Key.defaulted(
        "lifetime", .duration(atLeast: 60, atMost: years), 180 * 86400, "Ends so long after the sign-in.")
    static let reuseWindow = Key.defaulted(
        "reuseWindow", .duration(atLeast: 0, atMost: 300), 10, "How long a token that was just used is answered once more.")

    static let section = Section("refresh", [idle.listed, lifetime.listed, reuseWindow.listed]) { fields in
        TokenSettings.Refresh(idle: fields(idle), lifetime: fields(lifetime), reuseWindow: fields(reuseWindow))
    }

    static let years: Int64 = 5 * 366 * 86400
}
