package import JOSE

/// One issuer whose tokens count as bearer tokens.
package struct BearerSettings: Sendable {
    package enum TokenType: String, Sendable, CaseIterable {
        case any
        /// Only JWTs with this `typ` (RFC 9068).
        case accessToken = "at+jwt"
    }

    package enum DPoP: String, Sendable, CaseIterable {
        /// A token that is bound to a key needs the proof, another does not.
        case optional
        case required
    }

    package struct RequiredClaim: Sendable, Equatable {
        package var path: String
        /// One of these is enough.
        package var values: [String]
    }

    /// Who is asked about a token.
    package enum Inquiry: Sendable {
        case introspection(IntrospectionSettings)
        case userinfo
        /// The base URL of a Kubernetes API server.
        case tokenReview(ConfiguredURL)
    }

    /// `ConfiguredURL.text` is what `iss` must equal byte for byte.
    package var issuer: ConfiguredURL
    package var audiences: [String]
    /// Claims, or paths to them with `.` between the names.
    package var user: String
    package var email: String
    package var groups: [String]
    package var userPrefix: String
    package var groupPrefix: String
    package var requiredClaims: [RequiredClaim]
    package var algorithms: [SignatureAlgorithm]
    package var tokenType: TokenType
    package var idTokens: Bool
    package var dpop: DPoP
    /// Seconds.
    package var clockSkew: Int64
    /// In place of what discovery says.
    package var jwks: ConfiguredURL?
    /// The path of its key set, which is asked of nobody then.
    package var jwksFile: String?
    /// PEM: only these certificates are trusted.
    package var authorities: [UInt8]?
    /// PEM, with `certificateKey`: what its server is shown.
    package var certificate: [UInt8]?
    package var certificateKey: Secret?
    /// The file with a token of our own, sent to the issuer along with every question; read each time.
    package var tokenFile: String?
    package var inquiry: Inquiry?
}

/// The introspection endpoint of an issuer (RFC 7662), and we as its client.
package struct IntrospectionSettings: Sendable {
    package enum Tokens: String, Sendable, CaseIterable {
        /// Only those that are no JWT; JWTs are checked by the issuer's keys.
        case opaque
        case all
    }

    /// In place of what discovery says.
    package var endpoint: ConfiguredURL?
    package var clientID: String
    package var clientSecret: Secret?
    /// For `private_key_jwt`.
    package var clientKey: SigningKey?
    package var clientKeyID: String?
    package var auth: IdentityProviderSettings.TokenEndpointAuth
    package var tokens: Tokens
}

/// What a request gets whose credential is not valid.
package enum InvalidCredential: String, Sendable, CaseIterable {
    case unauthorized
    /// As if there were no credential.
    case signIn
}
