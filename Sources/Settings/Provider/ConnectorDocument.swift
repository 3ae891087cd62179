package import JOSE
import Yams

/// A connector of the storage: what an entry of `provider.connectors` says, as JSON and without the id. Its secrets stand in it.
package struct ConnectorDocument: Sendable {
    package let settings: ConnectorSettings
    /// What it says but for its secrets.
    package let withoutSecrets: JSONObject
    /// What deserves a look, in words for administrators.
    package let warnings: [String]
    private let members: JSONObject
    private let secrets: [String]

    /// What can be said of one beside its id.
    package static let names = ConnectorSection.section.keys.map(\.name).filter { $0 != ConnectorSection.id.name }

    /// What is wrong with it, in words for administrators.
    package struct Refusal: Error, Sendable {
        /// At least one.
        package let problems: [String]
    }

    /// - Parameter provider: where it shall belong to.
    package init(
        _ members: JSONObject, id: String, of provider: ProviderSettings, sources: ConfigurationSources = .process
    ) throws(Refusal) {
        let reading = Reading(file: "", sources: sources, isStored: true)
        guard let node = Self.node(members, id: id) else { throw Refusal(problems: ["there is a control character in it"]) }
        let settings = ConnectorSection.section.shape.read(node, reading) ?? nil
        if let settings { Self.check(settings, provider, reading) }
        guard let settings, reading.told(.error).isEmpty else { throw Refusal(problems: reading.told(.error)) }
        self.settings = settings
        warnings = reading.told(.warning)
        self.members = members
        secrets = reading.secretWays
        withoutSecrets = reading.secretWays.reduce(members) { $0.without($1.split(separator: ".").map(String.init)) }
    }

    private static func check(_ connector: ConnectorSettings, _ provider: ProviderSettings, _ reading: Reading) {
        let taken = ["local"] + provider.connectors.map(\.id) + provider.assertionIssuers.map(\.id)
        if taken.contains(where: { $0.utf8.elementsEqual(connector.id.utf8) }) {
            reading.error("the configuration has something with the id \(quoted(connector.id))", "choose another", of: "id")
        }
        if [".", ".."].contains(connector.id) { reading.error("no URL can have the id in its path", "choose another", of: "id") }
        let way = "\(connector.kind.name).redirectURI"
        ConnectorChecks.redirectURI(of: connector, provider.issuer, reading, way: way)
    }

    private static func node(_ members: JSONObject, id: String) -> Node? {
        var entry = members
        entry["id"] = .string(id)
        return Node(json: .object(entry))
    }
}

extension ConnectorDocument {
    /// What people are known by: with another value, somebody's subject would be somebody else's.
    private static let lasting = [
        "issuer", "issuerAlias", "userIDKey", "authorizationURL", "tokenURL", "userInfoURL", "hostName", "baseURL", "apiURL",
        "graphURL",
        "tenant", "useLoginAsID", "userIDHeader", "userSearch.idAttr",
    ]
    /// Where secrets go, and who can read them on the way.
    private static let destinations = [
        "host", "hosts", "insecureNoSSL", "startTLS", "insecureSkipVerify", "rootCA", "rootCAs", "clientCert", "clientKey",
        "proxy",
        "providerDiscoveryOverrides",
    ]

    /// Refuses a change that would make others of its users, or that would send secrets elsewhere which whoever changes it may not know.
    /// - Parameters:
    ///   - before: what was said of it; `nil` where that is lost.
    ///   - patch: what was merged into that.
    package func check(asChangeOf before: JSONObject?, by patch: JSONObject) throws(Refusal) {
        guard let before else { return }
        let kind = settings.kind.name
        func isChanged(_ option: String) -> Bool {
            let way = [kind] + option.split(separator: ".").map(String.init)
            return members.value(at: way) != before.value(at: way)
        }
        if let option = Self.lasting.first(where: isChanged) {
            throw Refusal(
                problems: ["`\(kind).\(option)` never changes, because people are known by it; make another connector"])
        }
        guard let option = Self.destinations.first(where: isChanged) else { return }
        let missing = secrets.filter { patch.value(at: $0.split(separator: ".").map(String.init)) == nil }
        guard missing.isEmpty else {
            throw Refusal(
                problems: [
                    "`\(kind).\(option)` says where secrets go; give \(missing.map { "`\($0)`" }.joined(separator: ", ")) with it"
                ])
        }
    }
}

extension Reading {
    fileprivate func told(_ severity: ConfigurationProblem.Severity) -> [String] {
        problems.filter { $0.problem.severity == severity }.map { way, problem in
            (way.isEmpty ? "" : "`\(way)`: ") + "\(problem.what); \(problem.mend)"
        }
    }
}

extension Node {
    /// `nil` for a text with a control character, which no configuration has.
    fileprivate init?(json: JSONValue) {
        switch json {
        case .null: self.init("null", Tag(.null), .plain)
        case .bool(let value): self.init("\(value)", Tag(.bool), .plain)
        case .integer(let value): self.init("\(value)", Tag(.int), .plain)
        case .number(let value): self.init("\(value)", Tag(.float), .plain)
        case .string(let text):
            guard Self.isReadable(text) else { return nil }
            self.init(text, Tag(.str), .doubleQuoted)
        case .array(let values):
            let nodes = values.compactMap { Node(json: $0) }
            guard nodes.count == values.count else { return nil }
            self.init(nodes)
        case .object(let members):
            let pairs = members.members.compactMap { member in
                Self.isReadable(member.name) ? Node(json: member.value).map { (Node(member.name), $0) } : nil
            }
            guard pairs.count == members.members.count else { return nil }
            self.init(pairs)
        }
    }

    private static func isReadable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
    }
}

extension JSONObject {
    fileprivate func value(at way: [String]) -> JSONValue? {
        way.dropLast().reduce(JSONObject?.some(self)) { $0?[$1]?.object }.flatMap { object in way.last.flatMap { object[$0] } }
    }

    /// Without what stands at the end of a way of names.
    fileprivate func without(_ way: [String]) -> JSONObject {
        guard let first = way.first else { return self }
        var rest = self
        if way.count == 1 {
            rest[first] = nil
        } else if let inner = self[first]?.object {
            rest[first] = .object(inner.without(Array(way.dropFirst())))
        }
        return rest
    }
}
