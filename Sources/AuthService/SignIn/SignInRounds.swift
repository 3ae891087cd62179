import JOSE

/// How often this browser was signed in lately: a browser that does not bring its session back would be sent round for ever.
/// Lives in the sealed cookie of the sign-in, 9 bytes whatever the count.
struct SignInRounds: Sendable, Equatable {
    private(set) var count: UInt8 = 0
    private(set) var since = UnixTime(seconds: 0)

    /// Seconds in which rounds count together.
    static let window: Int64 = 60
    private static let maximum: UInt8 = 3

    /// With one more sign-in that has come to its end.
    func adding(at now: UnixTime) -> SignInRounds {
        guard isRecent(now) else { return SignInRounds(count: 1, since: now) }
        return SignInRounds(count: count == .max ? count : count + 1, since: since)
    }

    /// Whether one more sign-in would only go round once more.
    func isLoop(at now: UnixTime) -> Bool { count >= Self.maximum && isRecent(now) }

    private func isRecent(_ now: UnixTime) -> Bool { (0..<Self.window).contains(now.since(since)) }

    var bytes: [UInt8] { [count] + since.bigEndianBytes }

    /// - Parameter bytes: as `bytes` gives them; anything else counts as none.
    init(bytes: some Collection<UInt8>) {
        guard bytes.count == 9, let first = bytes.first else { return }
        count = first
        since = UnixTime(bigEndianBytes: bytes.dropFirst())
    }

    init() {}

    private init(count: UInt8, since: UnixTime) {
        self.count = count
        self.since = since
    }
}

extension UnixTime {
    /// 8 bytes.
    var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: seconds >> Int64(56 - 8 * $0)) } }

    init(bigEndianBytes bytes: some Sequence<UInt8>) {
        self.init(seconds: bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) })
    }
}
