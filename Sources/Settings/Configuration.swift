package import JOSE

/// Everything that the configuration file says, checked as a whole, every default filled in.
///
/// Made by `Configuration.load` only; all parts are plain values. Durations are whole seconds, paths of files are absolute
/// or relative to the working directory (the file's own folder is already put in front).
package struct Configuration: Sendable {
    package var listen: ListenSettings
    package var storage: StorageSettings
    /// What is sealed under that the storage has and must be read back: the first seals, all open; none: nothing is.
    package var storageSecrets: [Secret]
    /// What signing keys in the storage are encrypted under: the first encrypts, all decrypt; none: in clear.
    package var keySecrets: [Secret]
    /// Seconds for which the start waits for a database that does not answer yet.
    package var storageStartTimeout: Int64
    /// The relying party's side; nil when this process is only a provider.
    package var authService: AuthServiceSettings?
    /// The OpenID provider; nil when this process is only an auth service. At least one of the two is set.
    package var provider: ProviderSettings?
    package var log: LogSettings
    package var pages: PagesSettings
}

extension Configuration {
    /// A duration of whole seconds as the file has it.
    package static func durationText(_ seconds: Int64) -> String { Duration.text(seconds) }
}
