/// A regular expression that a whole text has to match, and what takes its place: `$1` to `$9` stand for what the groups matched.
///
/// The pattern is the operator's, the text a provider's: it is short (`maximumBytes`), so that a pattern that tries many ways ends soon.
package struct TextReplacement: Sendable {
    package static let maximumBytes = 512

    private let pattern: String
    private let replacement: [Part]

    private enum Part {
        case text(String)
        case group(Int)
    }

    /// `nil` where the pattern is no regular expression. A group that it does not have stands for nothing.
    package init?(pattern: String, replacement: String) {
        guard (try? Regex(pattern)) != nil else { return nil }
        self.pattern = pattern
        self.replacement = Self.parts(of: replacement)
    }

    /// `nil` where the pattern does not match the whole text.
    package func apply(_ text: String) -> String? {
        guard text.utf8.count <= Self.maximumBytes, let expression = try? Regex(pattern),
            let match = try? expression.wholeMatch(in: text)
        else { return nil }
        return replacement.map { part in
            switch part {
            case .text(let text): text
            case .group(let number): number < match.count ? String(match[number].substring ?? "") : ""
            }
        }.joined()
    }

    private static func parts(of replacement: String) -> [Part] {
        var parts: [Part] = []
        var rest = replacement[...]
        while let dollar = rest.firstIndex(of: "$") {
            let after = rest[rest.index(after: dollar)...]
            parts.append(.text(String(rest[..<dollar])))
            if let digit = after.first?.wholeNumberValue, (0...9).contains(digit) {
                parts.append(.group(digit))
                rest = after.dropFirst()
            } else {
                parts.append(.text("$"))
                rest = after
            }
        }
        return parts + [.text(String(rest))]
    }
}
