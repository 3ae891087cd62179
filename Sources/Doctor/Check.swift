/// One check: what was seen goes in, findings come out; none where there is nothing to look at. It asks nobody: whoever has to
/// be asked was asked before, all at once (`Observer`).
package struct Check<Seen: Sendable>: Sendable {
    /// As it is printed: one or two words.
    package let name: String
    let judge: @Sendable (Seen) -> [Finding]

    init(_ name: String, _ judge: @escaping @Sendable (Seen) -> [Finding]) {
        self.name = name
        self.judge = judge
    }
}
