import Yams

/// A mapping of claims to a value, or to a list of values of which one is enough.
enum RequiredClaimsShape {
    private static let text = Shape<String>.text()
    private static let texts = Shape<[String]>.list(of: text)

    static let shape = Shape<[BearerSettings.RequiredClaim]>(
        schema: .object([
            ("type", .text("object")),
            ("additionalProperties", .object([("oneOf", .array([text.schema, texts.schema]))])),
        ]),
        read: { node, reading in
            guard case .mapping(let mapping) = node else {
                return reading.refuse("a mapping belongs here, not \(node.kind)", "write `{ tenant: acme }`", node)
            }
            return mapping.compactMap { key, value in claim(key, value, reading) }
        },
        show: { _ in .object([]) })

    private static func claim(_ key: Node, _ value: Node, _ reading: Reading) -> BearerSettings.RequiredClaim? {
        guard let path = text.read(key, reading) else { return nil }
        return reading.descend(".\(path)", value) {
            let values: [String]?
            if case .sequence = value {
                values = texts.read(value, reading)
            } else {
                values = text.read(value, reading).map { [$0] }
            }
            guard let values else { return nil }
            guard !values.isEmpty else { return reading.refuse("no value is named", "name one", value) }
            return BearerSettings.RequiredClaim(path: path, values: values)
        }
    }
}

/// A file with PEM certificates, read when the configuration is.
enum CertificateFile {
    private static let maximumBytes = 1 << 20

    static let shape = Shape<String>.file().then { path, node, reading -> [UInt8]? in
        let bytes: [UInt8]
        do throws(ConfigurationSources.Failure) { bytes = try reading.sources.file(path, maximumBytes).bytes } catch {
            return reading.refuse("the file \(quoted(path)) cannot be read (\(error.reason))", "correct the path", node)
        }
        let marker = Array("-----BEGIN CERTIFICATE-----".utf8)
        guard bytes.count <= maximumBytes, bytes.firstRange(of: marker) != nil else {
            return reading.refuse("the file \(quoted(path)) holds no PEM certificate", "correct the path", node)
        }
        return bytes
    }
}
