/// One client's request where it lies: the bytes that a gateway has sent, and where in them its parts are. A check that is
/// decided at once makes no text of what it has read.
package struct RequestMessage: Sendable {
    /// A run of bytes of the message.
    package struct Part: Sendable, Equatable {
        private let first: Int32
        private let length: Int32

        package static let none = Part(0..<0)

        package init(_ range: Range<Int>) {
            first = Int32(clamping: range.lowerBound)
            length = Int32(clamping: range.count)
        }

        package var range: Range<Int> { Int(first)..<Int(first) + Int(length) }
        package var count: Int { Int(length) }
        package var isEmpty: Bool { length == 0 }
    }

    /// A header field: its name in lower case, its value without blanks around it.
    package struct Field: Sendable {
        package var name: Part
        package var value: Part

        package init(name: Part, value: Part) {
            self.name = name
            self.value = value
        }
    }

    /// The gateway's bytes, and behind them what had to be written anew.
    package private(set) var bytes: [UInt8]
    /// As on the request line.
    package var method = Part.none
    /// Origin form: the path and, after `?`, the query.
    package var target = Part.none
    /// `host` or `host:port`, as received.
    package var authority = Part.none
    /// As the browser used it (from a trusted proxy's header, or the gateway's own word).
    package var scheme = Origin.Scheme.http
    /// In the order in which they came.
    package var fields: [Field]
    /// Where the message itself names the peer that the request came from: its address, or the path of its Unix socket.
    package var peerAddress = Part.none
    package var peerSocket = Part.none
    /// Where the message itself tells of the peer's certificate: in PEM, percent-encoded, and its first name. Any bytes.
    package var peerCertificate = Part.none
    package var peerPrincipal = Part.none
    /// `x-forwarded-for`, all lines of it joined; to be believed only of trusted proxies.
    package var forwardedFor = Part.none

    package init(bytes: [UInt8], fields: [Field] = []) {
        self.bytes = bytes
        self.fields = fields
    }

    /// Adds bytes of our own, such as the normal form of a path.
    package mutating func append(_ added: some Sequence<UInt8>) -> Part {
        let start = bytes.count
        bytes.append(contentsOf: added)
        return Part(start..<bytes.count)
    }

    /// Takes a line of `x-forwarded-for`.
    package mutating func addForwardedFor(_ line: Part) {
        guard !forwardedFor.isEmpty else {
            forwardedFor = line
            return
        }
        forwardedFor = append(Array(bytes[forwardedFor.range] + [UInt8(ascii: ",")] + bytes[line.range]))
    }

    /// The part as text; U+FFFD stands for what is no UTF-8.
    package func text(_ part: Part) -> String {
        String(decoding: bytes[part.range], as: UTF8.self)
    }

    package func areSame(_ one: Part, _ other: Part) -> Bool {
        sameBytes(bytes.span.extracting(one.range), bytes.span.extracting(other.range))
    }

    package func holds(_ text: StaticString, at part: Part) -> Bool { sameBytes(bytes.span.extracting(part.range), text) }

    /// The value of the first field called `name` (lower case).
    package func first(_ name: StaticString) -> Part? {
        let bytes = bytes.span
        for field in fields where sameBytes(bytes.extracting(field.name.range), name) { return field.value }
        return nil
    }

    /// Every value of the field called `name` (lower case), first to last.
    package func all(_ name: StaticString) -> [Part] {
        let bytes = bytes.span
        var values: [Part] = []
        for field in fields where sameBytes(bytes.extracting(field.name.range), name) { values.append(field.value) }
        return values
    }

    /// The fields as texts.
    package var headers: HeaderList {
        HeaderList(reading: fields.map { HeaderList.Field(name: text($0.name), value: text($0.value)) })
    }

    /// Puts the names into lower case.
    package mutating func lowercaseNames() {
        for field in fields {
            for index in field.name.range { bytes[index] = bytes[index].lowercased }
        }
    }
}

extension RequestMessage {
    /// A request that came to us as texts.
    package init(_ request: WebRequest) {
        self.init(bytes: [])
        method = append(request.method.utf8)
        target = append(request.target.utf8)
        authority = append(request.authority.utf8)
        scheme = sameBytes(request.scheme, "https") ? .https : .http
        for field in request.headers.fields {
            fields.append(Field(name: append(field.name.utf8), value: append(field.value.utf8)))
        }
    }
}

/// Whether two runs of bytes are the same.
package func sameBytes(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
    guard one.count == other.count else { return false }
    for index in one.indices where one[index] != other[index] { return false }
    return true
}

package func sameBytes(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
    guard bytes.count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { text in
        for index in bytes.indices where bytes[index] != text[index] { return false }
        return true
    }
}

package func hasPrefix(_ bytes: Span<UInt8>, _ prefix: [UInt8]) -> Bool {
    bytes.count >= prefix.count && sameBytes(bytes.extracting(0..<prefix.count), prefix.span)
}

package func hasPrefix(_ bytes: Span<UInt8>, _ prefix: StaticString) -> Bool {
    let length = prefix.utf8CodeUnitCount
    return bytes.count >= length && sameBytes(bytes.extracting(0..<length), prefix)
}
