/// How long what one client gets is valid, in seconds; `nil`: as long as the issuer's.
package struct ClientLifetimes: Sendable, Equatable {
    package var idToken: Int64?
    package var accessToken: Int64?
    /// A refresh token that is not used for so long ends.
    package var refreshIdle: Int64?
    /// All refresh tokens of a sign-in end so long after it.
    package var refreshLifetime: Int64?

    package init(
        idToken: Int64? = nil, accessToken: Int64? = nil, refreshIdle: Int64? = nil, refreshLifetime: Int64? = nil
    ) {
        self.idToken = idToken
        self.accessToken = accessToken
        self.refreshIdle = refreshIdle
        self.refreshLifetime = refreshLifetime
    }

    /// With the issuer's for what the client has none of.
    func over(_ usual: TokenLifetimes) -> TokenLifetimes {
        var lifetimes = usual
        lifetimes.idToken = idToken ?? usual.idToken
        lifetimes.accessToken = accessToken ?? usual.accessToken
        lifetimes.refreshIdle = refreshIdle ?? usual.refreshIdle
        lifetimes.refreshLifetime = refreshLifetime ?? usual.refreshLifetime
        return lifetimes
    }
}
