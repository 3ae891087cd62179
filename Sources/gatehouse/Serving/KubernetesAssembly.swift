import Accounts
import AuthService
import JOSE
import RelyingParty
import Settings

extension AccessReviews {
    /// - Parameter networks: have a connection of their own to the API server.
    convenience init(_ settings: KubernetesSettings, _ networks: ProviderNetworks) {
        let exchange = networks.exchangeForKubernetes.withToken(inFile: settings.tokenFile)
        self.init(
            api: KubernetesAPI(server: settings.server.text, exchange: exchange), subjects: AccessSubjectMapping(settings),
            lives: Lives(allowed: settings.allowed, denied: settings.denied), clock: .system)
    }
}

extension AccessSubjectMapping {
    init(_ settings: KubernetesSettings) {
        self.init(
            user: ClaimPath(settings.user), groups: settings.groups.map { ClaimPath($0) }, userPrefix: settings.userPrefix,
            groupPrefix: settings.groupPrefix, extra: settings.extra.map { (name: $0.name, claim: ClaimPath($0.claim)) },
            clusterIssuers: settings.clusterIssuers)
    }
}

extension ProviderExchange {
    /// Sends the token in a file along, which is read for every request: a platform renews it.
    func withToken(inFile path: String?) -> any ProviderExchange {
        guard let path else { return self }
        return CredentialedExchange(self) { Secret(try ConfigurationSources.process.file(path, 65536).bytes.trimmed) }
    }
}

extension [UInt8] {
    /// Without blanks and line breaks at its ends.
    fileprivate var trimmed: [UInt8] {
        func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }
        return Array(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
