import JOSE

extension Sessions {
    /// Ends what a provider's notice names from the next request on, once.
    func end(by notice: SignOutNotice) async throws(StoreFailure) -> SignOutNotice.Outcome {
        let ending = areInCookies ? ending(.init(notice)) : nil
        let outcome = try await store.signOut(notice, remembering: ending)
        if case .ended(let sessions) = outcome {
            for session in sessions { cache.drop(session.key) }
            if let ending { forget([ending.marks]) }
        }
        return outcome
    }

    /// Ends every session that is meant, from the next request on.
    /// - Returns: those that it ended; none where cookies hold them, since nobody knows how many there are.
    @discardableResult
    package func endAll(_ selection: SessionSelection) async throws(StoreFailure) -> [EndedSession] {
        guard areInCookies else {
            let ended = try await store.deleteAll(selection)
            forget(ended.map(\.key))
            return ended
        }
        let ending = ending(.init(selection))
        try await store.remember(ending)
        forget([ending.marks])
        return []
    }

    /// Of all sessions that there are by now, remembered as long as the longest of their cookies lives.
    private func ending(_ marks: SessionEnding.Marks) -> SessionEnding {
        let now = clock.now
        return SessionEnding(marks: marks, endedAt: now, rememberUntil: now.adding(lifetimes.lifetime))
    }

    /// Whoever has the marks is looked up again: the store knows who began later.
    func forget(_ endings: [SessionEnding.Marks]) {
        guard !endings.isEmpty else { return }
        cache.drop { session in endings.contains { $0.fit(session) } }
    }

    func forget(_ keys: [SessionKey]) {
        guard !keys.isEmpty else { return }
        if areInCookies {
            let over = Set(keys)
            cache.drop { over.contains($0.key) }
        } else {
            for key in keys { cache.drop(key) }
        }
    }
}
