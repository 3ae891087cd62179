import CZlib

/// Compression of what goes into cookies (RFC 1950), whole at once.
enum Deflation {
    /// The longest content that is taken back.
    static let maximumBytes = 256 * 1024

    /// In front of the compressed bytes stands the length of the content, 4 bytes. `nil` where it is too long.
    static func compress(_ content: [UInt8]) -> [UInt8]? {
        guard content.count <= maximumBytes else { return nil }
        var length = compressBound(uLong(content.count))
        var compressed = [UInt8](repeating: 0, count: Int(length))
        guard compress2(&compressed, &length, content, uLong(content.count), 6) == Z_OK else { return nil }
        let header = (0..<4).map { UInt8(truncatingIfNeeded: content.count >> (24 - 8 * $0)) }
        return header + compressed.prefix(Int(length))
    }

    /// `nil` for what `compress` did not make. Takes no more memory than the length in front says, whatever follows.
    static func expand(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > 4 else { return nil }
        let count = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard count <= maximumBytes else { return nil }
        var content = [UInt8](repeating: 0, count: count)
        var length = uLong(count)
        let compressed = Array(bytes.dropFirst(4))
        guard uncompress(&content, &length, compressed, uLong(compressed.count)) == Z_OK, length == uLong(count) else {
            return nil
        }
        return content
    }
}
