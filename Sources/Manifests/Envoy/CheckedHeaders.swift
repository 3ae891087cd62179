extension EnvoyManifest {
    /// The headers that Gatehouse tells applications about the user with, the assertion among them; lower case.
    var headersOfIdentity: [String] {
        (identityHeaders + [assertion?.header].compactMap { $0 }).map { $0.lowercased() }
    }

    /// What an answer over HTTP may set for the application.
    var headersInAnswer: [String] { headersOfIdentity + ["cookie", "authorization"] }

    /// What a check over HTTP is told of a request, as an extension provider has it.
    var headersInCheck: [String] {
        ["authorization"] + Self.namesSentToCheck + ["sec-fetch-*", "x-forwarded-*"] + headersInRules
    }
}
