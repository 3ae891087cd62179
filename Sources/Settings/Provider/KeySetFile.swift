package import JOSE
import Yams

/// A file with public keys (RFC 7517, section 5).
package enum KeySetFile {
    private static let maximumBytes = 256 * 1024

    /// - Returns: nil where there is no key in it that could be used.
    package static func keys(
        inFile path: String, sources: ConfigurationSources = .process
    ) throws(ConfigurationSources.Failure) -> JSONWebKeySet? {
        let bytes = try sources.file(path, maximumBytes).bytes
        guard let json = try? JSONReader.read(bytes), let keys = JSONWebKeySet(json: json) else { return nil }
        return keys.keys.isEmpty ? nil : keys
    }

    static let shape: Shape<JSONWebKeySet> = Shape<String>.file().then(read)

    /// The path of such a file, for keys that change while the process runs.
    static let path: Shape<String> = Shape<String>.file().then { path, node, reading -> String? in
        read(path, node, reading) == nil ? nil : path
    }

    private static func read(_ path: String, _ node: Node, _ reading: Reading) -> JSONWebKeySet? {
        let keys: JSONWebKeySet?
        do throws(ConfigurationSources.Failure) { keys = try Self.keys(inFile: path, sources: reading.sources) } catch {
            return reading.refuse(
                "the key set \(quoted(path)) cannot be read (\(error.reason))", "make it, or correct the path", node)
        }
        guard let keys else {
            return reading.refuse(
                "\(quoted(path)) holds no public key that could be used",
                "write `{\"keys\": [ … ]}` with keys of P-256, Ed25519, or RSA of 2048 bits or more", node)
        }
        return keys
    }
}

/// The SHA-256 of a secret, 32 bytes: `sha256:` and 64 hexadecimal digits, or where that is kept, `{file: path}` or `{env: NAME}`.
enum SecretHash {
    static let shape = Shape<[UInt8]>(
        schema: .object([("oneOf", .array([textSchema, place.schema]))]),
        read: { node, reading in
            guard case .mapping = node else {
                guard let text = reading.text(node) else { return nil }
                reading.mark(node, as: .secret(Secret(utf8: text)))
                return checked(text, node, reading)
            }
            return place.read(node, reading).flatMap { checked($0.text, node, reading) }
        },
        show: { _ in nil })

    private static let place = Shape<Secret>.secretPlace(.passwordHash)

    private static let textSchema = SchemaNode.object([
        ("type", .text("string")), ("pattern", .text("^sha256:[0-9a-f]{64}$")),
    ])

    private static func checked(_ text: String, _ node: Node, _ reading: Reading) -> [UInt8]? {
        let digits = text.hasPrefix("sha256:") ? Array(text.utf8.dropFirst("sha256:".count)) : []
        let values = digits.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 64, values.count == 64 else {
            return reading.refuse(
                "the secret's hash is not `sha256:` and 64 digits", "make it with `printf %s \"$SECRET\" | sha256sum`", node)
        }
        return stride(from: 0, to: 64, by: 2).map { UInt8(truncatingIfNeeded: values[$0] << 4 | values[$0 + 1]) }
    }
}
