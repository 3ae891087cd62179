package import RelyingParty
import Web

/// One provider that people can sign in at.
package struct SignInProvider: Sendable {
    /// As in the configuration; part of the sealed state, so that one provider's reply never counts as another's.
    package let id: String
    package let client: RelyingParty
    /// Shown where people choose.
    package var name: String
    /// The hosts whose sign-ins it is offered for; empty: all that no other provider has for itself.
    package var hosts: [HostPattern] = []
    package var admission = SignInAdmission()
    /// Whether its redirect URI ends in its id: then no other provider's reply arrives as its own, also of those that send no `iss`
    /// (RFC 9700 §4.4.2.2).
    package let hasOwnCallback: Bool

    package init(id: String, client: RelyingParty, name: String? = nil, hasOwnCallback: Bool = false) {
        self.hasOwnCallback = hasOwnCallback
        self.id = id
        self.client = client
        self.name = name ?? id
    }

    /// The path of its redirect URI below our own path.
    var callbackPath: String { hasOwnCallback ? "callback/\(id)" : "callback" }
}

extension [SignInProvider] {
    /// The providers that a sign-in on a host may use, in their order.
    func offered(on host: String) -> [SignInProvider] {
        let own = filter { provider in provider.hosts.contains { $0.matches(host) } }
        return own.isEmpty ? filter(\.hosts.isEmpty) : own
    }
}

extension HostPattern {
    /// Whether a host (lower case, without port) is meant. Rules are compiled instead.
    func matches(_ host: String) -> Bool {
        switch self {
        case .exact(let name): sameBytes(name, host)
        case .below(let suffix):
            host.utf8.count > suffix.utf8.count && host.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
        }
    }
}
