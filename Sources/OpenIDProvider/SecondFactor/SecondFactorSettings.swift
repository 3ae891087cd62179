import JOSE
import Web

/// Whether a second factor is asked for.
package enum SecondFactorRule: String, Sendable, CaseIterable {
    /// Never.
    case skip
    /// Of those who have set one up.
    case ifEnrolled
    /// Of everybody: whoever has none sets one up at the sign-in.
    case required
}

/// What an operator decides about second factors. Clients have a rule of their own beside it.
package struct SecondFactorSettings: Sendable {
    /// What codes are called in authenticator apps.
    package var label: String
    /// Whether everybody has to have one.
    package var isRequired = false
    /// Whoever is in one of these has to have one.
    package var groups: [String] = []
    /// By connector.
    package var connectors: [String: SecondFactorRule] = [:]
    /// The classes (`acr`) that a sign-in with a second factor is of; the first is told where a client asks for none of them.
    package var acrValues = ["mfa"]

    package init(label: String) { self.label = label }
}

/// Somebody who signs in, as the rules look at them.
struct SecondFactorFacts: Sendable {
    let settings: SecondFactorSettings
    /// `nil`: a page of our own.
    let client: Client?
    let connectorID: String
    let user: ConnectorUser
    /// Whether the request asks for a class that only a second factor is of.
    var isDemanded = false

    /// Who says whether a second factor is asked for, in order: the first that says something decides.
    static let sources: [(name: String, rule: @Sendable (SecondFactorFacts) -> SecondFactorRule?)] = [
        ("the request's acr", { $0.isDemanded ? .required : nil }),
        ("the client", { $0.client?.secondFactor }),
        ("the connector", { $0.settings.connectors[$0.connectorID] }),
        ("a group of the user", { $0.isInGroup ? .required : nil }),
        ("everybody", { $0.settings.isRequired ? .required : .ifEnrolled }),
    ]

    var rule: SecondFactorRule { Self.sources.lazy.compactMap { $0.rule(self) }.first ?? .ifEnrolled }

    private var isInGroup: Bool {
        let own = user.claims["groups"]?.stringList ?? []
        return own.contains { group in settings.groups.contains { sameBytes($0, group) } }
    }
}
