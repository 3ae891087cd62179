/// Names that must not be given twice. Compared by bytes; e-mail addresses and user names without regard to ASCII case.
enum DistinctChecks {
    @Sendable static func signInProviders(_ configuration: Configuration, _ reading: Reading) {
        let ids = configuration.authService?.providers.map(\.id) ?? []
        report("provider id", ids, reading) { "authService.providers[\($0)].id" }
    }

    @Sendable static func bearerIssuers(_ configuration: Configuration, _ reading: Reading) {
        let issuers = configuration.authService?.bearer.map(\.issuer.text) ?? []
        report("issuer", issuers, reading) { "authService.bearer[\($0)].issuer" }
    }

    @Sendable static func clients(_ configuration: Configuration, _ reading: Reading) {
        report("client id", configuration.provider?.clients.map(\.id) ?? [], reading) { "provider.clients[\($0)].id" }
    }

    @Sendable static func assertionIssuers(_ configuration: Configuration, _ reading: Reading) {
        let issuers = configuration.provider?.assertionIssuers ?? []
        report("issuer id", issuers.map(\.id), reading) { "provider.assertionIssuers[\($0)].id" }
        report("issuer", issuers.map(\.issuer.text), reading) { "provider.assertionIssuers[\($0)].issuer" }
    }

    /// `local` is the users of the file.
    @Sendable static func connectors(_ configuration: Configuration, _ reading: Reading) {
        let ids = configuration.provider?.connectors.map(\.id) ?? []
        report("connector id", ids, reading) { "provider.connectors[\($0)].id" }
        for (index, id) in ids.enumerated() where id.utf8.elementsEqual("local".utf8) {
            reading.error("the connector id `local` is for `users`", "choose another", of: "provider.connectors[\(index)].id")
        }
    }

    @Sendable static func users(_ configuration: Configuration, _ reading: Reading) {
        let users = configuration.provider?.users ?? []
        report("e-mail address", users.map { $0.email.lowercased() }, reading) { "provider.users[\($0)].email" }
        let given = users.indices.filter { reading.isGiven("provider.users[\($0)].username") }
        report("user name", given.map { users[$0].username.lowercased() }, reading) { "provider.users[\(given[$0])].username" }
        let withID = users.indices.filter { reading.isGiven("provider.users[\($0)].userID") }
        report("user id", withID.map { users[$0].userID }, reading) { "provider.users[\(withID[$0])].userID" }
    }

    private static func report(_ what: String, _ names: [String], _ reading: Reading, _ way: (Int) -> String) {
        var seen: [[UInt8]: Int] = [:]
        for (index, name) in names.enumerated() where !name.isEmpty {
            if let first = seen[Array(name.utf8)] {
                let line = reading.position(of: way(first)).line
                reading.error(
                    "the \(what) \(quoted(name)) is there already, in line \(line)", "choose another or remove one",
                    of: way(index))
            } else {
                seen[Array(name.utf8)] = index
            }
        }
    }
}

enum TimeChecks {
    @Sendable static func session(_ configuration: Configuration, _ reading: Reading) {
        guard let session = configuration.authService?.session, session.idle > session.lifetime else { return }
        report("authService.session", reading)
    }

    @Sendable static func refresh(_ configuration: Configuration, _ reading: Reading) {
        guard let refresh = configuration.provider?.tokens.refresh, refresh.idle > refresh.lifetime else { return }
        report("provider.tokens.refresh", reading)
    }

    private static func report(_ section: String, _ reading: Reading) {
        let way = section + (reading.isGiven(section + ".idle") ? ".idle" : ".lifetime")
        reading.error("`idle` is longer than `lifetime`", "shorten `idle`, or lengthen `lifetime`", of: way)
    }
}
