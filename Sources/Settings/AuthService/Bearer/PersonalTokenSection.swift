/// `authService.personalTokens`
enum PersonalTokenSection {
    static let lifetime = Key.defaulted(
        "lifetime", .duration(atLeast: 86400, atMost: 10 * SessionSection.year), 365 * 86400, "The longest that a token may live."
    )
    static let perUser = Key.defaulted("perUser", perUserShape, 50, "How many tokens one user may have.")

    static let section = Section("personalTokens", [lifetime.listed, perUser.listed]) { fields in
        PersonalTokenSettings(lifetime: fields(lifetime), perUser: fields(perUser))
    }

    private static let perUserShape = Shape<Int>.scalar(
        .object([("type", .text("integer")), ("minimum", .integer(1)), ("maximum", .integer(1000))]),
        show: { .integer($0) }
    ) { text throws(Complaint) in
        guard let count = Int(text), (1...1000).contains(count) else {
            throw Complaint("\(quoted(text)) is not a number from 1 to 1000", "write one of them")
        }
        return count
    }
}

/// The tokens that users make for their own programs.
package struct PersonalTokenSettings: Sendable, Equatable {
    /// Seconds.
    package var lifetime: Int64
    package var perUser: Int
}
