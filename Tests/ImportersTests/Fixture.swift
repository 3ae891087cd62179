import Foundation
import Importers
import Manifests
import Settings
import TestSupport

enum Fixture {
    static let hash = "$2a$10$2b2cU8CPhOTaGrs1HRQuAueS7JTT5ZHsHSzYiFPm1leZck7Mc8T4W"

    /// A file of Tests/Fixtures/import.
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: folder.appendingPathComponent("Fixtures/import/\(name)")))
    }

    /// What was imported, as `config check` reads it; files that are not the import's hold a certificate or its key.
    static func load(_ result: Import, _ variables: [String: String]) throws -> Configuration {
        let files = Dictionary(uniqueKeysWithValues: result.files.map { ($0.path, $0.bytes) })
        let sources = ConfigurationSources(
            file: { (path, _) throws(ConfigurationSources.Failure) in
                let bytes = files[path] ?? Array((path.hasSuffix("key") ? TestPEM.key : TestPEM.certificate).utf8)
                return ConfigurationSources.File(bytes: bytes, mode: 0o600)
            }, variable: { variables[$0] })
        return try Configuration.read(
            Array(YAMLWriter.text(result.configuration).utf8), file: "gatehouse.yaml", sources: sources
        ).configuration
    }
}
