/// When a sign-in, or a refresh, has to be done with the directory: whoever waits for it is told then.
struct LDAPDeadline: Sendable {
    private let end: ContinuousClock.Instant
    private let limit: Int64

    /// - Parameter seconds: from now.
    init(in seconds: Int64) {
        end = .now + .seconds(seconds)
        limit = seconds
    }

    var isOver: Bool { ContinuousClock.now >= end }

    /// - Parameter isSpent: whether the time ended while a question was open.
    func failure(isSpent: Bool) -> LDAPFailure {
        LDAPFailure(isTransient: false, isSpent: isSpent, "not done with the directory after \(limit) seconds")
    }

    func check() throws(LDAPFailure) {
        if isOver { throw failure(isSpent: false) }
    }

    /// How long one question may take: as long as one may at all, or what is left.
    func share(of seconds: Int64) throws(LDAPFailure) -> Duration {
        let left = end - .now
        guard left > .zero else { throw failure(isSpent: false) }
        return min(left, .seconds(seconds))
    }
}
