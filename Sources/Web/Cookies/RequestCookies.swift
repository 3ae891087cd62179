/// The cookies of one request (RFC 6265, section 5.4), from every `cookie` field.
///
/// Never fails: what is no `name=value` is skipped, what goes over the limits is not read. Some gateways join several
/// fields with `,`; RFC 6265 allows no comma in a value, so a comma with a `name=` behind it separates, and any other
/// comma stays in the value (browsers do send such).
package struct RequestCookies: Sendable {
    package static let maximumBytes = 64 * 1024
    package static let maximumCookies = 200

    private struct Cookie {
        var name: Substring
        var value: Substring
    }

    private var cookies: [Cookie] = []

    /// Whether cookies were left unread because there were too many, or too many bytes of them.
    package private(set) var isTruncated = false

    package init(_ headers: HeaderList) {
        self.init(values: headers.all("cookie"))
    }

    /// From the values of the `cookie` fields.
    package init(values: [String]) {
        var bytesLeft = Self.maximumBytes
        for value in values where !isTruncated {
            read(Substring(value), bytesLeft: &bytesLeft)
        }
    }

    /// The values of every cookie called `name`, in the order in which the browser sent them.
    package func all(named name: String) -> [String] {
        cookies.filter { sameBytes($0.name, name) }.map { String($0.value) }
    }

    /// The names in the order in which they were sent; a name that came twice is in it twice.
    package var names: [String] { cookies.map { String($0.name) } }

    private mutating func read(_ line: Substring, bytesLeft: inout Int) {
        var rest = line
        while !rest.isEmpty {
            let end = Self.endOfPair(in: rest)
            let pair = rest[..<end]
            bytesLeft -= pair.utf8.count + 1
            guard bytesLeft >= 0 else {
                isTruncated = true
                return
            }
            append(pair)
            guard !isTruncated, end < rest.endIndex else { return }
            rest = rest[rest.utf8.index(after: end)...]
        }
    }

    private mutating func append(_ pair: Substring) {
        guard let equals = pair.utf8.firstIndex(of: UInt8(ascii: "=")) else { return }
        let name = pair[..<equals].trimmingBlanks
        let value = pair[pair.utf8.index(after: equals)...].trimmingBlanks
        guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenByte), !value.utf8.contains(where: \.isControl) else { return }
        guard cookies.count < Self.maximumCookies else {
            isTruncated = true
            return
        }
        cookies.append(Cookie(name: name, value: value))
    }

    /// Where the first pair of `text` ends: at a `;`, at a `,` with a `name=` behind it, or at the end.
    private static func endOfPair(in text: Substring) -> Substring.Index {
        let bytes = text.utf8
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: ";"): return index
            case UInt8(ascii: ",") where startsPair(text[bytes.index(after: index)...]): return index
            default: bytes.formIndex(after: &index)
            }
        }
        return index
    }

    private static func startsPair(_ text: Substring) -> Bool {
        let bytes = text.utf8.drop { $0 == UInt8(ascii: " ") }
        let name = bytes.prefix(while: \.isTokenByte)
        return !name.isEmpty && bytes.dropFirst(name.count).first == UInt8(ascii: "=")
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var bytes = utf8.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return Substring(bytes)
    }
}

extension UInt8 {
    /// A byte of a token (RFC 9110, section 5.6.2): what a cookie's name is made of.
    var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "/"),
            UInt8(ascii: ":")...UInt8(ascii: "@"), UInt8(ascii: "[")...UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"):
            false
        default: isVisibleASCII
        }
    }
}
