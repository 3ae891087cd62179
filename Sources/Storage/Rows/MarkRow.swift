/// A name and its numbers as a row.
enum MarkRow {
    static func columns(_ kind: StoredKind) -> [String] {
        switch kind {
        case .nameTaken: ["name", "expires_at"]
        case .revokedSession: ["key", "expires_at"]
        case .endedSession: ["digest", "ended_at", "remember_until"]
        case .signOutNotice: ["digest", "remember_until"]
        case .refreshClaim: ["key", "version", "claimed_until"]
        // Of these there is one row at most.
        case .latestBeginning: ["id", "moment"]
        case .signingKey, .client, .connector, .user, .invitation, .secondFactor, .consent, .grant, .authorizationCode,
            .providerSession,
            .logoutNotice, .device, .pushedRequest, .upstreamTokens, .session, .personalToken:
            []
        }
    }

    static func values(_ mark: StoredMark) -> [ColumnValue] {
        [mark.kind == .latestBeginning ? .integer(1) : .of(mark.name)] + mark.numbers.map { .of($0) }
    }

    static func read(_ row: some StoredRow, _ kind: StoredKind) throws -> StoredMark {
        let columns = columns(kind)
        let name = kind == .latestBeginning ? [] : try row.bytes(columns.first ?? "")
        return StoredMark(kind: kind, name: name, numbers: try columns.dropFirst().map { try row.integer($0) })
    }
}
