/// Tells, without writing anything, which bytes are their own normal form: nearly all that real clients send. What is not goes
/// through `RequestPath` and `RequestHost`, which decide what it means, or that it means nothing.
package enum NormalForm {
    /// Whether `RequestPath` would leave the path as it is, and it has no path parameters. May say no where it would.
    package static func isPath(_ path: Span<UInt8>) -> Bool {
        guard !path.isEmpty, path.count <= RequestPath.maximumBytes, path[0] == UInt8(ascii: "/") else { return false }
        var previous: UInt8 = 0
        for index in path.indices {
            let byte = path[index]
            guard byte.isPlainPathByte else { return false }
            // Empty segments, and segments that begin with a dot: rare, and not all of them are dot segments.
            if previous == UInt8(ascii: "/"), byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") { return false }
            previous = byte
        }
        return true
    }

    /// How many of the first bytes are the name, if `RequestHost` would leave it as it is; `nil`: it may not.
    package static func hostName(_ authority: Span<UInt8>) -> Int? {
        var label = 0
        for index in authority.indices {
            let byte = authority[index]
            if byte == UInt8(ascii: ":") { return label > 0 && isPort(authority, from: index + 1) ? index : nil }
            guard byte.isPlainHostByte, index < 253 else { return nil }
            label = byte == UInt8(ascii: ".") ? 0 : label + 1
            if label > 63 || byte == UInt8(ascii: ".") && (index == 0 || authority[index - 1] == byte) { return nil }
        }
        return label > 0 ? authority.count : nil
    }

    private static func isPort(_ authority: Span<UInt8>, from start: Int) -> Bool {
        // Of five digits some are no port.
        guard (1...4).contains(authority.count - start), authority[start] != UInt8(ascii: "0") else {
            return isFiveDigitPort(authority, from: start)
        }
        for index in start..<authority.count where !(0x30...0x39).contains(authority[index]) { return false }
        return true
    }

    private static func isFiveDigitPort(_ authority: Span<UInt8>, from start: Int) -> Bool {
        guard authority.count - start == 5, authority[start] != UInt8(ascii: "0") else { return false }
        var value = 0
        for index in start..<authority.count {
            guard (0x30...0x39).contains(authority[index]) else { return false }
            value = value * 10 + Int(authority[index] - 0x30)
        }
        return value <= Int(UInt16.max)
    }
}

extension UInt8 {
    /// Visible ASCII without escapes, and without what `RequestPath` looks at twice.
    fileprivate var isPlainPathByte: Bool {
        switch self {
        case UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "#"), UInt8(ascii: ";"), UInt8(ascii: "?"): false
        default: isVisibleASCII
        }
    }

    fileprivate var isPlainHostByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
