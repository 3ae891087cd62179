/// The path of a request, normalised once: the value that rules are matched against.
///
/// An application may read a path in more than one way (`/public/..%2fadmin`, `/public/..;/admin`). Where the readings
/// differ in what they reach, the path is refused instead of guessed. Normalising follows RFC 3986, section 6.2.2:
///
/// - escapes of visible ASCII are decoded, except those of `%`, `?` and `#`; the others stay, with upper-case digits;
/// - several slashes become one, and dot segments are resolved, `%2e` included;
/// - letters keep their case.
package struct RequestPath: Sendable, Hashable {
    package static let maximumBytes = 8 * 1024

    /// Visible ASCII only; starts with `/`.
    package let string: String
    package let bytes: [UInt8]

    /// From a request target: what follows the first `?` is not looked at.
    package init(target: some StringProtocol) throws(RequestPathRefusal) {
        let raw = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        guard raw.count <= Self.maximumBytes else { throw .tooLong }
        guard raw.first == UInt8(ascii: "/") else { throw .notAbsolute }
        let decoded = try Self.decodeEscapes(Array(raw))
        bytes = try Self.resolveSegments(decoded)
        string = String(decoding: bytes, as: UTF8.self)
    }

    /// The path as servers read it that know path parameters (RFC 3986, section 3.3: `/admin;x/y` is `/admin/y` to them, and
    /// `/;x/admin` is `/admin`); nil where there are none. Who decides by the path has to come to one answer for both readings.
    package var bytesWithoutParameters: [UInt8]? {
        guard bytes.contains(UInt8(ascii: ";")) else { return nil }
        let segments = bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return Self.join(segments.map { $0.prefix { $0 != UInt8(ascii: ";") } })
    }

    private static func decodeEscapes(_ raw: [UInt8]) throws(RequestPathRefusal) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(raw.count)
        var overlong = OverlongSequence()
        var rest = raw[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                if let refusal = refusal(ofRaw: byte) { throw refusal }
                overlong.end()
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
                throw .invalidEscape
            }
            let value = high << 4 | low
            if let refusal = refusal(ofEscaped: value) { throw refusal }
            if overlong.takes(value) { throw .overlongEscape }
            append(value, to: &decoded)
        }
        return decoded
    }

    private static func refusal(ofRaw byte: UInt8) -> RequestPathRefusal? {
        switch byte {
        case UInt8(ascii: "\\"): .backslash
        case UInt8(ascii: "#"): .fragment
        case 0...0x20, 0x7f: .controlCharacter
        case 0x80...: .notASCII
        default: nil
        }
    }

    private static func refusal(ofEscaped byte: UInt8) -> RequestPathRefusal? {
        switch byte {
        case UInt8(ascii: "/"): .encodedSlash
        case UInt8(ascii: "\\"): .backslash
        case _ where byte.isControl: .controlCharacter
        default: nil
        }
    }

    private static func append(_ value: UInt8, to decoded: inout [UInt8]) {
        let staysEscaped = [UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains(value)
        if value.isVisibleASCII && !staysEscaped {
            decoded.append(value)
        } else {
            PercentEncoding.appendEscape(of: value, to: &decoded)
        }
    }
}

/// Finds escapes such as `%c0%af`: UTF-8 longer than needed, which lax decoders read as `/` or `.`.
private struct OverlongSequence {
    private var leader: UInt8?

    mutating func end() { leader = nil }

    mutating func takes(_ byte: UInt8) -> Bool {
        defer { leader = byte }
        switch (leader, byte) {
        case (_, 0xc0), (_, 0xc1), (0xe0, 0x80...0x9f), (0xf0, 0x80...0x8f): return true
        default: return false
        }
    }
}
