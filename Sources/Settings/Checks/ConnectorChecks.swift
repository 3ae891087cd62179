/// What connectors that send people elsewhere need of the provider.
enum ConnectorChecks {
    /// Browsers have to come back to us.
    @Sendable static func redirectURIs(_ configuration: Configuration, _ reading: Reading) {
        guard let provider = configuration.provider else { return }
        for connector in provider.connectors {
            redirectURI(of: connector, provider.issuer, reading, way: "provider.connectors")
        }
    }

    /// - Parameter way: where what is wrong is told.
    static func redirectURI(of connector: ConnectorSettings, _ issuer: ConfiguredURL, _ reading: Reading, way: String) {
        guard let uri = connector.kind.client?.redirectURI?.text else { return }
        let callback = "\(issuer.text)/callback"
        guard uri != callback, uri != "\(callback)/\(connector.id)" else { return }
        reading.error(
            "the redirect URI \(quoted(uri)) of the connector \(quoted(connector.id)) does not lead here",
            "write `\(callback)` or `\(callback)/\(connector.id)`, and register it there", of: way)
    }
}
