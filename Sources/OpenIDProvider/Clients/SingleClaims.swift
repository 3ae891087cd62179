import OpenIDConnect

/// Claims of the user that a client asked for one by one (OpenID Connect Core §5.5): told beside those that its scope covers.
package struct SingleClaims: Sendable, Equatable {
    package var userinfo: [String]
    package var idToken: [String]

    package init(userinfo: [String] = [], idToken: [String] = []) {
        self.userinfo = userinfo
        self.idToken = idToken
    }

    package var isEmpty: Bool { userinfo.isEmpty && idToken.isEmpty }

    /// The scope values that cover them: what somebody allows who allows these claims.
    var scopes: [String] { Set((userinfo + idToken).compactMap(ClaimScope.value(covering:))).sorted() }
}
