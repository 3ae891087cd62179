import Manifests
import Settings

/// `connectors`: options have the same names and meaning on both sides, so that the table of ours says what is carried over.
enum DexConnectors {
    static func read(_ dex: ForeignValue) -> YAMLValue {
        .list((dex.take("connectors")?.items ?? []).compactMap(connector))
    }

    /// Dex's types that ours has not, and what to use in their place.
    private static let missing = [
        "saml": "SAML is not offered", "mockCallback": "it signs in everybody: for tests only",
        "mockPassword": "it is for tests only: use `users`", "keystone": "OpenStack Keystone is not offered",
        "atlassian-crowd": "Crowd is not offered: use its directory by `ldap`",
        "linkedin": "use `type: oidc` with LinkedIn's issuer https://www.linkedin.com/oauth",
        "bitbucket-cloud": "use `type: oauth` with Bitbucket's endpoints", "gitea": "use `type: oidc` with Gitea's own issuer",
        "openshift": "use `type: oauth` with the cluster's endpoints",
    ]

    private static func connector(_ connector: ForeignValue) -> YAMLValue? {
        guard let type = connector.text("type"), let id = connector.text("id") else {
            connector.say(.lost, "the connector has no `type` or no `id`")
            return nil
        }
        guard let options = KnownOption.connector(type) else {
            connector.say(.lost, "the connector `\(id)` of the type `\(type)`: \(missing[type] ?? "there is no such type here")")
            return nil
        }
        let config = connector.take("config") ?? .nothing(connector.place + ".config", connector.report)
        let name = connector.text("name") ?? id
        let copied = DexOptions(id: id).copy(config, options)
        connector.leaveRest()
        return entries(
            ("id", .string(id)), ("type", .string(type)), ("name", .string(name)), (type, completed(copied, type, config)))
    }

    /// What ours asks for beyond Dex.
    private static func completed(_ copied: YAMLValue, _ type: String, _ config: ForeignValue) -> YAMLValue {
        guard type == "authproxy" else { return copied }
        config.say(.todo, "say in `trustedProxies` from which addresses the proxy connects: anybody else could name any user")
        return copied.adding(entries(("trustedProxies", ["127.0.0.1/32"])))
    }
}

/// Copies the options of one connector.
struct DexOptions {
    let id: String

    func copy(_ foreign: ForeignValue, _ known: KnownOption) -> YAMLValue {
        switch known {
        case .section(let options): section(foreign, options)
        case .list(let option): .list(foreign.items.map { copy($0, option) })
        case .secret, .value: plain(foreign)
        }
    }

    private func section(_ foreign: ForeignValue, _ options: [String: KnownOption]) -> YAMLValue {
        var result: [YAMLEntry] = []
        for key in foreign.keys {
            guard let name = [key, Self.renamed[key]].compactMap({ $0 }).first(where: { options[$0] != nil }),
                let option = options[name], let value = foreign.take(key)
            else { continue }
            if key == "rootCAData" {
                result.append(YAMLEntry(name, certificate(value)))
            } else if case .secret = option {
                foreign.secret(key, file: "\(id)-\(key)").map { result.append(YAMLEntry(name, $0)) }
            } else {
                result.append(YAMLEntry(name, copy(value, option)))
            }
        }
        foreign.leaveRest()
        return .map(result)
    }

    private static let renamed = ["rootCAData": "rootCA"]

    /// Base64 of PEM, which gets a file of its own.
    private func certificate(_ value: ForeignValue) -> YAMLValue {
        let bytes = value.text.flatMap(Base64Text.decode) ?? []
        if bytes.isEmpty { value.say(.todo, "put the certificate into the file: what stood here is not base64") }
        return value.report.file("certificates/\(ForeignText.fileName(id))-ca.pem", bytes)
    }

    private func plain(_ foreign: ForeignValue) -> YAMLValue {
        if let text = foreign.scalar, text.contains("$") || text.contains("{{"), ForeignText.variable(text) != nil {
            foreign.say(.todo, "put the value of the variable in place of `\(text)`: only secrets are read from the environment")
        }
        return foreign.copied
    }
}
