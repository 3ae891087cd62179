import Manifests
import Yams

/// A value of another program's file. It notices which of its keys were read, so that the others can be told of.
final class ForeignValue {
    let node: Node
    let place: String
    let report: ImportReport
    /// What was read of it; the same value every time.
    private var read: [String: ForeignValue?] = [:]

    init(_ node: Node, _ place: String, _ report: ImportReport) {
        (self.node, self.place, self.report) = (node, place, report)
    }

    /// A mapping without a key.
    static func nothing(_ place: String, _ report: ImportReport) -> ForeignValue { ForeignValue([:], place, report) }

    var line: Int? { node.mark?.line }

    /// The keys of a mapping, in their order.
    var keys: [String] { node.mapping?.keys.compactMap(\.string) ?? [] }

    /// The value of a key that is there and not null; it counts as read.
    func take(_ key: String) -> ForeignValue? {
        if let known = read[key] { return known }
        let value = node.mapping?[key].flatMap { $0.null == nil ? $0 : nil }
        let taken = value.map { ForeignValue($0, place.isEmpty ? key : "\(place).\(key)", report) }
        read[key] = .some(taken)
        return taken
    }

    var items: [ForeignValue] {
        (node.sequence ?? []).enumerated().map { ForeignValue($1, "\(place)[\($0)]", report) }
    }

    /// A scalar's text as it is written: numbers and booleans as well.
    var text: String? { node.scalar?.string }

    var flag: Bool? { node.bool }

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
        for key in keys where read[key] == nil { leave(key, reason) }
    }

    func say(_ weight: Remark.Weight, _ text: String) { report.say(weight, place, line: line, text) }

    private var isEmpty: Bool {
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
