import Web

/// Texts that many sessions have in common, such as the names of claims and groups, kept once and named by numbers.
struct KnownTexts {
    private var numbers: [String: Int] = [:]
    private var texts: [String] = []

    /// Somebody's own texts could be in their places: never more than these, and none that is long.
    private static let maximumCount = 1000
    private static let maximumLength = 256

    /// `nil` for a text that is not kept here.
    mutating func number(of text: String) -> Int? {
        if let number = numbers[text] {
            // Texts that only look alike are equal to Swift, and different ones to everybody else.
            return sameBytes(texts[number], text) ? number : nil
        }
        guard texts.count < Self.maximumCount, text.utf8.count <= Self.maximumLength else { return nil }
        numbers[text] = texts.count
        texts.append(text)
        return texts.count - 1
    }

    subscript(number: Int) -> String? { texts.indices.contains(number) ? texts[number] : nil }
}
