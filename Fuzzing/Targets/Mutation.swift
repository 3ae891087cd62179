/// Damages inputs in the ways that find bugs. A run with the same seed is the same run.
package struct Mutation {
    private var random: SplitMix64
    private let inputs: [[UInt8]]
    private let maximumBytes: Int

    /// - Parameter inputs: what is damaged, and where parts of others come from; not empty.
    package init(seed: UInt64, of inputs: [[UInt8]], maximumBytes: Int) {
        random = SplitMix64(state: seed)
        self.inputs = inputs
        self.maximumBytes = maximumBytes
    }

    package mutating func next() -> [UInt8] {
        var input = pick(inputs) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &random) { damage(&input) }
        return [UInt8](input.prefix(maximumBytes))
    }

    private mutating func damage(_ input: inout [UInt8]) {
        let place = Int.random(in: 0...input.count, using: &random)
        let end = min(input.count, place + Int.random(in: 1...16, using: &random))
        switch Int.random(in: 0..<7, using: &random) {
        case 0 where place < input.count: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where place < input.count: input[place] = .random(in: 0...255, using: &random)
        case 2: input.removeSubrange(place..<end)
        case 3: input.insert(contentsOf: input[place..<end], at: place)
        case 4: input.insert(contentsOf: pick(Self.tokens) ?? [], at: place)
        case 5: input.replaceSubrange(place..., with: part(of: pick(inputs) ?? []))
        default: input.insert(.random(in: 0...255, using: &random), at: place)
        }
    }

    private mutating func part(of other: [UInt8]) -> ArraySlice<UInt8> {
        other[Int.random(in: 0...other.count, using: &random)...]
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.randomElement(using: &random)
    }

    /// What parsers trip over.
    private static let tokens: [[UInt8]] =
        [
            "..", "/", "//", "%2f", "%2e", "%00", "%", ";", "\\", "?", "#", "@", ":", ",", "=", "&", "[", "]", "{", "}", "\"",
            "\r\n",
            "\n", "\0", "-1", "1e300", "9223372036854775808", "\u{e9}", "\u{301}", "\\ud800", "null", "chunked", "__Host-",
        ].map { [UInt8]($0.utf8) } + [[0xff, 0xff, 0xff, 0xff], [0x80], [0xc0, 0xaf], .init(repeating: 0xff, count: 10)]
}

/// SplitMix64.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
