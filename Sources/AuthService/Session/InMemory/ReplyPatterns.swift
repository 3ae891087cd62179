/// The patterns of the grants that rest in one table: as many as there are ways to grant something.
struct ReplyPatterns {
    private var patterns: [ReplyPattern] = []

    private static let maximum = 64

    subscript(number: UInt64) -> ReplyPattern? {
        Int(exactly: number).flatMap { patterns.indices.contains($0) ? patterns[$0] : nil }
    }

    /// The number of the pattern for grants of the same headers; the first of them becomes it.
    /// - Returns: `nil` where there is no room for another one.
    mutating func number(for written: WrittenGrant, in form: GrantForm, names: GrantNames) -> Int? {
        if let number = patterns.firstIndex(where: { $0.form == form && $0.names === names }) { return number }
        guard patterns.count < Self.maximum else { return nil }
        patterns.append(ReplyPattern(written, in: form, names: names))
        return patterns.count - 1
    }
}
