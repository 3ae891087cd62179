/// Under every rule each header has one meaning.
enum RuleHeaderChecks {
    @Sendable static func distinct(_ configuration: Configuration, _ reading: Reading) {
        guard let service = configuration.authService else { return }
        for (index, rule) in service.rules.enumerated() {
            let way = "authService.rules[\(index)]"
            for header in rule.headers {
                guard let other = service.identity.otherUse(of: header.name) else { continue }
                reading.error(
                    "`\(header.name)` is \(other) header, and an identity header here", "choose another name",
                    of: way + ".headers")
            }
            if let exchange = rule.tokenExchange { check(exchange, rule, service, way, reading) }
        }
    }

    private static func check(
        _ exchange: TokenExchangeSettings, _ rule: AccessRule, _ service: AuthServiceSettings, _ way: String, _ reading: Reading
    ) {
        let told = service.identity.headers.map(\.name).filter { name in !rule.headers.contains { $0.name == name } }
        let own = rule.headers.filter { $0.template != nil }.map(\.name)
        if (told + own + [service.identity.assertion?.header].compactMap { $0 }).contains(exchange.header) {
            reading.error(
                "`\(exchange.header)` is another header of this rule, too", "give the token a header of its own",
                of: way + ".tokenExchange")
        }
        if service.session.store == .cookie {
            reading.error(
                "`session.store: cookie` keeps no access token that could be exchanged", "write `store: server`",
                of: way + ".tokenExchange")
        }
    }
}

extension IdentitySettings {
    /// Whose header this is already, beside a claim's.
    fileprivate func otherUse(of name: String) -> String? {
        if assertion?.header == name { return "the assertion's" }
        return accessTokenHeader == name ? "the access token's" : nil
    }
}
