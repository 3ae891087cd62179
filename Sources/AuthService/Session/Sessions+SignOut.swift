extension Sessions {
    /// Ends what a provider's notice names from the next request on, once.
    func end(by notice: SignOutNotice) async throws(StoreFailure) -> SignOutNotice.Outcome {
        let outcome = try await store.signOut(notice)
        if case .ended(let sessions) = outcome {
            for session in sessions { cache.drop(session.key) }
        }
        return outcome
    }
}
