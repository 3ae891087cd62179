import Settings

/// The configuration's folder on this machine and in a container: what the configuration names keeps its place in it.
struct ComposeFolder: Sendable {
    static let target = "/etc/gatehouse"
    /// As the configuration's path begins: empty, or ends in a slash.
    private let prefix: String

    init(of configuration: String) {
        prefix = configuration.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(configuration[...$0]) } ?? ""
    }

    /// A file or folder that is mounted.
    struct Mount: Sendable {
        /// From the compose file's folder, or absolute.
        var source: String
        var target: String
        /// Its name in the compose file.
        var name: String
    }

    /// - Parameter path: as a loaded configuration has it.
    /// - Throws: `notWithThisGateway` for a path out of the folder, which has no place in a container.
    func mount(_ path: String) throws(EnvoyManifestProblem) -> Mount {
        let isInside = path.utf8.starts(with: prefix.utf8) && !(prefix.isEmpty && path.hasPrefix("/"))
        let relative = isInside ? String(path.dropFirst(prefix.count)) : path
        guard isInside || path.hasPrefix("/"), !relative.split(separator: "/").contains("..") else {
            throw .notWithThisGateway(
                what: "\(path) is outside of the configuration's folder",
                mend: "move it into that folder, or name it by its absolute path")
        }
        return Mount(
            source: composed(isInside ? "./" + relative : path), target: composed(isInside ? Self.target + "/" + relative : path),
            name: Self.name(relative))
    }

    /// Each once, under names of their own.
    func mounts(_ paths: [String]) throws(EnvoyManifestProblem) -> [Mount] {
        var mounts: [Mount] = []
        for path in paths {
            var mount = try mount(path)
            if mounts.contains(where: { $0.target.utf8.elementsEqual(mount.target.utf8) }) { continue }
            while mounts.contains(where: { $0.name == mount.name }) { mount.name += "-" }
            mounts.append(mount)
        }
        return mounts
    }

    /// The folder of SQLite's file, which makes more beside it.
    /// - Throws: `notWithThisGateway` where that is the configuration's own.
    func parent(_ path: String) throws(EnvoyManifestProblem) -> Mount {
        let file = try mount(path)
        let mount = Mount(source: Self.parent(file.source), target: Self.parent(file.target), name: "data")
        guard !["", Self.target].contains(mount.target) else {
            throw .notWithThisGateway(
                what: "the database is in the configuration's folder, which a container only reads",
                mend: "give it a folder of its own: `storage: { sqlite: { path: data/gatehouse.db } }`")
        }
        return mount
    }

    private static func parent(_ path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    private static func name(_ path: String) -> String {
        let bytes = path.utf8.map { isNameByte($0) ? $0 : UInt8(ascii: "-") }
        return String(decoding: bytes.drop { $0 == UInt8(ascii: "-") }, as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// A text that compose takes as it is: it would read `$` as the beginning of a variable.
func composed(_ text: String) -> String {
    text.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$")
}

extension ConfigurationTree {
    /// The files to read, each with the way to where it stands: storage, postgres, password, file.
    func files(at way: [String] = []) -> [(way: [String], path: String)] {
        switch self {
        // SQLite's is the store's own.
        case .file(let path): way == ["storage", "sqlite", "path"] ? [] : [(way: way, path: path)]
        case .map(let pairs): pairs.flatMap { $0.value.files(at: way + [$0.key]) }
        case .list(let items): items.enumerated().flatMap { $0.element.files(at: way + [String($0.offset)]) }
        case .text, .plain, .secret, .folder: []
        }
    }
}
