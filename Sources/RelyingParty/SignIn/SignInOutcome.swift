package import Accounts
package import JOSE
package import OpenIDConnect

/// How a sign-in ended at the redirect back.
package enum SignInOutcome: Sendable {
    case signedIn(SignedIn)
    /// The reply is not one to act on; trying again with the same code is of no use.
    case refused(SignInRefusal)
    /// The provider could not be asked; nothing is known about the person.
    case failed(UpstreamFailure)
}

/// A person as the provider vouches for them, and the tokens that came with it.
package struct SignedIn: Sendable {
    package let idToken: IDTokenClaims
    /// The ID token's claims, and those of the userinfo endpoint that it does not have.
    package let identity: Identity
    package let tokens: TokenResponse
}

/// How a refresh ended.
package enum RefreshOutcome: Sendable {
    case refreshed(Refreshed)
    /// `ProviderRefusal.endsGrant` tells whether the refresh token is used up.
    /// - Parameter rotated: the refresh token that the provider gave in place of the one that was used, before something else was
    ///   refused: the old one may be worth nothing any more (RFC 9700 §4.14.2).
    case refused(SignInRefusal, rotated: Secret? = nil)
    /// The provider could not be asked; the old access token is as good as before.
    /// - Parameter rotated: as above.
    case failed(UpstreamFailure, rotated: Secret? = nil)
}

/// What a refresh brought.
package struct Refreshed: Sendable {
    /// Where it has no refresh token, the old one stays (RFC 6749 §6).
    package let tokens: TokenResponse
    /// Providers need not send a new one (OpenID Connect Core §12.2).
    package let idToken: IDTokenClaims?
    /// With the newest claims known.
    package let identity: Identity
}

/// Why a reply of the provider is refused.
package enum SignInRefusal: Error, Sendable, Equatable {
    /// `iss` beside the code is missing or another provider's (RFC 9207 §2.4).
    case responseIssuer
    case provider(ProviderRefusal)
    case idToken(IDTokenRefusal)
    case userinfo(UserinfoRefusal)

    /// For logs and audit events: from our own words and the provider's sanitised error code.
    package var reason: String {
        switch self {
        case .responseIssuer: "response issuer: iss is missing or another provider's (RFC 9207 §2.4)"
        case .provider(let refusal): "the provider says \(refusal.code)"
        case .idToken(let refusal): "ID token, \(refusal.check): \(refusal.reason) (\(refusal.section))"
        case .userinfo(let refusal): "userinfo: \(refusal.rawValue)"
        }
    }
}

/// What comes of an ID token that somebody shows.
package enum ShownTokenOutcome: Sendable {
    case person(IDTokenClaims)
    case refused(IDTokenRefusal)
    case failed(UpstreamFailure)
}
