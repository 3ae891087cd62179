import Yams

/// Gathers the variables from files of `NAME=value`, or from containers, ConfigMaps and Secrets.
struct ArriktoReader {
    private let report: ImportReport
    private var values: [(String, ForeignValue)] = []
    private static let kinds = Dictionary(ArriktoOptions.all.map { ($0.name, $0.kind) }) { first, _ in first }

    init(_ files: [ForeignFile], _ report: ImportReport) throws(ImportProblem) {
        self.report = report
        for file in files {
            let text = try file.text()
            let source = ForeignSource(file: file.name)
            do throws(ImportProblem) {
                let documents = (try? ForeignDocument.parse(text)) ?? []
                if documents.contains(where: { Workload.isObject($0) || $0["containers"] != nil || $0["env"] != nil }) {
                    try readObjects(documents, source)
                } else {
                    for item in try Assignments.read(text) { add(item.name, item.value, item.line, source) }
                }
            } catch {
                throw ImportProblem(text: "\(file.name): \(error.text)")
            }
        }
    }

    func options() throws(ImportProblem) -> ForeignValue {
        let counting = counting()
        guard counting.contains(where: { $0.0 == "OIDC_PROVIDER" }) else {
            throw ImportProblem(
                text: "there is no OIDC_PROVIDER and no JSON with `chains`: not a configuration of an authservice")
        }
        return ForeignValue(gathered: counting, report)
    }

    /// Of several values the last counts; empty is as good as not there.
    private func counting() -> [(String, ForeignValue)] {
        let last = Dictionary(values) { _, later in later }
        return values.filter { name, value in
            let counts = last[name] === value
            if !counts { value.say(.note, "it is there once more: the last counts") }
            return counts && value.scalar != "" && value.node.sequence?.isEmpty != true
        }
    }

    private mutating func add(_ name: String, _ text: String, _ line: Int?, _ source: ForeignSource) {
        let node =
            switch Self.kinds[name] {
            case .list: Node(text.split { $0 == "," || $0.isWhitespace }.map { Node(String($0), .implicit, .doubleQuoted) })
            case .flag: Node(ForeignText.boolean(text), .implicit, .plain)
            case .text, nil: Node(text, .implicit, .doubleQuoted)
            }
        values.append((name, ForeignValue(node, name, report, source, line: line)))
    }

    private mutating func readObjects(_ documents: [Node], _ source: ForeignSource) throws(ImportProblem) {
        let workload = try Workload(documents) { container in
            let names = [container["name"]?.string ?? "", container["image"]?.string ?? ""]
            let variables = container["env"]?.sequence?.compactMap { $0["name"]?.string } ?? []
            return names.contains { $0.contains("authservice") } || variables.contains("OIDC_PROVIDER")
        }
        for variable in workload.variables {
            switch variable.value {
            case .text(let text): add(variable.name, text, variable.line, source)
            case .secret: add(variable.name, "${\(variable.name)}", variable.line, source)
            case .missing(let what):
                report.say(
                    .todo, variable.name, file: source.file, line: variable.line,
                    "\(what) is not among the objects: give it as well")
            }
        }
        // A ConfigMap by itself, whose keys are the variables.
        for held in workload.held.files where workload.variables.isEmpty && Self.kinds[held.name] != nil {
            add(held.name, held.text, nil, source)
        }
    }
}
