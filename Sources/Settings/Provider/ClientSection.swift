import JOSE

/// `provider.clients[]`
enum ClientSection {
    static let id = Key.required("id", .clientID(), standIn: "", "The client id, unique.")
    static let secret = Key.optional("secret", .secret(.clientSecret), "The client secret; public clients have none.")
    static let isPublic = Key.defaulted(
        "public", .boolean(), false, "Whether the client can keep no secret (native and browser applications).")
    static let redirectURIs = Key.defaulted(
        "redirectURIs", .list(of: .redirectURI()), [], "Where codes may be sent: each in full, compared byte for byte.")
    static let postLogoutRedirectURIs = Key.defaulted(
        "postLogoutRedirectURIs", .list(of: .redirectURI()), [], "Where browsers may be sent after signing out.")
    static let name = Key.optional("name", .text(), "What users read; the id when missing.")

    static let section = Section(
        "client",
        [id.listed, secret.listed, isPublic.listed, redirectURIs.listed, postLogoutRedirectURIs.listed, name.listed]
    ) { fields in
        let id = fields(id)
        let client = ClientSettings(
            id: id, secret: fields(secret), isPublic: fields(isPublic), redirectURIs: fields(redirectURIs),
            postLogoutRedirectURIs: fields(postLogoutRedirectURIs), name: fields(name) ?? id)
        checkSecret(client, fields)
        return client
    }

    private static func checkSecret(_ client: ClientSettings, _ fields: Fields) {
        switch (fields.given(secret.name), client.isPublic) {
        case (nil, true), (_?, false): return
        case (nil, false):
            fields.reading.error(
                "the client \(quoted(client.id)) has no `secret`", "add `secret: { file: … }`, or `public: true`", at: fields.node
            )
        case (let node?, true):
            fields.reading.error("the public client \(quoted(client.id)) has a `secret`", "remove it, or `public`", at: node)
        }
    }
}
