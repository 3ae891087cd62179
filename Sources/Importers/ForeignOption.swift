import Yams

/// An option that another program documents, and what becomes of it here.
package struct ForeignOption: Sendable {
    package enum Kind: Sendable {
        case text, flag, list
    }

    package enum Fate: Sendable {
        /// The place in our configuration.
        case becomes(String)
        case left(Remark.Weight, String)
    }

    /// As the program's file spells it.
    package var name: String
    /// As its command line spells it, without the dashes.
    var flag: String
    package var kind: Kind
    package var fate: Fate
    /// What it is without a word; then there is nothing to say of an option that is left.
    var usual: String?

    static func becomes(_ name: String, flag: String? = nil, _ place: String) -> ForeignOption {
        ForeignOption(name, .text, flag, .becomes(place), nil)
    }

    static func becomes(_ name: String, _ kind: Kind, flag: String? = nil, _ place: String) -> ForeignOption {
        ForeignOption(name, kind, flag, .becomes(place), nil)
    }

    /// It works otherwise here, and nothing has to be done.
    static func noted(_ name: String, flag: String? = nil, usual: String? = nil, _ reason: String) -> ForeignOption {
        ForeignOption(name, .text, flag, .left(.note, reason), usual)
    }

    static func noted(_ name: String, _ kind: Kind, flag: String? = nil, usual: String? = nil, _ reason: String) -> ForeignOption
    {
        ForeignOption(name, kind, flag, .left(.note, reason), usual)
    }

    static func lost(_ name: String, flag: String? = nil, usual: String? = nil, _ reason: String) -> ForeignOption {
        ForeignOption(name, .text, flag, .left(.lost, reason), usual)
    }

    static func lost(_ name: String, _ kind: Kind, flag: String? = nil, usual: String? = nil, _ reason: String) -> ForeignOption {
        ForeignOption(name, kind, flag, .left(.lost, reason), usual)
    }

    static func todo(_ name: String, flag: String? = nil, usual: String? = nil, _ reason: String) -> ForeignOption {
        ForeignOption(name, .text, flag, .left(.todo, reason), usual)
    }

    static func todo(_ name: String, _ kind: Kind, flag: String? = nil, usual: String? = nil, _ reason: String) -> ForeignOption {
        ForeignOption(name, kind, flag, .left(.todo, reason), usual)
    }

    private init(_ name: String, _ kind: Kind, _ flag: String?, _ fate: Fate, _ usual: String?) {
        (self.name, self.kind, self.fate, self.usual) = (name, kind, fate, usual ?? (kind == .flag ? "false" : nil))
        let dashed = name.replacing("_", with: "-")
        self.flag = flag ?? (kind == .list && dashed.hasSuffix("s") ? String(dashed.dropLast()) : dashed)
    }
}

extension ForeignValue {
    /// Says of every key what the table says of it; of what nobody knows, that. What the table has a place for and nobody has asked
    /// for goes with something that is not in use.
    func leaveRest(by table: [ForeignOption], of program: String) {
        sayOtherThanMapping()
        let known = Dictionary(table.map { ($0.name, $0) }) { first, _ in first }
        for key in keys where !isRead(key) {
            guard let value = take(key) else { continue }
            switch known[key]?.fate {
            case .left(let weight, let reason):
                let list = value.node.sequence
                let text = value.scalar ?? (list?.count == 1 ? list?.first?.scalar?.string : nil)
                let isUsual = text == "" || (text != nil && text == known[key]?.usual) || list?.isEmpty == true
                if !isUsual { value.say(weight, reason) }
            case .becomes: if !value.isEmpty { value.say(.note, "has no meaning beside the other options: left out") }
            case nil: value.say(.lost, "\(program) documents no such option")
            }
        }
    }
}
