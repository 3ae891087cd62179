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
