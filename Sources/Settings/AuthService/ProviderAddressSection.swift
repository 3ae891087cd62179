/// `authService.providers[].endpoints`
enum ProviderEndpointSection {
    static let authorization = Key.optional("authorization", .endpoint(), "Where browsers are sent.")
    static let token = Key.optional("token", .endpoint(), "Where codes become tokens.")
    static let jwks = Key.optional("jwks", .endpoint(), "The provider's keys.")
    static let userinfo = Key.optional("userinfo", .endpoint(), "Further claims.")
    static let endSession = Key.optional("endSession", .endpoint(), "Where browsers are sent to sign out.")
    static let revocation = Key.optional("revocation", .endpoint(), "Where tokens are revoked.")
    static let introspection = Key.optional("introspection", .endpoint(), "Where tokens are asked about.")
    static let pushedAuthorizationRequest = Key.optional(
        "pushedAuthorizationRequest", .endpoint(), "Where authorization requests are pushed to.")

    static let section = Section(
        "endpoints",
        [
            authorization.listed, token.listed, jwks.listed, userinfo.listed, endSession.listed, revocation.listed,
            introspection.listed, pushedAuthorizationRequest.listed,
        ]
    ) { fields in
        ProviderAddressSettings(
            authorization: fields(authorization), token: fields(token), jwks: fields(jwks), userinfo: fields(userinfo),
            endSession: fields(endSession), revocation: fields(revocation), introspection: fields(introspection),
            pushedAuthorizationRequest: fields(pushedAuthorizationRequest))
    }
}

extension Shape where Value == ConfiguredURL {
    /// An endpoint that is given by hand. Plain http off this machine is taken with a warning: inside a cluster there may be no TLS.
    static func endpoint() -> Shape {
        let schema = SchemaNode.object([("type", .text("string")), ("format", .text("uri"))])
        return Shape.scalar(schema, show: { .text($0.text) }) { text throws(Complaint) in try ConfiguredURL(parsing: text) }
            .then(show: { .text($0.text) }) { url, node, reading in
                if !url.isSecure, !url.isLoopback {
                    reading.warning(
                        "`\(url.text)` is http: secrets and tokens travel in clear text", "use https where there is TLS", at: node
                    )
                }
                return url
            }
    }
}
