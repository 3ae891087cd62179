/// What connectors that send people elsewhere need of the provider.
enum ConnectorChecks {
    /// Browsers have to come back to us.
    @Sendable static func redirectURIs(_ configuration: Configuration, _ reading: Reading) {
        guard let provider = configuration.provider else { return }
        for connector in provider.connectors {
            guard let uri = connector.kind.client?.redirectURI?.text else { continue }
            let callback = "\(provider.issuer.text)/callback"
            guard uri != callback, uri != "\(callback)/\(connector.id)" else { continue }
            reading.error(
                "the redirect URI \(quoted(uri)) of the connector \(quoted(connector.id)) does not lead here",
                "write `\(callback)` or `\(callback)/\(connector.id)`, and register it there", of: "provider.connectors")
        }
    }
}
