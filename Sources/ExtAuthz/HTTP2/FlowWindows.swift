/// How many bytes of DATA we may send: on a stream or on the connection (RFC 9113 section 6.9.1).
struct SendWindow {
    /// Negative after the client has made its windows smaller.
    private(set) var size: Int

    init(_ size: Int) {
        self.size = size
    }

    mutating func use(_ count: Int) {
        size -= count
    }

    /// `false`: the window would go beyond 2^31 - 1.
    mutating func grow(by increment: Int) -> Bool {
        guard size + increment <= 0x7fff_ffff else { return false }
        size += increment
        return true
    }
}

/// How many bytes of DATA the client may send.
struct ReceiveWindow {
    private let target: Int
    private var size: Int

    /// - Parameters:
    ///   - size: what the client knows of.
    ///   - target: what it is kept at.
    init(_ size: Int, target: Int) {
        self.size = size
        self.target = target
    }

    /// `false`: the client sent more than it may.
    mutating func use(_ count: Int) -> Bool {
        guard count <= size else { return false }
        size -= count
        return true
    }

    /// The increment to send, once at least half is used.
    mutating func refill() -> Int? {
        guard size <= target / 2 else { return nil }
        defer { size = target }
        return target - size
    }
}
