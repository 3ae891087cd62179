extension FuzzTarget {
    /// Frames behind a client's preface. The first byte says in which pieces they arrive.
    static let http2 = FuzzTarget("http2", maximumBytes: 4096) { (input) throws(Violation) in
        guard let first = input.first else { return }
        let bytes = ClientFrames.hello + input.dropFirst()
        let whole = try HTTP2Outcome(of: [bytes])
        try require(whole.isSound, "what we send is sound: \(whole.frames)")
        try require(!whole.allows, "nothing is allowed: \(whole.frames)")
        let pieces = try HTTP2Outcome(of: bytes.pieces(of: Int(first) + 1))
        // Who says goodbye before the last byte is there is not waited for.
        guard !whole.endsInPeace, !pieces.endsInPeace else { return }
        try require(
            pieces.exchange == whole.exchange, "in pieces of \(Int(first) + 1): \(pieces.frames), in one: \(whole.frames)")
    }

    /// One header block (RFC 7541), whole and over CONTINUATION frames. The first byte says where it is cut.
    static let headerBlock = FuzzTarget("header-block", maximumBytes: 2048) { (input) throws(Violation) in
        guard let first = input.first else { return }
        let block = [UInt8](input.dropFirst())
        let whole = try HTTP2Outcome(of: [ClientFrames.hello + ClientFrames.headers(block)])
        try require(whole.isSound, "what we send is sound: \(whole.frames)")
        let size = max(Int(first), block.count / 16 + 1)
        let parts = block.pieces(of: size)
        guard let start = parts.first else { return }
        var frames = ClientFrames.headers(start, ends: parts.count == 1)
        for (number, part) in parts.enumerated().dropFirst() {
            frames += ClientFrames.continuation(part, ends: number == parts.count - 1)
        }
        let continued = try HTTP2Outcome(of: [ClientFrames.hello + frames])
        try require(continued.exchange == whole.exchange, "cut into \(parts.count): \(continued.frames), in one: \(whole.frames)")
    }
}

/// What a client of HTTP/2 sends, as far as the targets do not leave it to the input.
enum ClientFrames {
    /// Preface, SETTINGS, and the ACK of ours.
    static let hello =
        [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0] + [0, 0, 0, 4, 1, 0, 0, 0, 0]

    static func headers(_ block: [UInt8], ends: Bool = true) -> [UInt8] { frame(1, ends ? 5 : 1, block) }
    static func continuation(_ block: [UInt8], ends: Bool) -> [UInt8] { frame(9, ends ? 4 : 0, block) }

    /// Of stream 1.
    private static func frame(_ type: UInt8, _ flags: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [UInt8(truncatingIfNeeded: payload.count >> 16), UInt8(truncatingIfNeeded: payload.count >> 8)]
            + [UInt8(truncatingIfNeeded: payload.count), type, flags, 0, 0, 0, 1] + payload
    }
}
