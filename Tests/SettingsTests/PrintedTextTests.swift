import Foundation
import Settings
import Testing

/// The texts that the program prints: example, demo, schema.
@Suite struct PrintedTextTests {
    private static func passing(_ yaml: String) throws -> LoadedConfiguration { try Fixture.read(yaml) }

    @Test func theExamplePassesWithoutWarnings() throws {
        #expect(try Self.passing(Example.yaml).warnings == [])
    }

    @Test func theExampleIsTheFileAtTheTop() throws {
        let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = try String(contentsOf: top.appending(path: "gatehouse.example.yaml"), encoding: .utf8)
        #expect(file == Example.yaml)
    }

    @Test func theExampleForKubeflowPassesWithoutWarnings() throws {
        let loaded = try Self.passing(Example.kubeflow)
        #expect(loaded.warnings == [])
        #expect(loaded.configuration.provider?.users.map(\.email) == ["user@example.com"])
        #expect(loaded.configuration.authService?.bearer.first?.email == "sub")
    }

    @Test func theDemoPasses() throws {
        let sources = ConfigurationSources(
            file: { (path, _) throws(ConfigurationSources.Failure) in
                guard Demo.keyFiles.contains(path) else { throw ConfigurationSources.Failure(reason: "not a file of the demo") }
                return ConfigurationSources.File(bytes: Array((path + String(repeating: "0", count: 64)).utf8), mode: 0o600)
            }, variable: { _ in nil })
        let loaded = try Demo.load(sources: sources)
        #expect(loaded.warnings.map(\.what) == [])
        #expect(loaded.configuration.storage.path == ".gatehouse/demo/gatehouse.db")
        #expect(loaded.configuration.provider?.users.map(\.groups) == [["admins", "team-a"], ["team-b"]])
    }

    private static func schema() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(ConfigurationSchema.json.utf8))
        return try #require(object as? [String: Any])
    }

    @Test func theSchemaSaysWhichDraft() throws {
        #expect(try Self.schema()["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    }

    @Test func theSchemaKnowsTheKeysAndNoOthers() throws {
        let schema = try Self.schema()
        let properties = try #require(schema["properties"] as? [String: Any])
        #expect(Set(properties.keys) == ["listen", "storage", "authService", "provider", "log", "pages"])
        #expect(schema["additionalProperties"] as? Bool == false)
    }

    @Test func theSchemaHasTheDefaults() throws {
        let properties = try #require(try Self.schema()["properties"] as? [String: [String: Any]])
        let service = try #require(properties["authService"]?["properties"] as? [String: [String: Any]])
        let session = try #require(service["session"]?["properties"] as? [String: [String: Any]])
        #expect(session["idle"]?["default"] as? String == "12h")
        #expect(service["path"]?["default"] as? String == "/_gatehouse")
        #expect(service["secrets"]?["description"] as? String != nil)
    }

    @Test func theExampleNamesEveryKeyOfTheSchema() throws {
        for key in Self.keys(of: try Self.schema()) { #expect(Example.yaml.contains("\(key):"), "\(key)") }
    }

    /// All keys of all sections in a schema.
    private static func keys(of schema: Any) -> Set<String> {
        if let list = schema as? [Any] { return list.reduce(into: []) { $0.formUnion(keys(of: $1)) } }
        guard let object = schema as? [String: Any] else { return [] }
        let own = (object["properties"] as? [String: Any]).map { Set($0.keys) } ?? []
        return object.values.reduce(into: own) { $0.formUnion(keys(of: $1)) }
    }
}
