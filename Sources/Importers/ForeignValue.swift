import Manifests
import Yams

/// Where a text stood that is read.
struct ForeignSource: Sendable {
    /// nil: the only file there is.
    var file: String?
    /// Lines of the file before the first of the text, for a text within another file.
    var linesBefore = 0
    /// Whether the program puts variables' values into what is read.
    var hasVariables = true
}

/// A value of another program's file. It notices which of its keys were read, so that the others can be told of.
final class ForeignValue {
    let node: Node
    let place: String
    let report: ImportReport
    let source: ForeignSource
    /// In the file of `source`.
    let line: Int?
    /// What was read of it; the same value every time.
    private var read: [String: ForeignValue?] = [:]
    /// Values that did not stand in one place, by key.
    private let gathered: [String: ForeignValue]

    /// `line` is for what no reader of YAML has placed.
    init(
        _ node: Node, _ place: String, _ report: ImportReport, _ source: ForeignSource = ForeignSource(), line: Int? = nil
    ) {
        (self.node, self.place, self.report, self.source) = (node, place, report, source)
        self.line = node.mark.map { $0.line + source.linesBefore } ?? line
        gathered = [:]
    }

    /// A mapping of values from several places; of two with one key the first counts.
    init(gathered values: [(String, ForeignValue)], _ report: ImportReport) {
        gathered = Dictionary(values) { first, _ in first }
        var seen: Set<String> = []
        node = Node(values.filter { seen.insert($0.0).inserted }.map { (Node($0.0), $0.1.node) })
        (place, self.report, source, line) = ("", report, ForeignSource(), nil)
    }

    /// A mapping without a key.
    static func nothing(_ place: String, _ report: ImportReport) -> ForeignValue { ForeignValue([:], place, report) }

    /// The keys of a mapping, in their order.
    var keys: [String] { node.mapping?.keys.compactMap(\.string) ?? [] }

    /// The value of a key that is there and not null; it counts as read.
    func take(_ key: String) -> ForeignValue? {
        if let known = read[key] { return known }
        let value = node.mapping?[key].flatMap { $0.null == nil ? $0 : nil }
        let taken = value.map {
            gathered[key] ?? ForeignValue($0, place.isEmpty ? key : "\(place).\(key)", report, source, line: line)
        }
        read[key] = .some(taken)
        return taken
    }

    /// Of a list; told where it is none.
    var items: [ForeignValue] {
        guard let nodes = node.sequence else {
            say(.lost, "this is no list")
            return []
        }
        return nodes.enumerated().map { ForeignValue($1, "\(place)[\($0)]", report, source, line: line) }
    }

    /// A scalar's text; told where it is none.
    var text: String? {
        if scalar == nil { say(.lost, "this is no text") }
        return scalar
    }

    /// A scalar's text as it is written, numbers and booleans as well; nil without a word for anything else.
    var scalar: String? { node.scalar?.string }

    /// The variable whose value stands for the whole text, where the program takes it so; told where it only looks so.
    func variable() -> String? {
        guard let text, let name = ForeignText.variable(text) else { return nil }
        if !source.hasVariables { say(.todo, "it names no variable there, and counts as it stands: see whether that is meant") }
        return source.hasVariables ? name : nil
    }

    /// Told where it is none.
    var flag: Bool? {
        if node.bool == nil { say(.lost, "this is neither `true` nor `false`") }
        return node.bool
    }

    func text(_ key: String) -> String? { take(key)?.text }

    func flag(_ key: String) -> Bool { take(key)?.flag ?? false }

    func texts(_ key: String) -> [String] { take(key)?.items.compactMap(\.text) ?? [] }

    /// Says of a key, if it is there, why it is not carried over.
    func leave(_ key: String, _ weight: Remark.Weight, _ reason: String) {
        if let value = take(key), !value.isEmpty { value.say(weight, reason) }
    }

    func leave(_ key: String, _ reason: String) { leave(key, .lost, reason) }

    /// Says of every key that nobody has read that it is not known.
    func leaveRest(_ reason: String = "there is no such option here") {
        sayOtherThanMapping()
        for key in keys where read[key] == nil { leave(key, reason) }
    }

    /// Told where it is no mapping: nothing of it was read then.
    func sayOtherThanMapping() {
        if node.mapping == nil { say(.lost, "this has to be several options, each with its name") }
    }

    func say(_ weight: Remark.Weight, _ text: String) {
        report.say(weight, place, file: source.file, line: line, text)
    }

    /// Whether somebody has asked for the key.
    func isRead(_ key: String) -> Bool { read[key] != nil }

    var isEmpty: Bool {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty || node.bool == false
        case .mapping(let mapping): mapping.isEmpty
        case .sequence(let sequence): sequence.isEmpty
        case .alias: false
        }
    }

    /// The value as it is, for options with the same names and values on both sides.
    var copied: YAMLValue {
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain, let flag = node.bool { return .boolean(flag) }
            if scalar.style == .plain, let number = node.int { return .integer(number) }
            return .string(scalar.string)
        case .sequence: return .list(items.map(\.copied))
        case .mapping: return .map(keys.compactMap { key in take(key).map { YAMLEntry(key, $0.copied) } })
        case .alias: return .string("")
        }
    }
}

/// Entries of a map that is written; those without a value are left out.
func entries(_ pairs: (String, YAMLValue?)...) -> YAMLValue {
    .map(pairs.compactMap { key, value in value.map { YAMLEntry(key, $0) } })
}

extension YAMLValue {
    /// nil for a map or list with nothing in it.
    var unlessEmpty: YAMLValue? {
        switch self {
        case .map(let entries): entries.isEmpty ? nil : self
        case .list(let items): items.isEmpty ? nil : self
        case .string, .integer, .boolean, .noted: self
        }
    }
}
