/// The `Accept-Language` field (RFC 9110 §12.5.4): language ranges with weights.
struct AcceptLanguage: Sendable {
    private struct Wish {
        /// Letters, digits and `-`, or `*`.
        let range: [UInt8]
        /// In thousandths.
        let weight: Int
    }

    private let wishes: [Wish]

    private static let maximumBytes = 1024
    private static let maximumRanges = 32

    /// `nil` for what is longer than any browser's, or not written as the RFC says.
    init?(_ fields: [String]) {
        guard fields.reduce(0, { $0 + $1.utf8.count }) <= Self.maximumBytes else { return nil }
        let elements = fields.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }.map(Self.trimmed).filter { !$0.isEmpty }
        guard elements.count <= Self.maximumRanges else { return nil }
        var wishes: [Wish] = []
        for element in elements {
            guard let wish = Self.wish(element) else { return nil }
            wishes.append(wish)
        }
        self.wishes = wishes
    }

    /// The language of the greatest weight, the first of several such; nil where none is ours. `*` is any that is not named.
    var best: Language? {
        let named = wishes.map { (wish: $0, language: Language(range: $0.range)) }
        var best: (language: Language, weight: Int)?
        for (wish, language) in named where wish.weight > (best?.weight ?? 0) {
            let isAny = wish.range == [UInt8(ascii: "*")]
            let found = isAny ? Language.allCases.first { other in !named.contains { $0.language == other } } : language
            if let found { best = (found, wish.weight) }
        }
        return best?.language
    }

    private static func wish(_ element: [UInt8]) -> Wish? {
        let parts = element.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { trimmed($0) }
        guard let range = parts.first, isRange(range), parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return Wish(range: range, weight: 1000) }
        return weight(parts[1]).map { Wish(range: range, weight: $0) }
    }

    private static func isRange(_ bytes: [UInt8]) -> Bool {
        if bytes == [UInt8(ascii: "*")] { return true }
        let subtags = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return subtags.allSatisfy { (1...8).contains($0.count) && $0.allSatisfy(\.isAlphanumeric) }
            && subtags.first?.allSatisfy { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    /// `q=` and a number from 0 to 1 with at most three decimals (RFC 9110 §12.4.2).
    private static func weight(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 3, bytes[0].lowercased == UInt8(ascii: "q"), bytes[1] == UInt8(ascii: "=") else { return nil }
        let number = bytes.dropFirst(2).split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = number.first, whole.elementsEqual("0".utf8) || whole.elementsEqual("1".utf8) else { return nil }
        let decimals = number.count == 2 ? Array(number[1]) : []
        guard decimals.count <= 3, decimals.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        let padded = decimals.map { Int($0) - 0x30 } + Array(repeating: 0, count: 3 - decimals.count)
        let thousandths = padded.reduce(whole.elementsEqual("1".utf8) ? 1 : 0) { $0 * 10 + $1 }
        return thousandths <= 1000 ? thousandths : nil
    }

    private static func trimmed(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let start = bytes.drop { $0 == 0x20 || $0 == 0x09 }
        return start.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed()
    }
}
