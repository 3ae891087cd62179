/// Whether a connector could be used now, without anybody signing in.
package enum ConnectorProbe: Sendable {
    /// It has answered as it must for anybody to sign in.
    case reached
    /// `detail` is for an administrator: no secret.
    case failed(detail: String)
    /// There is nothing to be asked without a person.
    case untold
}

extension Connector {
    package func probe() async -> ConnectorProbe { .untold }
}

extension Provider {
    /// Asks a connector whether it can be used; `nil`: there is none of that id.
    package func probe(connector id: String) async -> ConnectorProbe? { await issuer.connector(id)?.probe() }
}
