import Web

/// What a token is exchanged for (RFC 8693 §2.1): where the other token is to be used, and what for.
package struct ExchangeTarget: Sendable {
    /// The kind of token that is wanted (RFC 8693 §3).
    package enum TokenType: String, Sendable {
        case accessToken = "urn:ietf:params:oauth:token-type:access_token"
        case jwt = "urn:ietf:params:oauth:token-type:jwt"
        case idToken = "urn:ietf:params:oauth:token-type:id_token"
    }

    /// The provider's names of the services.
    package let audiences: [String]
    /// Absolute URIs of the services.
    package let resources: [String]
    package let scopes: [String]
    package let tokenType: TokenType

    package init(
        audiences: [String] = [], resources: [String] = [], scopes: [String] = [], tokenType: TokenType = .accessToken
    ) {
        self.audiences = audiences
        self.resources = resources
        self.scopes = scopes
        self.tokenType = tokenType
    }

    /// The part of the request that is the same whoever asks.
    var parameters: [(name: String, value: String)] {
        audiences.map { (name: "audience", value: $0) } + resources.map { (name: "resource", value: $0) }
            + (scopes.isEmpty ? [] : [(name: "scope", value: scopes.joined(separator: " "))])
            + [(name: "requested_token_type", value: tokenType.rawValue)]
    }

    /// The same for the same target only.
    package var text: String { QueryString(parameters).encoded }
}
