import JOSE

/// A written grant in one piece, with an assertion's claims and signature as the bytes that they are: base64url would hide what two
/// of them have in common.
struct OpenedReply {
    /// How the pieces are put together again.
    struct Layout: Sendable {
        /// Of the headers, what stands before the claims; all of it where there is no assertion.
        var head = 0
        var claims = 0
        var signature = 0
        /// What stands behind the signature.
        var tail = 0
        var metadata = 0

        var count: Int { head + claims + signature + tail + metadata }
    }

    private(set) var bytes: [UInt8]
    private let layout: Layout

    init(_ written: WrittenGrant) {
        guard let token = Token(in: written.headers) else {
            layout = Layout(head: written.headers.count, metadata: written.metadata.count)
            bytes = written.headers + written.metadata
            return
        }
        let tail = written.headers[token.end...]
        bytes = written.headers[..<token.claimsStart] + token.claims + token.signature + tail + written.metadata
        layout = Layout(
            head: token.claimsStart, claims: token.claims.count, signature: token.signature.count, tail: tail.count,
            metadata: written.metadata.count)
    }

    func writeLayout(to writer: inout PackedWriter) {
        for count in [layout.head, layout.claims, layout.signature, layout.tail, layout.metadata] { writer.write(count: count) }
    }
}

extension OpenedReply.Layout {
    /// A reply is never longer.
    private static let maximumCount: UInt64 = 1 << 20

    init(_ reader: inout PackedReader) throws(PackedReader.Damaged) {
        func count() throws(PackedReader.Damaged) -> Int {
            let number = try reader.unsigned()
            guard number <= Self.maximumCount else { throw PackedReader.Damaged() }
            return Int(truncatingIfNeeded: number)
        }
        (head, claims, signature, tail, metadata) = (try count(), try count(), try count(), try count(), try count())
    }

    /// - Parameter opened: `count` bytes.
    func closed(_ opened: [UInt8]) -> WrittenGrant {
        let claimsEnd = head + claims
        let signatureEnd = claimsEnd + signature
        let headersEnd = signatureEnd + tail
        var headers: [UInt8] = []
        headers.reserveCapacity(headersEnd + (claims + signature) / 3 + 4)
        headers.append(contentsOf: opened[..<head])
        if claims + signature > 0 {
            Base64URL.append(opened.span.extracting(head..<claimsEnd), to: &headers)
            headers.append(UInt8(ascii: "."))
            Base64URL.append(opened.span.extracting(claimsEnd..<signatureEnd), to: &headers)
        }
        headers.append(contentsOf: opened[signatureEnd..<headersEnd])
        return WrittenGrant(headers: headers, metadata: Array(opened[headersEnd...]), isSound: true)
    }
}

/// The first JWT in some bytes (RFC 7519), which begins with `{"` in base64url.
private struct Token {
    let claimsStart: Int
    let claims: [UInt8]
    let signature: [UInt8]
    let end: Int

    init?(in bytes: [UInt8]) {
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: "eyJ".utf8) }) else { return nil }
        func letters(from start: Int) -> ArraySlice<UInt8> { bytes[start...].prefix { Self.isLetter($0) } }
        func isDot(_ place: Int) -> Bool { place < bytes.count && bytes[place] == UInt8(ascii: ".") }
        let header = letters(from: start)
        guard isDot(header.endIndex) else { return nil }
        let middle = letters(from: header.endIndex + 1)
        guard isDot(middle.endIndex), !middle.isEmpty, let claims = Base64URL.decode(letters: middle) else { return nil }
        let last = letters(from: middle.endIndex + 1)
        guard !last.isEmpty, let signature = Base64URL.decode(letters: last) else { return nil }
        (claimsStart, end) = (middle.startIndex, last.endIndex)
        (self.claims, self.signature) = (claims, signature)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
