import JOSE

/// A file with public keys (RFC 7517, section 5).
enum KeySetFile {
    private static let maximumBytes = 256 * 1024

    static let shape: Shape<JSONWebKeySet> = Shape<String>.file().then { path, node, reading -> JSONWebKeySet? in
        let bytes: [UInt8]
        do throws(ConfigurationSources.Failure) { bytes = try reading.sources.file(path, maximumBytes).bytes } catch {
            return reading.refuse(
                "the key set \(quoted(path)) cannot be read (\(error.reason))", "make it, or correct the path", node)
        }
        guard let json = try? JSONReader.read(bytes), let keys = JSONWebKeySet(json: json), !keys.keys.isEmpty else {
            return reading.refuse(
                "\(quoted(path)) holds no public key that could be used",
                "write `{\"keys\": [ … ]}` with keys of P-256, Ed25519, or RSA of 2048 bits or more", node)
        }
        return keys
    }
}

extension Shape where Value == [UInt8] {
    /// `sha256:` and 64 hexadecimal digits: 32 bytes.
    static func secretHash() -> Shape {
        let schema = SchemaNode.object([
            ("type", .text("string")), ("pattern", .text("^sha256:[0-9a-f]{64}$")),
        ])
        return .scalar(schema, show: { _ in nil }) { text throws(Complaint) in
            let digits = text.hasPrefix("sha256:") ? Array(text.utf8.dropFirst("sha256:".count)) : []
            let values = digits.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
            guard digits.count == 64, values.count == 64 else {
                throw Complaint(
                    "the secret's hash is not `sha256:` and 64 digits", "make it with `printf %s \"$SECRET\" | sha256sum`")
            }
            return stride(from: 0, to: 64, by: 2).map { UInt8(truncatingIfNeeded: values[$0] << 4 | values[$0 + 1]) }
        }
    }
}
