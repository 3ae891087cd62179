import Manifests

/// `staticClients`
enum DexClients {
    static func read(
        _ dex: ForeignValue, _ issuer: String, _ oauth2: DexOAuth2, _ variables: (String) -> String?
    ) -> YAMLValue {
        .list((dex.take("staticClients")?.items ?? []).compactMap { client($0, issuer, oauth2, variables) })
    }

    private static func client(
        _ client: ForeignValue, _ issuer: String, _ oauth2: DexOAuth2, _ variables: (String) -> String?
    ) -> YAMLValue? {
        guard let id = id(client, variables) else { return nil }
        let isPublic = client.flag("public")
        let secret = isPublic ? nil : secret(client, id)
        if isPublic {
            for key in ["secret", "secretEnv"] { client.leave(key, "a public client has no secret") }
        }
        client.leave("logoURL", .note, "clients have no pictures here")
        let redirects = redirectURIs(client, issuer)
        let peers = client.texts("trustedPeers")
        let result = entries(
            ("id", .string(id)), ("name", client.text("name").map { .string($0) }), ("secret", secret),
            ("public", isPublic ? true : nil), ("redirectURIs", redirects.isEmpty ? nil : .strings(redirects)),
            ("trustedPeers", peers.isEmpty ? nil : .strings(peers)),
            ("grantTypes", oauth2.grantTypes.map { .strings($0) }), ("skipConsent", .boolean(oauth2.skipsConsent)))
        client.leaveRest()
        return result
    }

    /// Ids are names: where Dex takes one from the environment, its value of now is written down.
    private static func id(_ client: ForeignValue, _ variables: (String) -> String?) -> String? {
        if let id = client.text("id") { return id }
        guard let variable = client.text("idEnv") else {
            client.say(.lost, "the client has neither `id` nor `idEnv`")
            return nil
        }
        if let value = variables(variable), !value.isEmpty { return value }
        client.say(.todo, "put the value of \(variable) as the client's `id`: it is not set here; the name stands for it")
        return variable
    }

    private static func secret(_ client: ForeignValue, _ id: String) -> YAMLValue? {
        if let variable = client.text("secretEnv") { return entries(("env", .string(variable))) }
        if let secret = client.secret("secret", file: "client-\(id).secret") { return secret }
        client.say(.todo, "the client has no secret: give it one, or make it `public: true`")
        return client.report.file("secrets/client-\(ForeignText.fileName(id)).secret", []).asFile
    }

    /// Ours are absolute; a path alone, which Dex compares as it is, belongs to the issuer's host.
    private static func redirectURIs(_ client: ForeignValue, _ issuer: String) -> [String] {
        (client.take("redirectURIs")?.items ?? []).compactMap { item in
            guard let text = item.text else { return nil }
            if text == "urn:ietf:wg:oauth:2.0:oob" {
                item.say(.lost, "codes are not shown for copying here: programs use http://127.0.0.1 or the device flow")
                return nil
            }
            guard text.hasPrefix("/") else { return text }
            let scheme = issuer.prefix { $0 != ":" }
            let host = issuer.dropFirst(scheme.count + 3).prefix { $0 != "/" }
            item.say(.todo, "`\(text)` is not absolute: put the host of the application in front, if it is not \(host)")
            return "\(scheme)://\(host)\(text)"
        }
    }
}

extension YAMLValue {
    /// As a secret's place.
    var asFile: YAMLValue { entries(("file", self)) }
}
