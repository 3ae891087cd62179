import JOSE

/// What an issuer calls the things that we call `user`, `email`, `groups` …, and what is changed about them. Applied once to what
/// comes from the issuer; never to an identity that it has made.
package struct ClaimMapping: Sendable {
    /// Whether an address that the issuer does not vouch for is taken.
    package enum EmailVerification: Sendable {
        /// `email_verified: false` signs nobody in, and no rule knows an address without `email_verified: true`.
        case required
        /// Every address of this issuer counts as verified: for directories that hand out the addresses themselves.
        case assumed
    }

    /// Fills the claim `user`.
    package var user: ClaimPath?
    package var email: ClaimPath?
    package var emailVerification = EmailVerification.required
    package var name: ClaimPath?
    package var preferredUsername: ClaimPath?
    /// All together fill `groups`; none: the issuer's own `groups`.
    package var groups: [ClaimPath] = []
    package var transforms: [ClaimTransform] = []

    package init() {}

    package func apply(to identity: Identity) -> Identity {
        var claims = identity.claims
        for (name, path) in [("user", user), ("name", name), ("preferred_username", preferredUsername)] {
            if let path { claims[name] = path.value(in: identity.claims) }
        }
        mapEmail(identity, &claims)
        if !groups.isEmpty { claims["groups"] = groups(in: identity.claims) }
        for transform in transforms { transform.apply(to: &claims) }
        return Identity(issuer: identity.issuer, subject: identity.subject, claims: claims)
    }

    private func mapEmail(_ identity: Identity, _ claims: inout JSONObject) {
        if let email, email != ClaimPath("email") {
            claims["email"] = email.value(in: identity.claims)?.string.map { .string($0) }
            // The issuer's word about `email` says nothing of an address that it keeps elsewhere.
            claims["email_verified"] = nil
        }
        if emailVerification == .assumed, claims["email"]?.string != nil { claims["email_verified"] = true }
    }

    /// `nil` where no path leads to a text or a list of texts: groups that are known otherwise then stay.
    private func groups(in claims: JSONObject) -> JSONValue? {
        let found = groups.compactMap { $0.value(in: claims)?.stringList }
        guard !found.isEmpty else { return nil }
        var seen: Set<[UInt8]> = []
        return .strings(found.flatMap { $0 }.filter { seen.insert(Array($0.utf8)).inserted })
    }
}
