import OpenIDConnect
import Web

/// Whom tokens are for, where a request names somebody: by `audience` (RFC 8693 §2.1), `resource` (RFC 8707 §2), or a scope value of
/// Dex's kind.
struct TokenAudience: Sendable {
    private static let maximumCount = 20

    /// Empty where nobody is named.
    let named: [String]

    /// `nil` where somebody is named that the client may not have tokens for.
    init?(_ request: TokenRequest, _ settings: IssuerSettings) {
        guard let client = request.client, let fields = request.fields else { return nil }
        let names = (fields.all("audience") + fields.all("resource")).filter { !$0.isEmpty }
        guard names.count <= Self.maximumCount, names.allSatisfy({ Self.mayName($0, client, settings) }),
            settings.arePeersTrusting(client, request.askedScope ?? Scope([]))
        else { return nil }
        named = names.reduce(into: []) { kept, name in
            if !kept.contains(where: { sameBytes($0, name) }) { kept.append(name) }
        }
    }

    private static func mayName(_ name: String, _ client: Client, _ settings: IssuerSettings) -> Bool {
        sameBytes(name, client.id) || client.exchangeAudiences.contains { sameBytes($0, name) }
            || settings.client(name)?.trusts(client) ?? false
    }

    /// `aud` of an access token.
    /// - Parameter named: by the request.
    static func ofAccessToken(_ client: Client, scope: Scope, named: [String], _ settings: IssuerSettings) -> [String] {
        let usual = client.accessTokenAudience.isEmpty ? [client.id] : client.accessTokenAudience
        let peers = settings.peers(of: client, in: scope)
        return named.isEmpty ? usual + peers.filter { !usual.contains($0) } : named + peers.filter { !named.contains($0) }
    }

    /// `aud` of an ID token: the client is always among them (as with Dex), unless an exchange named others.
    static func ofIDToken(_ client: Client, scope: Scope, named: [String], _ settings: IssuerSettings) -> [String] {
        named.isEmpty ? [client.id] + settings.peers(of: client, in: scope) : named
    }
}
