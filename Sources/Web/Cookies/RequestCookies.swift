/// The cookies of one request (RFC 6265, section 5.4), from every `cookie` field.
///
/// Never fails: what is no `name=value` is skipped, what goes over the limits is not read.
package struct RequestCookies: Sendable {
    package static let maximumBytes = 64 * 1024
    package static let maximumCookies = 200

    private struct Cookie {
        var name: String
        var value: String
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
            read(Array(value.utf8), bytesLeft: &bytesLeft)
        }
    }

    /// The values of every cookie called `name`, in the order in which the browser sent them.
    package func all(named name: String) -> [String] {
        cookies.filter { sameBytes($0.name, name) }.map { $0.value }
    }

    /// The names in the order in which they were sent; a name that came twice is in it twice.
    package var names: [String] { cookies.map { $0.name } }

    private mutating func read(_ line: [UInt8], bytesLeft: inout Int) {
        var scanner = CookieScanner()
        while let pair = scanner.next(in: line.span, until: line.count) {
            guard pair.value.upperBound <= bytesLeft, cookies.count < Self.maximumCookies else {
                isTruncated = true
                return
            }
            cookies.append(
                Cookie(
                    name: String(decoding: line[pair.name], as: UTF8.self),
                    value: String(decoding: line[pair.value], as: UTF8.self)))
        }
        bytesLeft -= line.count
        isTruncated = bytesLeft < 0
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
