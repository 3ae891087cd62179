/// `provider.keys`
enum KeyScheduleSection {
    static let rotateAfter = Key.defaulted(
        "rotateAfter", .duration(atLeast: 3600, atMost: 5 * 366 * 86400), 30 * 86400, "For so long a signing key signs.")
    /// Others may keep our keys for 20 minutes, and we look after them every half a minute.
    static let publishAhead = Key.defaulted(
        "publishAhead", .duration(atLeast: 1800, atMost: 30 * 86400), 2 * 3600, "So long before it signs a key is published.")

    static let section = Section("keys", [rotateAfter.listed, publishAhead.listed]) { fields in
        let settings = KeyScheduleSettings(rotateAfter: fields(rotateAfter), publishAhead: fields(publishAhead))
        if settings.publishAhead > settings.rotateAfter, fields.reading.isSound(fields.reading.way) {
            fields.reading.error(
                "`publishAhead` is longer than `rotateAfter`", "shorten it, or lengthen `rotateAfter`",
                at: fields.given(publishAhead.name) ?? fields.node)
        }
        return settings
    }
}

/// `provider.assertionIssuers[]`
enum AssertionIssuerSection {
    static let id = Key.required("id", .id(), standIn: "", "A short name, unique, that never changes: subjects are made of it.")
    static let issuer = Key.required(
        "issuer", .issuer(), standIn: ConfiguredURL(text: "", scheme: "https", host: "", path: ""), "What `iss` must be.")
    static let jwksFile = Key.optional("jwksFile", KeySetFile.shape, "A file with its public keys.")
    static let jwksURI = Key.optional("jwksURI", .endpoint(), "Where it publishes them.")

    static let section = Section("assertion issuer", [id.listed, issuer.listed, jwksFile.listed, jwksURI.listed]) { fields in
        let keys = fields(jwksFile).map { KeySetSource.set($0) } ?? fields(jwksURI).map { .uri($0) }
        let count = [jwksFile.name, jwksURI.name].count { fields.given($0) != nil }
        if count != 1 {
            fields.reading.error("the issuer has either `jwksFile` or `jwksURI`", "write one of them", at: fields.node)
        }
        return keys.map { AssertionIssuerSettings(id: fields(id), issuer: fields(issuer), keys: $0) }
    }

    /// Those that were refused are left out.
    static let list = Shape<[AssertionIssuerSettings?]>.list(of: section.shape).then { list, _, _ in list.compactMap { $0 } }
}
