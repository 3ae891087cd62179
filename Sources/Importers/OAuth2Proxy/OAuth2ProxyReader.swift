import Yams

/// Gathers the options from all files that were given: those of the command line count before those of the environment, and these
/// before those of a file.
struct OAuth2ProxyReader {
    private enum Rank: Int {
        case flag, variable, file
    }

    private let report: ImportReport
    private var values: [(rank: Rank, name: String, value: ForeignValue)] = []
    private(set) var alpha: AlphaConfiguration?
    /// The names of the files that the command line names, and of those that are there.
    private var named: [String] = []
    private var found: Set<String> = []

    init(_ files: [ForeignFile], format: OAuth2ProxyFormat?, _ report: ImportReport) throws(ImportProblem) {
        self.report = report
        for file in files {
            let text = try file.text()
            found.insert(Self.lastName(file.name))
            do throws(ImportProblem) {
                try read(
                    text, format ?? OAuth2ProxyFormat(of: text), ForeignSource(file: file.name, hasVariables: false))
            } catch {
                throw ImportProblem(text: "\(file.name): \(error.text)")
            }
        }
    }

    /// All of them as one mapping, by the names of the configuration file.
    func options() -> ForeignValue {
        let isThere = { (value: ForeignValue) in found.contains(Self.lastName(value.text ?? "")) }
        let values = values.filter { !(["config", "alpha_config"].contains($0.name) && isThere($0.value)) }
        let names = Dictionary(grouping: values) { $0.name }.compactMapValues(Self.counting)
        let sorted = values.enumerated().sorted { ($0.element.rank.rawValue, $0.offset) < ($1.element.rank.rawValue, $1.offset) }
        let all = sorted.map { ($0.element.name, $0.element.value) }
        let further = alpha?.options ?? []
        sayOverridden(all + further, names)
        let counting = all.filter { name, value in names[name] === value && !Self.isNothing(value) }
        return ForeignValue(gathered: counting + further.filter { names[$0.0] == nil }, report)
    }

    /// Of those of one rank the last. An empty variable is as good as none, but an empty flag is one.
    private static func counting(_ values: [(rank: Rank, name: String, value: ForeignValue)]) -> ForeignValue? {
        for rank in [Rank.flag, .variable, .file] {
            guard let last = values.last(where: { $0.rank == rank })?.value else { continue }
            if rank == .flag || !isNothing(last) { return last }
        }
        return nil
    }

    private static func isNothing(_ value: ForeignValue) -> Bool { value.scalar == "" }

    private func sayOverridden(_ values: [(String, ForeignValue)], _ counting: [String: ForeignValue]) {
        for (name, value) in values where !Self.isNothing(value) {
            guard let other = counting[name], other !== value else { continue }
            value.say(.note, "`\(other.place)` says it, too, and counts")
        }
    }

    private mutating func read(_ text: String, _ format: OAuth2ProxyFormat, _ source: ForeignSource) throws(ImportProblem) {
        switch format {
        case .config: try readConfig(text, source)
        case .flags: try readFlags(try Self.words(text), source)
        case .environment:
            for item in try Assignments.read(text) { readVariable(item.name, item.value, item.line, source) }
        case .alpha:
            let documents = try ForeignDocument.parse(text)
            guard documents.count == 1, let root = documents.first, root.mapping != nil else {
                throw ImportProblem(text: "the alpha configuration is not one YAML mapping")
            }
            var source = source
            source.hasVariables = true
            alpha = AlphaConfiguration(ForeignValue(root, "", report, source), report)
        case .kubernetes: try readObjects(try ForeignDocument.parse(text), source)
        }
    }

    private mutating func readConfig(_ text: String, _ source: ForeignSource) throws(ImportProblem) {
        for entry in try OptionFile(text).entries {
            let option = OAuth2ProxyOptions.named(entry.key)
            let node = entry.value.scalar.map { Self.node($0.string, option) } ?? entry.value
            add(.file, option?.name ?? entry.key, node, entry.key, entry.line + source.linesBefore, source)
        }
    }

    /// A text where a list belongs is one with commas in between; booleans have several spellings.
    private static func node(_ text: String, _ option: ForeignOption?) -> Node {
        switch option?.kind {
        case .list: list(text)
        case .flag: Node(ForeignText.boolean(text), .implicit, .plain)
        case .text, nil: Node(text, .implicit, .doubleQuoted)
        }
    }

    private static func list(_ text: String) -> Node {
        Node(text.split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }.map { Node($0, .implicit, .doubleQuoted) })
    }

    private mutating func add(
        _ rank: Rank, _ name: String, _ node: Node, _ place: String, _ line: Int?, _ source: ForeignSource
    ) {
        values.append((rank, name, ForeignValue(node, place, report, source, line: line)))
    }

    // The command line.

    /// The words of a command line or of a YAML list of them.
    private static func words(_ text: String) throws(ImportProblem) -> [CommandWords.Word] {
        if let documents = try? ForeignDocument.parse(text), documents.count == 1, let list = documents.first?.sequence {
            return list.compactMap { item in item.scalar.map { CommandWords.Word(text: $0.string, line: item.mark?.line ?? 1) } }
        }
        return try CommandWords.split(text)
    }

    private mutating func readFlags(_ words: [CommandWords.Word], _ source: ForeignSource) throws(ImportProblem) {
        var lists: [String: (items: [Node], first: CommandWords.Word)] = [:]
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.text.hasPrefix("-"), word.text.count > 1 else { continue }
            let parts = word.text.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let (flag, given) = (String(parts.first ?? ""), parts.count == 2 ? String(parts[1]) : nil)
            let option = OAuth2ProxyOptions.named(flag)
            let text = given ?? Self.following(option, &rest)
            if option?.kind == .list, let name = option?.name {
                let items = Array(Self.list(text).sequence ?? Node.Sequence([]))
                lists[name, default: ([], word)].items += items
            } else {
                if ["config", "alpha_config"].contains(option?.name ?? "") { named.append(text) }
                add(.flag, option?.name ?? flag, Self.node(text, option), "--" + flag, word.line, source)
            }
        }
        for (name, list) in lists.sorted(by: { $0.value.first.line < $1.value.first.line }) {
            let place = "--" + (OAuth2ProxyOptions.byName[name]?.flag ?? name)
            add(.flag, name, Node(list.items), place, list.first.line, source)
        }
    }

    /// The value of a flag that has none behind `=`: `true`, or the next word.
    private static func following(_ option: ForeignOption?, _ rest: inout ArraySlice<CommandWords.Word>) -> String {
        guard option?.kind != .flag, let next = rest.first, !next.text.hasPrefix("--") else { return "true" }
        rest = rest.dropFirst()
        return next.text
    }

    private static func lastName(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

    // The environment.

    private static let prefix = "OAUTH2_PROXY_"

    private mutating func readVariable(_ name: String, _ text: String, _ line: Int?, _ source: ForeignSource) {
        guard name.hasPrefix(Self.prefix) else { return }
        let spelling = String(name.dropFirst(Self.prefix.count))
        let option = OAuth2ProxyOptions.named(spelling)
        add(.variable, option?.name ?? spelling.lowercased(), Self.node(text, option), name, line, source)
    }

    // Kubernetes.

    private mutating func readObjects(_ documents: [Node], _ source: ForeignSource) throws(ImportProblem) {
        let before = named.count
        let workload = try Workload(documents) { container in
            container["name"]?.string?.contains("oauth2-proxy") == true
                || container["image"]?.string?.contains("oauth2-proxy") == true
        }
        try readFlags(workload.arguments.map { CommandWords.Word(text: $0.text, line: $0.line ?? 1) }, source)
        for variable in workload.variables { readVariable(variable, source) }
        let paths = named.dropFirst(before)
        let files = workload.isThere ? try mounted(paths, workload, source) : try likely(workload.held)
        for held in files {
            found.insert(held.name)
            let inner = ForeignSource(file: source.file, linesBefore: held.linesBefore, hasVariables: false)
            try read(held.text, OAuth2ProxyFormat(of: held.text), inner)
        }
    }

    private mutating func readVariable(_ variable: Workload.Variable, _ source: ForeignSource) {
        switch variable.value {
        case .text(let text): readVariable(variable.name, text, variable.line, source)
        case .secret:
            var source = source
            source.hasVariables = true
            readVariable(variable.name, "${\(variable.name)}", variable.line, source)
        case .missing(let what):
            guard variable.name.hasPrefix(Self.prefix) || variable.name == "envFrom" else { return }
            report.say(
                .todo, variable.name, file: source.file, line: variable.line, "\(what) is not among the objects: give it as well")
        }
    }

    /// The files that the program's command line names.
    private mutating func mounted(
        _ paths: ArraySlice<String>, _ workload: Workload, _ source: ForeignSource
    ) throws(ImportProblem) -> [HeldFile] {
        var files: [HeldFile] = []
        for path in paths {
            switch try workload.mounted(path) {
            case .file(let file):
                found.insert(Self.lastName(path))
                files.append(file)
            case .missing(let what):
                report.say(
                    .todo, "config", file: source.file, "`\(path)` is in \(what), which is not among the objects: give it as well"
                )
            case .none: files += try Self.one(workload.files(named: Self.lastName(path)))
            }
        }
        return files
    }

    /// Where no program is among the objects: what can only be its configuration, at most one in each form.
    private func likely(_ held: HeldObjects) throws(ImportProblem) -> [HeldFile] {
        let named = named.map(Self.lastName)
        let alpha = held.files.filter { OAuth2ProxyFormat(of: $0.text) == .alpha }
        let config = held.files.filter { named.contains($0.name) || Self.isConfiguration($0) }.filter { file in
            OAuth2ProxyFormat(of: file.text) != .alpha
        }
        return try Self.one(config) + Self.one(alpha)
    }

    private static func one(_ files: [HeldFile]) throws(ImportProblem) -> [HeldFile] {
        guard files.count > 1 else { return files }
        let names = files.map { "`\($0.name)` of `\($0.object)`" }.joined(separator: ", ")
        throw ImportProblem(text: "several files may be the configuration, \(names): give the one that the program reads only")
    }

    private static func isConfiguration(_ held: HeldFile) -> Bool {
        guard [".cfg", ".toml", ".conf"].contains(where: { held.name.hasSuffix($0) }) else { return false }
        return (try? OptionFile(held.text))?.entries.contains { OAuth2ProxyOptions.named($0.key) != nil } == true
    }
}
