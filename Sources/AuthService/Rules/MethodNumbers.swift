/// The methods that rules name, numbered, so that a rule's are one set of bits.
struct MethodNumbers: Sendable {
    /// A bit for each numbered method; the last stands for every method that no rule names.
    typealias Set = UInt64

    static let all = Set.max
    private static let others = Set(1) << 63
    /// As many as there are bits besides the last.
    private static let limit = 63
    private let names: [[UInt8]]

    init(_ rules: [Rule]) {
        var names: [[UInt8]] = []
        var known: Swift.Set<[UInt8]> = []
        for method in rules.lazy.flatMap(\.methods) where names.count < Self.limit {
            let name = Array(method.utf8)
            if known.insert(name).inserted { names.append(name) }
        }
        self.names = names
    }

    /// The methods of a rule; `nil` where one of them has no number.
    func set(of methods: [String]) -> Set? {
        guard !methods.isEmpty else { return Self.all }
        var set: Set = 0
        for method in methods {
            guard let number = names.firstIndex(where: { $0.elementsEqual(method.utf8) }) else { return nil }
            set |= 1 << Set(truncatingIfNeeded: number)
        }
        return set
    }

    /// The one bit of a request's method.
    func set(of method: Span<UInt8>) -> Set {
        for number in names.indices where isEqual(names[number], method) { return 1 << Set(truncatingIfNeeded: number) }
        return Self.others
    }
}

/// Whether two stretches of bytes are the same.
func isEqual(_ one: [UInt8], _ other: Span<UInt8>) -> Bool {
    guard one.count == other.count else { return false }
    for index in other.indices where one[index] != other[index] { return false }
    return true
}
