import Crypto

/// A SHA-256 digest as a plain value: looked up and compared without a heap allocation.
package struct SHA256Bytes: Sendable, Hashable {
    /// The digest's bytes 0–7, 8–15, 16–23 and 24–31, big-endian.
    package let words: (UInt64, UInt64, UInt64, UInt64)

    package init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// - Parameter bytes: 32 of them; missing ones count as 0.
    package init(_ bytes: some Collection<UInt8>) {
        func word(_ index: Int) -> UInt64 {
            let part = bytes.dropFirst(index * 8).prefix(8)
            return part.reduce(0) { $0 << 8 | UInt64($1) } << UInt64(8 * (8 - part.count))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    package init(hashing message: Span<UInt8>) {
        var hasher = SHA256()
        message.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        words = hasher.finalize().withUnsafeBytes { digest in
            func word(_ offset: Int) -> UInt64 {
                UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            return (word(0), word(8), word(16), word(24))
        }
    }

    package var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
    }

    package static func == (one: SHA256Bytes, other: SHA256Bytes) -> Bool { one.words == other.words }

    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
