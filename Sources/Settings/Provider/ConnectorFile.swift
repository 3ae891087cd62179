package import JOSE
import Yams

/// A connector in a file of its own: what an entry of `provider.connectors` says, in YAML or JSON, for the administration's API.
package enum ConnectorFile {
    /// The entry as JSON. In the place of `{ file: … }` and `{ env: … }` stands the secret that they name here; other paths stay as they
    /// are written. Whether it makes sense the provider says.
    package static func read(path: String, sources: ConfigurationSources = .process) throws(ConfigurationErrors) -> JSONObject {
        let reading = Reading(file: path, sources: sources)
        guard let entry = json(try node(path, sources), reading).object else {
            throw Configuration.refused(
                file: path, nil, "a connector is a mapping", "write `id: …`, `type: …`, `name: …` and what goes with the type")
        }
        let errors = reading.problems.map(\.problem).filter { $0.severity == .error }
        guard errors.isEmpty else { throw ConfigurationErrors(errors: errors, warnings: []) }
        return entry
    }

    private static func node(_ path: String, _ sources: ConfigurationSources) throws(ConfigurationErrors) -> Node {
        let bytes: [UInt8]
        do throws(ConfigurationSources.Failure) { bytes = try sources.file(path, Document.maximumBytes).bytes } catch {
            throw Configuration.refused(file: path, nil, "the file cannot be read (\(error.reason))", "correct the path")
        }
        do throws(DocumentFault) { return try Document.parse(bytes) } catch {
            throw Configuration.refused(file: path, error.position, error.what, error.mend)
        }
    }

    private static func json(_ node: Node, _ reading: Reading) -> JSONValue {
        switch node {
        case .scalar(let scalar): value(scalar)
        case .sequence(let items): .array(items.map { json($0, reading) })
        case .mapping(let pairs):
            isSecret(pairs)
                ? .string(Shape<Secret>.secretPlace(.clientSecret).read(node, reading)?.text ?? "")
                : .object(JSONObject(pairs.map { ($0.key.scalar?.string ?? "", json($0.value, reading)) }))
        // None is in a document that was taken.
        case .alias: .null
        }
    }

    /// No option of a connector has these two names.
    private static func isSecret(_ pairs: Node.Mapping) -> Bool {
        pairs.count == 1 && ["file", "env"].contains(pairs.first?.key.scalar?.string)
    }

    private static func value(_ scalar: Node.Scalar) -> JSONValue {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        switch scalar.string {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "", "~", "null", "Null", "NULL": return .null
        default:
            // As long as nothing of how it is written is lost.
            let number = Int64(scalar.string).flatMap { "\($0)".utf8.elementsEqual(scalar.string.utf8) ? $0 : nil }
            return number.map { .integer($0) } ?? .string(scalar.string)
        }
    }
}
