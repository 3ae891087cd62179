package import JOSE

/// What every connector to an OAuth 2.0 or OpenID Connect provider has: our client there, and how it is connected to.
enum UpstreamClientKeys {
    static let clientID = Key.required("clientID", .clientID(), standIn: "", "Our client id there.")
    static let clientSecret = Key.optional("clientSecret", .secret(.clientSecret), "Our client secret there.")
    static let redirectURI = Key.optional(
        "redirectURI", .endpoint(), "As it is registered there: the issuer's `/callback`, or `/callback/` and the connector's id."
    )
    static let rootCA = Key.optional(
        "rootCA", .pem("a certificate"), "PEM: the authorities that are believed; the system's without it.")
    static let rootCAs = Key.optional(
        "rootCAs", .list(of: .pem("a certificate")), "PEM: the authorities that are believed; the system's without it.")
    static let insecureSkipVerify = Key.defaulted(
        "insecureSkipVerify", .boolean(), false, "Takes any certificate: whoever is in the way can sign in as anybody.")
    static let proxy = Key.optional("proxy", .proxy(), "An HTTP proxy, as `http://proxy.example.com:3128`.")

    static let insecureSkipTokenAudience = Key.defaulted(
        "insecureSkipTokenAudience", .boolean(), false,
        "Exchanges access tokens of any client there: whoever runs one can sign in as each of its users.")

    static let all = [
        clientID.listed, clientSecret.listed, redirectURI.listed, rootCA.listed, rootCAs.listed, insecureSkipVerify.listed,
        proxy.listed, insecureSkipTokenAudience.listed,
    ]

    static func settings(_ fields: Fields) -> UpstreamClientSettings {
        if fields.given(rootCA.name) != nil, let node = fields.given(rootCAs.name) {
            fields.reading.error("`rootCA` and `rootCAs` are both there", "keep one of them", at: node)
        }
        if fields(insecureSkipVerify) {
            fields.reading.warning(
                "the upstream's certificate is not verified", "give `rootCA` instead", at: fields.given(insecureSkipVerify.name))
        }
        if fields(insecureSkipTokenAudience) {
            fields.reading.warning(
                "access tokens of the upstream's other clients are exchanged",
                "remove it where the upstream says whose a token is",
                at: fields.given(insecureSkipTokenAudience.name))
        }
        let files = fields(rootCAs) ?? fields(rootCA).map { [$0] } ?? []
        return UpstreamClientSettings(
            clientID: fields(clientID), clientSecret: fields(clientSecret), redirectURI: fields(redirectURI),
            authorities: files.isEmpty ? nil : Array(files.joined(separator: [UInt8(ascii: "\n")])),
            insecureSkipVerify: fields(insecureSkipVerify), proxy: fields(proxy),
            insecureSkipTokenAudience: fields(insecureSkipTokenAudience))
    }
}

/// Our client at an upstream.
package struct UpstreamClientSettings: Sendable {
    package var clientID: String
    package var clientSecret: Secret?
    /// nil: the issuer's `/callback`.
    package var redirectURI: ConfiguredURL?
    /// PEM; nil: the system's.
    package var authorities: [UInt8]?
    package var insecureSkipVerify: Bool
    package var proxy: ConfiguredURL?
    package var insecureSkipTokenAudience: Bool
}
