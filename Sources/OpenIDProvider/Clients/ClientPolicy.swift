import JOSE
import OpenIDConnect
import Web

/// What one client may have.
extension Client {
    /// What of the scope asked for is granted: values that neither the provider nor the client knows are left out (OpenID Connect
    /// Core §3.1.2.1), and those that it may not have. Values that name other clients are left as they are.
    func granted(_ asked: Scope) -> Scope {
        Scope(asked.values.filter { PeerScope.client($0) != nil || mayAsk(for: $0) })
    }

    /// The same of claims that are asked for one by one.
    func granted(_ asked: SingleClaims) -> SingleClaims {
        let isGranted = { (claim: String) in ClaimScope.value(covering: claim).map(mayAsk) ?? false }
        return SingleClaims(userinfo: asked.userinfo.filter(isGranted), idToken: asked.idToken.filter(isGranted))
    }

    private func mayAsk(for value: String) -> Bool {
        guard let scopes else { return ClaimScope.supported.contains { sameBytes($0, value) } }
        return sameBytes(value, ClaimScope.openID) || scopes.contains { sameBytes($0, value) }
    }

    /// Whether a user of a connector may use the client.
    func admits(_ user: ConnectorUser, connectorID: String) -> Bool {
        takesUsers(of: connectorID)
            && groups.map { allowed in
                let own = user.claims["groups"]?.stringList ?? []
                return own.contains { group in allowed.contains { sameBytes($0, group) } }
            } ?? true
    }

    func takesUsers(of connectorID: String) -> Bool {
        connectors.map { $0.contains { sameBytes($0, connectorID) } } ?? true
    }

    func trusts(_ peer: Client) -> Bool {
        sameBytes(peer.id, id) || trustedPeers.contains { sameBytes($0, peer.id) }
    }
}

/// `audience:server:client_id:ID`: the scope value by which a client asks for tokens that another client takes, too (Dex's).
enum PeerScope {
    private static let prefix = "audience:server:client_id:"

    /// The other client's id; `nil` for every other value.
    static func client(_ value: String) -> String? {
        value.utf8.starts(with: prefix.utf8) ? String(value.utf8.dropFirst(prefix.utf8.count)) : nil
    }

    /// The clients that a scope names.
    static func clients(in scope: Scope) -> [String] { scope.values.compactMap(client) }
}

extension IssuerSettings {
    /// Whether every client that the scope names is there and trusts the one that asks.
    func arePeersTrusting(_ client: Client, _ scope: Scope) -> Bool {
        PeerScope.clients(in: scope).allSatisfy { self.client($0)?.trusts(client) ?? false }
    }

    /// The clients that the scope names and that still trust the one that asks.
    func peers(of client: Client, in scope: Scope) -> [String] {
        PeerScope.clients(in: scope).filter { !sameBytes($0, client.id) && self.client($0)?.trusts(client) ?? false }
    }
}
