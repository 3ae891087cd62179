package import JOSE

/// How somebody signed in, in the provider's words (OpenID Connect Core §2); what it did not say is not made up.
package struct SessionAuthentication: Sendable, Equatable {
    /// `auth_time`: when they last gave their credentials.
    package var time: UnixTime?
    package var acr: String?
    package var amr: [String]

    package init(time: UnixTime? = nil, acr: String? = nil, amr: [String] = []) {
        self.time = time
        self.acr = acr
        self.amr = amr
    }
}
