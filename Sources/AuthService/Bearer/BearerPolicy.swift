package import Accounts
package import JOSE

/// What the tokens of one issuer are held against.
package struct BearerPolicy: Sendable {
    /// Which JWTs count as access tokens.
    package enum TokenType: Sendable {
        /// Whatever is not marked as another kind of token.
        case any
        /// Only `typ: at+jwt` (RFC 9068 §2.1).
        case accessToken
    }

    /// Whether tokens have to be bound to a key of the client's (RFC 9449).
    package enum Binding: Sendable {
        /// A token that is bound needs its proof, another does not.
        case whereBound
        case required
    }

    /// A claim, and the texts of which one has to be its value or in its list.
    package struct RequiredClaim: Sendable {
        package let path: ClaimPath
        package let values: [String]

        package init(path: ClaimPath, values: [String]) {
            self.path = path
            self.values = values
        }
    }

    package var issuer: String
    /// One of these has to be in `aud`; at least one.
    package var audiences: [String]
    package var algorithms: [SignatureAlgorithm]
    package var tokenType: TokenType
    /// Whether ID tokens count too: they are meant for the client that signed somebody in, not for an API.
    package var takesIDTokens: Bool
    package var requiredClaims: [RequiredClaim]
    package var mapping: IdentityMapping
    package var binding: Binding
    /// Seconds for which a token is still taken after its `exp`.
    package var clockSkew: Int64

    package init(
        issuer: String, audiences: [String], algorithms: [SignatureAlgorithm] = SignatureAlgorithm.allCases,
        tokenType: TokenType = .any, takesIDTokens: Bool = false, requiredClaims: [RequiredClaim] = [],
        mapping: IdentityMapping = IdentityMapping(), binding: Binding = .whereBound, clockSkew: Int64 = 0
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.algorithms = algorithms
        self.tokenType = tokenType
        self.takesIDTokens = takesIDTokens
        self.requiredClaims = requiredClaims
        self.mapping = mapping
        self.binding = binding
        self.clockSkew = clockSkew
    }
}
