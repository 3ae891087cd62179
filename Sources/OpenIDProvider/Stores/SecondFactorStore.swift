/// Where the provider keeps second factors. Every operation either has happened when it returns, or throws `ProviderStoreFailure`;
/// there is no in-between.
package protocol SecondFactorStore: Sendable {
    /// An account's, the oldest first.
    func secondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [SecondFactor]

    /// Those of whoever has this subject.
    func secondFactors(ofSubject subject: String) async throws(ProviderStoreFailure) -> [SecondFactor]

    /// The one with this `credentialID`, whosever it is.
    func secondFactor(credentialID: [UInt8]) async throws(ProviderStoreFailure) -> SecondFactor?

    /// Whether anybody of a connector's has one of this kind.
    func hasSecondFactor(_ kind: SecondFactor.Kind, ofConnector connectorID: String) async throws(ProviderStoreFailure) -> Bool

    /// Writes new ones in one transaction: all or none.
    /// - Returns: `false`, with nothing written, where an id or a credential id is taken, or the account has one of a kind already of
    ///   which it can have one.
    func add(_ factors: [SecondFactor]) async throws(ProviderStoreFailure) -> Bool

    /// Compare-and-swap: replaces the stored one of `factor.id` if its version is `factor.version - 1`, as one atomic step. Of any
    /// number of callers who use the same code exactly one is told `true`.
    func replace(_ factor: SecondFactor) async throws(ProviderStoreFailure) -> Bool

    /// Deletes one.
    /// - Returns: whether there was one.
    func removeSecondFactor(id: String) async throws(ProviderStoreFailure) -> Bool

    /// Deletes all of an account.
    /// - Returns: how many there were.
    func removeSecondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> Int
}
