package import AuthService
package import JOSE

/// Sessions whose tokens are sealed in the store. What the cache has of them is open: a check unseals nothing.
package struct SealedSessionStore: SessionStore {
    private let store: any SessionStore
    private let sealing: StoreSealing

    package init(_ store: any SessionStore, sealing: StoreSealing) {
        self.store = store
        self.sealing = sealing
    }

    package func create(_ session: Session) async throws(StoreFailure) { try await store.create(try sealed(session)) }

    /// A session whose tokens nothing opens is none: who has it signs in again. Without its tokens it would go on, and never again
    /// would the provider be asked whether it may.
    package func load(_ key: SessionKey) async throws(StoreFailure) -> Session? {
        try await store.load(key).flatMap(opened)
    }

    package func replace(_ session: Session) async throws(StoreFailure) -> Bool {
        try await store.replace(try sealed(session))
    }

    /// Those that nothing opens are among them, without their tokens: they can be ended.
    package func list(_ selection: SessionSelection, limit: Int) async throws(StoreFailure) -> [Session] {
        try await store.list(selection, limit: limit).map(told)
    }

    package func deleteAll(_ selection: SessionSelection) async throws(StoreFailure) -> [EndedSession] {
        try await store.deleteAll(selection).map { ended in
            guard let sealed = ended.sealedTokens else { return ended }
            var ended = ended
            ended.refreshToken = tokens(sealed, of: ended.key)?.refreshToken
            ended.sealedTokens = nil
            return ended
        }
    }

    package func signOut(
        _ notice: SignOutNotice, remembering ending: SessionEnding?
    ) async throws(StoreFailure) -> SignOutNotice.Outcome {
        switch try await store.signOut(notice, remembering: ending) {
        case .ended(let sessions): .ended(sessions.map(told))
        case .replayed: .replayed
        }
    }

    private func sealed(_ session: Session) throws(StoreFailure) -> Session {
        let tokens = SessionTokens(session)
        guard let keys = sealing.keys, !tokens.areNone else { return session }
        guard let sealed = try? keys.seal(tokens.bytes, of: .session(session.key)) else {
            throw StoreFailure(detail: "cannot seal the tokens of a session")
        }
        return session.with(SessionTokens(idToken: nil, refreshToken: nil, accessToken: nil), sealed: sealed)
    }

    private func opened(_ session: Session) -> Session? {
        guard let sealed = session.sealedTokens else {
            guard sealing.takesUnsealed || SessionTokens(session).areNone else {
                return sealing.refuse(SealedKind.session.rawValue, .inClear)
            }
            return session
        }
        return tokens(sealed, of: session.key).map { session.with($0) }
    }

    private func told(_ session: Session) -> Session {
        opened(session) ?? session.with(SessionTokens(idToken: nil, refreshToken: nil, accessToken: nil))
    }

    private func tokens(_ sealed: [UInt8], of key: SessionKey) -> SessionTokens? {
        sealing.keys?.open(sealed, of: .session(key)).flatMap { SessionTokens(bytes: $0.value) }
            ?? sealing.refuse(SealedKind.session.rawValue, .noKey)
    }
}

// What has nothing to do with tokens.
extension SealedSessionStore {
    package func touch(_ uses: [SessionUse]) async throws(StoreFailure) { try await store.touch(uses) }

    package func claimRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        try await store.claimRefresh(key, version: version, now: now, until: until)
    }

    package func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool { try await store.delete(key) }

    package func revoke(_ key: SessionKey, until expiresAt: UnixTime) async throws(StoreFailure) {
        try await store.revoke(key, until: expiresAt)
    }

    package func remember(_ ending: SessionEnding) async throws(StoreFailure) { try await store.remember(ending) }

    package func beginning(of session: Session) async throws(StoreFailure) -> UnixTime {
        try await store.beginning(of: session)
    }

    package func hasEnded(_ session: Session) async throws(StoreFailure) -> Bool { try await store.hasEnded(session) }

    package func claimCookieRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        try await store.claimCookieRefresh(key, version: version, now: now, until: until)
    }

    package func changes(since position: Int64?) async throws(StoreFailure) -> SessionChanges {
        try await store.changes(since: position)
    }

    package func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        try await store.sweep(expiredAt: expiredAt, idleBefore: idleBefore, limit: limit)
    }
}
