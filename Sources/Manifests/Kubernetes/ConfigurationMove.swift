import JOSE
import Settings

/// Brings a configuration file into a cluster: secrets and files go to the Secret, and the text names them there.
struct ConfigurationMove {
    /// Where files are read; nil where the Secret is there already, and only its keys are to be known.
    let sources: ConfigurationSources?
    let variables: Set<String>
    private(set) var secrets: [(key: String, value: Secret)] = []
    var notes: [String] = []
    private(set) var usesClusterAccount = false
    private var keys: [String: String] = [:]

    /// - Parameter variables: the keys that environment variables have.
    init(sources: ConfigurationSources?, variables: Set<String>) {
        self.sources = sources
        self.variables = variables
    }

    mutating func value(_ tree: ConfigurationTree, at way: [String]) throws(KubernetesProblem) -> YAMLValue {
        switch tree {
        case .text(let text): return .string(text)
        case .plain(let text): return Self.plain(text)
        case .list(let items):
            var values: [YAMLValue] = []
            for (index, item) in items.enumerated() { values.append(try value(item, at: way + [String(index)])) }
            return .list(values)
        case .map(let pairs):
            var entries: [YAMLEntry] = []
            for (key, item) in pairs { entries.append(YAMLEntry(key, try value(item, at: way + [key]))) }
            return .map(entries)
        case .secret(let secret):
            let key = way.joined(separator: ".")
            secrets.append((key: key, value: secret))
            return ["file": .string(Self.path(key))]
        case .file(let path): return .string(try moved(path, at: way))
        case .folder(let path): return .string(try folder(path, at: way))
        }
    }

    /// What a reader takes for a number or a flag stays one.
    private static func plain(_ text: String) -> YAMLValue {
        if text == "true" || text == "false" { return .boolean(text == "true") }
        if let number = Int(text), String(number) == text { return .integer(number) }
        return .string(text)
    }

    private mutating func moved(_ path: String, at way: [String]) throws(KubernetesProblem) -> String {
        if way == ["storage", "sqlite", "path"] { return DeployedConfiguration.dataFolder + "/" + Self.lastStep(path) }
        if path.hasPrefix(DeployedConfiguration.accountFolder + "/") {
            usesClusterAccount = true
            return path
        }
        if let key = keys[path] { return Self.path(key) }
        let bytes = try sources.map { sources throws(KubernetesProblem) in try Self.bytes(path, sources) } ?? []
        let key = unusedKey(for: path)
        keys[path] = key
        secrets.append((key: key, value: Secret(bytes)))
        return Self.path(key)
    }

    private static func bytes(_ path: String, _ sources: ConfigurationSources) throws(KubernetesProblem) -> [UInt8] {
        let file: ConfigurationSources.File
        do throws(ConfigurationSources.Failure) { file = try sources.file(path, maximumBytes) } catch {
            throw KubernetesProblem("the file '\(path)' cannot be read (\(error.reason))", "make it, or correct the path")
        }
        guard file.bytes.count <= maximumBytes else {
            throw KubernetesProblem("the file '\(path)' is larger than 512 KiB", "put it into the image, or make it smaller")
        }
        return file.bytes
    }

    /// All of a Secret has to be smaller than 1 MiB.
    private static let maximumBytes = 512 * 1024

    private func folder(_ path: String, at way: [String]) throws(KubernetesProblem) -> String {
        guard path.hasPrefix("/") else {
            throw KubernetesProblem(
                "`\(way.joined(separator: "."))` is the folder '\(path)', which no object of a cluster can hold",
                "put it into an image of yours, and write its absolute path there")
        }
        return path
    }

    /// The file's name with the characters that a Secret's keys have, and no other's.
    private func unusedKey(for path: String) -> String {
        let name = String(decoding: Self.lastStep(path).utf8.map(Self.keyByte), as: UTF8.self)
        let taken = Set(secrets.map(\.key)).union(variables)
        var (key, number) = (name, 1)
        while taken.contains(key) {
            number += 1
            key = "\(number)-\(name)"
        }
        return key
    }

    private static func keyByte(_ byte: UInt8) -> UInt8 {
        let isTaken =
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (0x30...0x39).contains(byte)
            || "-_.".utf8.contains(byte)
        return isTaken ? byte : UInt8(ascii: "-")
    }

    private static func lastStep(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? "file"
    }

    private static func path(_ key: String) -> String { DeployedConfiguration.secretsFolder + "/" + key }
}
