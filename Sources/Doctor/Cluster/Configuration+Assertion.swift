import Settings

extension Configuration {
    /// `iss` of the assertion; `nil` where none is signed.
    var assertionIssuer: String? {
        guard let service = authService, service.identity.assertion != nil else { return nil }
        return service.publicURLs.first?.origin
    }
}

extension Cluster {
    /// Under which browsers reach us.
    var ownHosts: [String] {
        (configuration.authService?.publicURLs.map(\.host) ?? []) + [configuration.provider?.issuer.host].compactMap { $0 }
    }
}
