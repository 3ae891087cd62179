package import RelyingParty
package import Settings

/// What is to be looked at: the configuration, and how those whom it names are asked.
package struct Case: Sendable {
    package var file: String
    package var configuration: Configuration
    /// What reading it has found.
    package var problems: [ConfigurationProblem]
    package var issuers: [IssuerCase]
    package var directories: [DirectoryCase]
    package var storage: @Sendable () async -> StorageAnswer
    /// For pages of our own, as everybody asks for them.
    package var exchange: any ProviderExchange
    /// Why somebody cannot be asked over a connection as the file has it.
    package var unusable: String?

    package init(
        file: String, configuration: Configuration, problems: [ConfigurationProblem], issuers: [IssuerCase],
        directories: [DirectoryCase], exchange: any ProviderExchange, unusable: String?,
        storage: @escaping @Sendable () async -> StorageAnswer
    ) {
        self.file = file
        self.configuration = configuration
        self.problems = problems
        self.issuers = issuers
        self.directories = directories
        self.exchange = exchange
        self.unusable = unusable
        self.storage = storage
    }
}
