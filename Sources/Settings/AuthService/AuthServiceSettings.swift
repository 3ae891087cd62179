package import JOSE

/// The relying party: what it protects, how it signs people in, what it tells the applications.
package struct AuthServiceSettings: Sendable {
    /// The origins under which browsers reach the gateway; at least one, each `scheme://host[:port]` without a path.
    package var publicURLs: [ConfiguredURL]
    /// Further hosts, each with a redirect URI and cookies of its own; scheme and port are the first public URL's.
    package var publicHosts: [HostPattern]
    /// Whether a page of ours stands before the provider's.
    package var keepsFragment: Bool
    /// Where the service's own endpoints live on every public host: starts with `/`, no `/` at the end.
    package var path: String
    package var cookie: CookieSettings
    package var session: SessionSettings
    package var signIn: SignInSettings
    /// Cookie keys, at least one, each 32 bytes or more: the first encrypts, all decrypt.
    package var secrets: [Secret]
    /// At least one; people choose where there are several and nothing says which.
    package var providers: [IdentityProviderSettings]
    package var identity: IdentitySettings
    /// The first that matches decides; where none does, a signed-in user is needed.
    package var rules: [AccessRule]
    /// Issuers of bearer tokens; none: the `Authorization` field is the application's own business.
    package var bearer: [BearerSettings]
    package var onInvalidBearer: InvalidCredential
    /// nil: nobody may have any.
    package var personalTokens: PersonalTokenSettings?
    package var basicAuthentication: Bool
    /// None: nobody is known by a certificate.
    package var clientCertificates: [ClientCertificateSettings]
    /// nil: no rule asks one.
    package var kubernetes: KubernetesSettings?
    /// Programs that came before us: their paths lead to our endpoints, too.
    package var compatibility: [Compatibility]

    package enum Compatibility: String, Sendable, CaseIterable {
        case oauth2Proxy = "oauth2-proxy"
        case arrikto
    }

    /// The headers that rules ask for, each once: a gateway that picks what it tells the check has to tell these too.
    package var headersInRules: [String] {
        var seen: Set<String> = []
        let tenants = rules.compactMap { if case .header(let name) = $0.tenant { name } else { nil } }
        return (rules.flatMap(\.when.headers).map(\.name) + tenants).filter { seen.insert($0).inserted }
    }

    /// Every header that we set under some rule, lower case, each once: a client's own never goes on.
    package var identityHeaders: [String] {
        var seen: Set<String> = []
        let inRules = rules.flatMap { $0.headers.map(\.name) + [$0.tokenExchange?.header].compactMap { $0 } }
        return (identity.headerNames + inRules).filter { seen.insert($0).inserted }
    }

    /// The audiences that rules have beside that of `identity.assertion`, each once.
    package var audiencesInRules: [String] {
        var seen: Set<String> = []
        return rules.compactMap(\.audience).filter { $0 != identity.assertion?.audience && seen.insert($0).inserted }
    }

    /// The redirect URI of each public URL, in their order: where every provider sends the code.
    package var redirectURIs: [String] { publicURLs.map { $0.origin + callbackPath } }

    /// The same for one provider, which may have its own.
    package func redirectURIs(of provider: IdentityProviderSettings) -> [String] {
        provider.hasOwnCallback ? publicURLs.map { $0.origin + path + "/callback/\(provider.id)" } : redirectURIs
    }

    /// The first program's, so that the provider's registration may stay as it is; else our own.
    private var callbackPath: String { compatibility.first?.paths.first ?? path + "/callback" }

    /// Every further path that is ours, as `compatibility` has it.
    package var aliasPaths: [String] { compatibility.flatMap(\.paths) }

    /// Where a provider sends the browser after signing out (RP-initiated logout), in the order of the public URLs.
    package var postLogoutRedirectURIs: [String] { publicURLs.map { $0.origin + path + "/sign-out" } }
}

extension AuthServiceSettings.Compatibility {
    /// Where the program's endpoints are; the callback first.
    var paths: [String] {
        switch self {
        case .oauth2Proxy:
            [
                "/oauth2/callback", "/oauth2/start", "/oauth2/sign_in", "/oauth2/sign_out", "/oauth2/auth", "/oauth2/userinfo",
            ]
        case .arrikto: ["/authservice/oidc/callback", "/authservice/logout"]
        }
    }
}

/// How long somebody stays signed in, in seconds.
package struct SessionSettings: Sendable, Equatable {
    package enum Store: String, Sendable, CaseIterable {
        /// In `storage`; the cookie holds an opaque id.
        case server
        /// In the cookie itself, encrypted.
        case cookie
    }

    /// Ends after so long without a request.
    package var idle: Int64
    /// Ends so long after the sign-in, whatever happens; never less than `idle`.
    package var lifetime: Int64
    package var store: Store
    /// How long a session goes on whose provider cannot be asked for new tokens.
    package var refreshGrace: Int64
    /// How many sessions one user may have; the oldest end. nil: any number.
    package var limitPerUser: Int?
    package enum Remember: Sendable, CaseIterable {
        case always
        case never
        /// People choose when they sign in.
        case ask
    }

    /// Whether browsers keep the cookie when they are closed.
    package var remember: Remember
    /// Memory for the sessions used lately, in bytes.
    package var cache: Int
}
