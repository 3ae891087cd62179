import Yams

/// `authService.rules[].tokenExchange`
enum TokenExchangeSection {
    static let audience = Key.defaulted(
        "audience", .oneOrMore(of: Shape<String>.text()), [], "The provider's name of the application, or several.")
    static let resources = Key.defaulted(
        "resources", .list(of: resource), [], "Absolute URIs of the application (RFC 8707).")
    static let scopes = Key.defaulted("scopes", .list(of: .scope()), [], "What the token is to be good for.")
    static let tokenType = Key.defaulted(
        "tokenType", .choice(), TokenExchangeSettings.TokenType.accessToken, "The kind of token that is asked for.")
    static let header = Key.defaulted(
        "header", headerShape, "authorization", "The request header for the token; in `authorization` it stands behind `Bearer`.")

    static let section = Section(
        "tokenExchange", [audience.listed, resources.listed, scopes.listed, tokenType.listed, header.listed]
    ) { fields in
        let settings = TokenExchangeSettings(
            audiences: fields(audience), resources: fields(resources), scopes: fields(scopes), tokenType: fields(tokenType),
            header: fields(header))
        let asksForNothing = settings.audiences.isEmpty && settings.resources.isEmpty && settings.scopes.isEmpty
        if asksForNothing, fields.reading.isSound(fields.reading.way) {
            fields.reading.error(
                "`tokenExchange` does not say for whom the token is", "add `audience`, `resources` or `scopes`", at: fields.node)
        }
        return settings
    }

    private static let headerShape = Shape<String>(
        schema: Shape<String>.text().schema,
        read: { node, reading in
            if node.scalar?.string.lowercased() == "authorization" { return "authorization" }
            return reading.identityHeader(node)
        }, show: { .text($0) })

    private static let resource = Shape<String>.text().then(show: { .text($0) }) { text, node, reading -> String? in
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") }), text.contains(":") else {
            return reading.refuse(
                "\(quoted(text)) is not an absolute URI without a fragment", "write it like `https://api.example.com`", node)
        }
        return text
    }
}

/// The token of its own that an application is given under a rule (RFC 8693).
package struct TokenExchangeSettings: Sendable, Equatable {
    package enum TokenType: String, Sendable, CaseIterable {
        case accessToken = "access_token"
        case jwt
        case idToken = "id_token"
    }

    package var audiences: [String]
    package var resources: [String]
    package var scopes: [String]
    package var tokenType: TokenType
    /// Lower case.
    package var header: String

    package init(audiences: [String], resources: [String], scopes: [String], tokenType: TokenType, header: String) {
        self.audiences = audiences
        self.resources = resources
        self.scopes = scopes
        self.tokenType = tokenType
        self.header = header
    }
}
