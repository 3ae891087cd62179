import JOSE
import Yams

/// One reading of a file: gathers the problems, and remembers where every value stands so that later checks can say so.
///
/// Values are named by their way from the top: `authService.providers[0].clientID`.
final class Reading {
    let file: String
    /// In front of relative paths in the file: empty, or ends in `/`.
    let folder: String
    let sources: ConfigurationSources
    private(set) var problems: [(way: String, problem: ConfigurationProblem)] = []
    private var positions: [String: Position] = [:]
    private(set) var way = ""
    /// What `ConfigurationTree` has in place of a text, by where that stands.
    private(set) var marks: [Position: ConfigurationTree] = [:]
    /// The environment variables that secrets come from.
    private(set) var variables: [String: Secret] = [:]
    /// Whether this is something of the storage: its secrets stand in it, and it names files by absolute paths.
    let isStored: Bool
    /// The ways of secrets that stand in it.
    private(set) var secretWays: [String] = []

    init(file: String, sources: ConfigurationSources, isStored: Bool = false) {
        self.file = file
        self.sources = sources
        self.isStored = isStored
        self.folder = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[...$0]) } ?? ""
    }

    /// Reads one value below the current one. `step` is `.key` or `[index]`.
    func descend<Value>(_ step: String, _ node: Node, _ body: () -> Value) -> Value {
        let before = way
        way = way.isEmpty && step.hasPrefix(".") ? String(step.dropFirst()) : way + step
        positions[way] = node.position
        defer { way = before }
        return body()
    }

    /// Notes that a text is secret, or names a file.
    func mark(_ node: Node, as tree: ConfigurationTree) { marks[node.position] = tree }

    /// Notes that the value which is being read is a secret.
    func markSecret() { secretWays.append(way) }

    func mark(variable: String, _ value: Secret) { variables[variable] = value }

    /// Something is wrong with the value that is being read.
    func error(_ what: String, _ mend: String, at node: Node? = nil) {
        add(.error, way, node?.position ?? position(of: way), what, mend)
    }

    func warning(_ what: String, _ mend: String, at node: Node? = nil) {
        add(.warning, way, node?.position ?? position(of: way), what, mend)
    }

    /// Something is wrong with a value that was read before; found by the checks over the whole.
    func error(_ what: String, _ mend: String, of way: String) {
        add(.error, way, position(of: way), what, mend)
    }

    func warning(_ what: String, _ mend: String, of way: String) {
        add(.warning, way, position(of: way), what, mend)
    }

    /// Whether a value, or anything in it, was refused: then its stand-in must not be checked further.
    func isSound(_ way: String) -> Bool {
        !problems.contains { entry in
            entry.problem.severity == .error
                && (entry.way == way || entry.way.hasPrefix(way + ".") || entry.way.hasPrefix(way + "["))
        }
    }

    /// Whether the file has the value at all.
    func isGiven(_ way: String) -> Bool { positions[way] != nil }

    /// Where a value stands; the place of what holds it where it does not stand in the file.
    func position(of way: String) -> Position {
        var rest = way[...]
        while !rest.isEmpty {
            if let position = positions[String(rest)] { return position }
            rest = rest[..<(rest.lastIndex { $0 == "." || $0 == "[" } ?? rest.startIndex)]
        }
        return Position(line: 1, column: 1)
    }

    private func add(
        _ severity: ConfigurationProblem.Severity, _ way: String, _ position: Position, _ what: String, _ mend: String
    ) {
        let problem = ConfigurationProblem(severity: severity, file: file, position: position, what: what, mend: mend)
        problems.append((way, problem))
    }
}

extension Node {
    /// A mapping without keys.
    static var nothing: Node { .mapping(Mapping([])) }

    /// Where the node begins.
    var position: Position { mark.map { Position(line: $0.line, column: $0.column) } ?? Position(line: 1, column: 1) }

    /// Whether nothing is written: `null`, `~` or an empty value, not in quotes.
    var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// What the node is, in the words of messages.
    var kind: String {
        switch self {
        case .scalar: isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .alias: "an alias"
        }
    }
}
