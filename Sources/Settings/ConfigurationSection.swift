/// The file's top level.
enum ConfigurationSection {
    static let listen = Key.section("listen", ListenSection.section, "Where the process listens.")
    static let storage = Key.section("storage", StorageSection.section, "Where sessions, codes, tokens and keys are kept.")
    static let authService = Key.optional(
        "authService", AuthServiceSection.section.shape, "The relying party behind the gateway.")
    static let provider = Key.optional("provider", ProviderSection.section.shape, "The OpenID provider.")
    static let log = Key.section("log", LogSection.section, "How the log is written.")
    static let pages = Key.section("pages", PagesSection.section, "What the pages look like.")

    static let section = Section(
        "the file",
        [listen.listed, storage.listed, authService.listed, provider.listed, log.listed, pages.listed, .notYet("telemetry")]
    ) { fields in
        let (listening, stored) = (fields(listen), fields(storage))
        return Configuration(
            listen: listening, storage: stored.storage, storageSecrets: stored.secrets, keySecrets: stored.keySecrets,
            storageStartTimeout: stored.startTimeout, authService: fields(authService), provider: fields(provider),
            log: fields(log), pages: fields(pages))
    }
}
