/// One check over the whole configuration, after every value has been taken by itself.
struct ConfigurationCheck: Sendable {
    let name: String
    /// The values that it looks at. Where one was refused, only a stand-in is there, and the check is left out.
    let needs: [String]
    let run: @Sendable (Configuration, Reading) -> Void
}

/// All checks over the whole, in the order in which they run.
enum ConfigurationChecks {
    static let all: [ConfigurationCheck] = [
        .init(name: "some role", needs: ["authService", "provider"], run: RoleChecks.someRole),
        .init(name: "distinct listeners", needs: ["listen"], run: ListenChecks.distinct),
        .init(
            name: "some public URL", needs: ["authService.publicURL", "authService.publicURLs"], run: PublicURLChecks.distinct),
        .init(name: "cookie keys", needs: ["authService.secrets"], run: RoleChecks.cookieKeys),
        .init(name: "some sign-in", needs: ["authService.providers"], run: RoleChecks.someSignIn),
        .init(name: "distinct sign-in ids", needs: [], run: DistinctChecks.signInProviders),
        .init(name: "distinct bearer issuers", needs: [], run: DistinctChecks.bearerIssuers),
        .init(name: "whose passwords", needs: ["authService.basicAuthentication"], run: RoleChecks.passwords),
        .init(name: "cookie domain", needs: publicURLs + ["authService.cookie.domain"], run: CookieChecks.domain),
        .init(name: "cookie security", needs: publicURLs + ["authService.cookie"], run: CookieChecks.security),
        .init(name: "cookie prefix", needs: ["authService.cookie"], run: CookieChecks.prefix),
        .init(name: "cookies that are over", needs: ["authService.session", "storage"], run: CookieChecks.endings),
        .init(name: "session times", needs: ["authService.session"], run: TimeChecks.session),
        .init(name: "refresh times", needs: ["provider.tokens"], run: TimeChecks.refresh),
        .init(name: "rules that can match", needs: ["authService.rules"], run: RuleChecks.reachable),
        .init(
            name: "what rules name",
            needs: ["authService.rules", "authService.providers", "authService.identity", "authService.kubernetes"],
            run: RuleChecks.named),
        .init(
            name: "headers of rules", needs: ["authService.rules", "authService.identity", "authService.session"],
            run: RuleHeaderChecks.distinct),
        .init(name: "distinct client ids", needs: [], run: DistinctChecks.clients),
        .init(name: "distinct connectors", needs: [], run: DistinctChecks.connectors),
        .init(
            name: "redirect URIs of connectors", needs: ["provider.issuer", "provider.connectors"],
            run: ConnectorChecks.redirectURIs),
        .init(
            name: "relying party of passkeys", needs: ["provider.issuer", "provider.mfa"], run: PasskeyChecks.relyingParty),
        .init(name: "distinct assertion issuers", needs: [], run: DistinctChecks.assertionIssuers),
        .init(name: "distinct users", needs: [], run: DistinctChecks.users),
        .init(name: "clear-text redirects", needs: ["provider.clients"], run: ClientChecks.clearText),
        .init(
            name: "what clients name",
            needs: [
                "provider.clients", "provider.connectors", "provider.signingAlgorithms", "provider.assertionIssuers",
                "provider.passwordConnector",
            ], run: ClientNameChecks.named),
        .init(
            name: "certificates of clients", needs: ["provider.clientCertificates", "provider.clients", "listen"],
            run: ClientNameChecks.certificates),
        .init(name: "optional certificates", needs: ["listen"], run: ClientNameChecks.optionalCertificates),
        .init(
            name: "embedded provider", needs: publicURLs + ["authService.providers", "authService.path", "provider"],
            run: EmbeddedProviderChecks.client),
        .init(
            name: "paths apart", needs: publicURLs + ["authService.path", "provider.issuer"], run: EmbeddedProviderChecks.paths),
    ]

    private static let publicURLs = ["authService.publicURL", "authService.publicURLs"]

    static func run(_ configuration: Configuration, _ reading: Reading) {
        for check in all where check.needs.allSatisfy(reading.isSound) { check.run(configuration, reading) }
    }
}
