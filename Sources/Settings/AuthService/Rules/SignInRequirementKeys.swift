/// The keys of `authService.rules[]` that say how people have to have signed in.
enum SignInRequirementKeys {
    static let maxAge = Key.optional(
        "maxAge", .duration(atMost: 366 * 86400), "How long ago people may have given their credentials; else they do it again.")
    static let acr = Key.defaulted(
        "acr", .list(of: .scope()), [], "How people have to sign in: one of these has to be the ID token's `acr`.")
    static let amr = Key.defaulted(
        "amr", .list(of: .scope()), [], "With what people have to sign in: the ID token's `amr` has to name one of these.")
    static let provider = Key.optional("provider", .id(), "The `id` of the provider at which people have to sign in.")
    static let sessionLifetime = Key.optional(
        "sessionLifetime", .duration(atLeast: 60, atMost: 366 * 86400), "How long a session counts for these requests.")
    static let scopes = Key.defaulted(
        "scopes", .list(of: .scope()), [],
        "Scopes that the provider has to grant; asked for beside its own when people are sent to sign in.")

    static let listed = [
        maxAge.listed, acr.listed, amr.listed, provider.listed, sessionLifetime.listed, scopes.listed,
    ]

    static func read(_ fields: Fields) -> SignInRequirement {
        SignInRequirement(
            maxAge: fields(maxAge), acr: fields(acr), amr: fields(amr), provider: fields(provider),
            sessionLifetime: fields(sessionLifetime), scopes: fields(scopes))
    }
}
