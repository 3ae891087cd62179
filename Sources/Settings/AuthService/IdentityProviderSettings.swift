package import JOSE

/// One OpenID provider at which users sign in.
package struct IdentityProviderSettings: Sendable {
    package enum Source: Sendable, Equatable {
        /// The provider in this process (`Configuration.provider`), reached in memory.
        case embedded
        /// An outside provider, by its issuer identifier: `ConfiguredURL.text` is what `iss` must equal byte for byte.
        case issuer(ConfiguredURL)
    }

    /// How the client authenticates at the token endpoint (OpenID Connect Core, section 9; RFC 8705).
    package enum TokenEndpointAuth: String, Sendable, CaseIterable {
        case clientSecretBasic = "client_secret_basic"
        case clientSecretPost = "client_secret_post"
        case clientSecretJWT = "client_secret_jwt"
        case privateKeyJWT = "private_key_jwt"
        case tlsClientAuth = "tls_client_auth"
        case none

        /// Whether it needs `clientSecret`.
        var usesSecret: Bool { [.clientSecretBasic, .clientSecretPost, .clientSecretJWT].contains(self) }
    }

    /// Unique; shown in logs and used in URLs.
    package var id: String
    /// Shown where people choose; the id where the file has none.
    package var name: String
    /// The hosts whose sign-ins it is offered for; empty: all that no other provider has for itself.
    package var hosts: [HostPattern]
    package var source: Source
    package var addresses: ProviderAddressSettings
    package var clientID: String
    /// nil for a client without one, and for the embedded provider: there the client's own entry has it.
    package var clientSecret: Secret?
    /// A private key in PEM, for `private_key_jwt` and signed requests.
    package var clientKey: SigningKey?
    /// `kid` of that key as the provider knows it; nil: its thumbprint.
    package var clientKeyID: String?
    /// Holds `openid`.
    package var scopes: [String]
    package var tokenEndpointAuth: TokenEndpointAuth
    /// Whether tokens are bound to a key of ours (RFC 9449).
    package var dpop: Bool
    package var request: AuthorizationRequestSettings
    package var connection: ProviderConnectionSettings
    /// What ID tokens may be signed with.
    package var algorithms: [SignatureAlgorithm]
    /// Seconds.
    package var clockSkew: Int64
    package var usesUserinfo: Bool
    /// Whether a reply without `iss` is refused, whatever the provider promises (RFC 9207).
    package var requiresIssuerParameter: Bool
    /// Whether the redirect URI ends in the provider's id.
    package var hasOwnCallback: Bool
    package var claims: ClaimSettings
    package var admission: AdmissionSettings
}

/// Where a provider is reached, beyond its issuer and its metadata.
package struct ProviderAddressSettings: Sendable, Equatable {
    package var authorization: ConfiguredURL?
    package var token: ConfiguredURL?
    package var jwks: ConfiguredURL?
    package var userinfo: ConfiguredURL?
    package var endSession: ConfiguredURL?
    package var revocation: ConfiguredURL?
    package var introspection: ConfiguredURL?
    package var pushedAuthorizationRequest: ConfiguredURL?
    /// Stands in for the issuer in whatever we ask ourselves.
    package var internalURL: ConfiguredURL?
}

/// What every authorization request asks.
package struct AuthorizationRequestSettings: Sendable {
    package enum ResponseMode: String, Sendable, CaseIterable {
        case query
        case formPost = "form_post"
    }

    package enum Prompt: String, Sendable, CaseIterable {
        case login, consent
        case selectAccount = "select_account"
    }

    package enum Pushing: String, Sendable, CaseIterable {
        case auto, always, never
    }

    package var responseMode: ResponseMode
    package var prompt: Prompt?
    /// Seconds.
    package var maxAge: Int64?
    package var acrValues: [String]
    package var uiLocales: [String]
    package var audience: String?
    package var resources: [String]
    /// In the file's order.
    package var parameters: [NamedText]
    package var pushing: Pushing
    package var isSigned: Bool
}

/// How connections to a provider are made.
package struct ProviderConnectionSettings: Sendable {
    /// PEM; nil: the system's authorities.
    package var authorities: [UInt8]?
    /// PEM, with `certificateKey`.
    package var certificate: [UInt8]?
    package var certificateKey: Secret?
    /// An http URL without path.
    package var proxy: ConfiguredURL?
    package var proxyUser: String?
    package var proxyPassword: Secret?

    /// Whether a provider can do with the connections of all others.
    package var isUsual: Bool { authorities == nil && certificate == nil && proxy == nil }
}

/// What a provider calls the things that we know by other names.
package struct ClaimSettings: Sendable {
    package enum EmailVerification: String, Sendable, CaseIterable {
        case required, assumed
    }

    package enum GroupNaming: String, Sendable, CaseIterable {
        case id, displayName
    }

    package struct GroupOverage: Sendable {
        package var graphURL: ConfiguredURL?
        package var naming: GroupNaming
    }

    /// One change of the texts of one claim; what is there is done in this order.
    package struct Transform: Sendable {
        package var claim: String
        /// A regular expression for the whole text, and what takes its place.
        package var match: String?
        package var replacement: String?
        package var keepsOthers: Bool
        package var removePrefix: String?
        package var removeSuffix: String?
        package var lowerCase: Bool
        package var addPrefix: String?
        package var addSuffix: String?
    }

    package var user: String?
    package var email: String?
    package var emailVerification: EmailVerification
    package var name: String?
    package var preferredUsername: String?
    package var groups: [String]
    package var groupOverage: GroupOverage?
    package var transforms: [Transform]
}

/// Whom a provider's sign-in is for; nothing named: everybody.
package struct AdmissionSettings: Sendable {
    package var users: [UserPattern]
    package var groups: [String]
    /// A path.
    package var emailsFile: String?
}

/// A name with its text.
package struct NamedText: Sendable, Equatable {
    package var name: String
    package var text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}
