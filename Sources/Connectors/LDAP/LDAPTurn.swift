/// One sign-in, or one refresh, at a directory: its connections, and until when it may use them. On a thread of the pool.
struct LDAPTurn: Sendable {
    private let pool: LDAPPool
    let deadline: LDAPDeadline

    init(pool: LDAPPool, deadline: LDAPDeadline) {
        self.pool = pool
        self.deadline = deadline
    }

    /// Calls `body` with a connection, and with another where that one or its server has gone bad: it only asks.
    func with<Outcome>(
        _ purpose: LDAPPool.Purpose, _ body: (LDAPConnection) throws(LDAPFailure) -> Outcome
    ) throws(LDAPFailure) -> Outcome {
        try pool.with(purpose, until: deadline, body)
    }
}
