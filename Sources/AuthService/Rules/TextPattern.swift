/// A text in which `*` stands for anything, also for nothing. Compared by bytes.
package struct TextPattern: Sendable, Equatable {
    /// What stands between the stars, at least one piece; without a star, one.
    private let pieces: [[UInt8]]

    package init(_ text: String) {
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    package func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = pieces.first, let last = pieces.last else { return false }
        if pieces.count == 1 { return bytes == first }
        guard bytes.count >= first.count + last.count, bytes.starts(with: first), bytes.suffix(last.count) == last[...] else {
            return false
        }
        var rest = bytes[first.count..<(bytes.count - last.count)]
        // The earliest place for each piece leaves the most room for the others.
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = Self.firstIndex(of: piece, in: rest) else { return false }
            rest = rest[(found + piece.count)...]
        }
        return true
    }

    private static func firstIndex(of piece: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= piece.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - piece.count)).first { bytes[$0...].starts(with: piece) }
    }
}
