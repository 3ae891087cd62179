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

    var failure: LDAPFailure { LDAPFailure(isTransient: false, "not done with the directory after \(limit) seconds") }

    /// How long one question may take: as long as one may at all, or what is left.
    func share(of seconds: Int64) throws(LDAPFailure) -> Duration {
        let left = end - .now
        guard left > .zero else { throw failure }
        return min(left, .seconds(seconds))
    }
}
