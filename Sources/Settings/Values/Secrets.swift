import JOSE
import Yams

/// What a secret is for: that says how short it may be, and who may read its file.
struct SecretKind: Sendable {
    var name: String
    /// Fewer bytes are an error.
    var least: Int
    /// Fewer bytes are a warning.
    var advised: Int
    /// Whether a file that others can read is an error; a warning otherwise.
    var isPrivate: Bool

    static let cookieKey = SecretKind(name: "cookie key", least: 32, advised: 32, isPrivate: true)
    static let keySecret = SecretKind(name: "key secret", least: 32, advised: 32, isPrivate: true)
    static let proxySecret = SecretKind(name: "proxy secret", least: 16, advised: 32, isPrivate: false)
    static let directoryPassword = SecretKind(name: "directory password", least: 1, advised: 1, isPrivate: false)
    static let databasePassword = SecretKind(name: "database's password", least: 1, advised: 1, isPrivate: false)
    static let adminToken = SecretKind(name: "admin token", least: 16, advised: 32, isPrivate: true)
    static let registrationToken = SecretKind(name: "registration token", least: 16, advised: 32, isPrivate: true)
    static let passwordHash = SecretKind(name: "password hash", least: 1, advised: 1, isPrivate: false)
    static let clientSecret = SecretKind(name: "client secret", least: 1, advised: 16, isPrivate: false)
}

private enum SecretSection {
    static let file = Key.optional("file", .file(), "The file that holds the secret; a line break at its end does not count.")
    static let variable = Key.optional("env", .text(), "The environment variable that holds the secret.")

    static let section = Section("secret", [file.listed, variable.listed]) { fields in
        (fields(file), fields(variable))
    }
}

extension Shape where Value == Secret {
    /// `{file: path}`, `{env: NAME}`, or the secret itself with a warning.
    static func secret(_ kind: SecretKind) -> Shape {
        let place = secretPlace(kind)
        let schema = SchemaNode.object([("oneOf", .array([.object([("type", .text("string"))]), place.schema]))])
        return Shape(schema: schema, read: place.read, show: { _ in nil })
    }

    /// `{file: path}` or `{env: NAME}`.
    static func secretPlace(_ kind: SecretKind) -> Shape {
        Shape(
            schema: SecretSection.section.shape.schema, read: { node, reading in reading.secret(node, kind) }, show: { _ in nil })
    }
}

extension Reading {
    private static let maximumBytes = 65536

    fileprivate func secret(_ node: Node, _ kind: SecretKind) -> Secret? {
        guard let bytes = secretBytes(node, kind) else { return nil }
        guard bytes.count >= kind.least else {
            return refuse(
                "the \(kind.name) has \(bytes.count) bytes", "make it at least \(kind.least), such as by `openssl rand -hex 32`",
                node)
        }
        if bytes.count < kind.advised {
            warning("the \(kind.name) has only \(bytes.count) bytes", "make it at least \(kind.advised)", at: node)
        }
        return Secret(bytes)
    }

    private func secretBytes(_ node: Node, _ kind: SecretKind) -> [UInt8]? {
        switch node {
        case .mapping where isStored:
            return refuse("the secrets of what is in the storage stand in it", "write the secret itself", node)
        case .mapping:
            guard let (file, variable) = SecretSection.section.shape.read(node, self) else { return nil }
            switch (file, variable) {
            case (let file?, nil): return fileBytes(file, kind, node)
            case (nil, let variable?): return variableBytes(variable, node)
            case (nil, nil), (_?, _?):
                return isSound(way) ? refuse("a secret has either `file` or `env`", "write one of them", node) : nil
            }
        case .scalar where !node.isNull:
            if !isStored {
                warning("a secret stands in the configuration itself", "write `{ file: … }` or `{ env: … }`", at: node)
            }
            guard let text = text(node) else { return nil }
            markSecret()
            mark(node, as: .secret(Secret(utf8: text)))
            return Array(text.utf8)
        case .scalar, .sequence, .alias:
            let mend = isStored ? "write the secret itself" : "write `{ file: … }` or `{ env: … }`"
            return refuse("a secret belongs here, not \(node.kind)", mend, node)
        }
    }

    private func fileBytes(_ path: String, _ kind: SecretKind, _ node: Node) -> [UInt8]? {
        let file: ConfigurationSources.File
        do {
            file = try sources.file(path, Self.maximumBytes)
        } catch {
            return refuse(
                "the secret's file \(quoted(path)) cannot be read (\(error.reason))", "make it, or correct the path", node)
        }
        if file.mode & 0o077 != 0 {
            let what = "the \(kind.name)'s file \(quoted(path)) can be read by others"
            if kind.isPrivate { return refuse(what, "run `chmod 600` on it", node) }
            warning(what, "run `chmod 600` on it", at: node)
        }
        guard file.bytes.count <= Self.maximumBytes else {
            return refuse("the secret's file \(quoted(path)) is larger than 64 KiB", "correct the path", node)
        }
        return withoutLineBreak(file.bytes)
    }

    private func variableBytes(_ name: String, _ node: Node) -> [UInt8]? {
        guard let value = sources.variable(name), !value.isEmpty else {
            return refuse("the environment variable \(quoted(name)) is not set", "set it before the start", node)
        }
        mark(variable: name, Secret(utf8: value))
        return Array(value.utf8)
    }

    /// An editor's line break behind a text does not belong to it; bytes that are no text are kept as they are.
    private func withoutLineBreak(_ bytes: [UInt8]) -> [UInt8] {
        var text = bytes[...]
        if text.last == UInt8(ascii: "\n") { text = text.dropLast() }
        if text.last == UInt8(ascii: "\r") { text = text.dropLast() }
        return text.allSatisfy { (0x20...0x7e).contains($0) } ? Array(text) : bytes
    }
}
