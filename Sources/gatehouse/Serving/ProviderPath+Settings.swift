import AuthService
import Settings
import Web

extension ProviderPath {
    /// Only where the issuer is reached through the gateway that asks us: on one of the public hosts.
    init?(_ provider: ProviderSettings?, behind origins: [Origin]) {
        guard let issuer = provider?.issuer, let origin = Origin(issuer.origin),
            origins.contains(where: { $0.host == origin.host })
        else { return nil }
        self.init(origin: origin, path: issuer.path)
    }
}
