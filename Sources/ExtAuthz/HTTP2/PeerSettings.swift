import NIOCore

/// What the client's SETTINGS ask of us (RFC 9113 section 6.5.2).
struct PeerSettings {
    /// The send window of a new stream.
    private(set) var initialWindow = 65_535
    private(set) var frame = 16_384
    /// The client has said how large its header table is: our next header block has to answer that.
    var resizesTable = false

    private struct Setting {
        let id: UInt16
        let values: ClosedRange<UInt32>
        let code: HTTP2ErrorCode
        let apply: @Sendable (inout PeerSettings, UInt32) -> Void
    }

    private static let known: [Setting] = [
        // SETTINGS_HEADER_TABLE_SIZE
        Setting(id: 0x1, values: .min ... .max, code: .protocolError) { settings, _ in settings.resizesTable = true },
        // SETTINGS_ENABLE_PUSH: we never push
        Setting(id: 0x2, values: 0...1, code: .protocolError) { _, _ in },
        // SETTINGS_INITIAL_WINDOW_SIZE
        Setting(id: 0x4, values: 0...0x7fff_ffff, code: .flowControlError) { $0.initialWindow = Int($1) },
        // SETTINGS_MAX_FRAME_SIZE
        Setting(id: 0x5, values: 16_384...16_777_215, code: .protocolError) { $0.frame = Int($1) },
    ]

    /// Takes the payload of a SETTINGS frame. Settings that are not in the table are ignored.
    mutating func take(_ payload: ByteBuffer) throws(HTTP2Failure) {
        var payload = payload
        while let (id, value) = payload.readMultipleIntegers(as: (UInt16, UInt32).self) {
            guard let setting = Self.known.first(where: { $0.id == id }) else { continue }
            guard setting.values.contains(value) else { throw .connection(setting.code, "value of setting \(id)") }
            setting.apply(&self, value)
        }
    }

    /// Ours.
    static let advertised: [(id: UInt16, value: Int)] = [
        (id: 0x3, value: HTTP2Limits.streams), (id: 0x4, value: HTTP2Limits.streamWindow),
        (id: 0x6, value: HTTP2Limits.headerList),
    ]
}
