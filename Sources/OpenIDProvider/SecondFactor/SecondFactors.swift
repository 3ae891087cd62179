import Accounts
import JOSE
import Web

/// People's second factors: looked up, set up, taken away. What is proved with them is `SecondFactorCode`'s.
struct SecondFactors: Sendable {
    let issuer: Issuer

    var store: any SecondFactorStore { issuer.secondFactors }

    /// What somebody can sign in with; empty where they have set up nothing that stands by itself.
    func usable(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [SecondFactor] {
        let all = try await store.secondFactors(of: account)
        return all.contains(where: \.kind.stands) ? all : []
    }

    /// An authenticator app that somebody has proved to have, and recovery codes where there are none yet.
    /// - Parameter step: of the code that proved it.
    /// - Returns: the new recovery codes; `nil` where the account has an app already.
    func addTOTP(
        key: Secret, step: Int64, to account: SecondFactorAccount
    ) async throws(ProviderStoreFailure) -> [Secret]? {
        let now = issuer.clock.now
        let app = SecondFactor(
            id: issuer.randomness.identifier(), account: account, kind: .totp,
            sealed: try SealedKey.seal(key, of: account, issuer.secondFactorKeys), counter: step, createdAt: now, lastUsedAt: now)
        return try await add(app)
    }

    /// Writes a factor that stands by itself. Whoever has none yet gets recovery codes with it.
    /// - Returns: these, or none; `nil` where the factor is there already.
    func add(_ factor: SecondFactor) async throws(ProviderStoreFailure) -> [Secret]? {
        if let codes = try await addFirst(factor) { return codes }
        // Recovery codes came with another one at the same moment: they are this one's, too. Where it is not so, the second try says the
        // same as the first.
        return try await addFirst(factor)
    }

    /// - Returns: as `add`; `nil` also where somebody else's recovery codes came first.
    private func addFirst(_ factor: SecondFactor) async throws(ProviderStoreFailure) -> [Secret]? {
        let before = try await store.secondFactors(of: factor.account)
        guard !before.contains(where: { $0.kind == .recoveryCodes }) else {
            return try await store.add([factor]) ? [] : nil
        }
        let (row, codes) = newRecoveryCodes(factor.account)
        return try await store.add([factor, row]) ? codes : nil
    }

    /// New codes in place of those that are left.
    /// - Returns: `nil` where there is nothing that they could stand in for, or somebody else was faster.
    func regenerateRecoveryCodes(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [Secret]? {
        let factors = try await usable(of: account)
        guard !factors.isEmpty else { return nil }
        let (row, codes) = newRecoveryCodes(account)
        guard let old = factors.first(where: { $0.kind == .recoveryCodes }) else {
            return try await store.add([row]) ? codes : nil
        }
        return try await store.replace(old.changed { $0.details = row.details }) ? codes : nil
    }

    /// Takes one away; with the last that stands by itself the recovery codes go, too.
    /// - Returns: its kind; `nil` where the account has none with this id.
    func remove(id: String, of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> SecondFactor.Kind? {
        let factors = try await store.secondFactors(of: account)
        guard let factor = factors.first(where: { sameBytes($0.id, id) }), factor.kind.stands,
            try await store.removeSecondFactor(id: factor.id)
        else { return nil }
        if try await usable(of: account).isEmpty { _ = try await store.removeSecondFactors(of: account) }
        return factor.kind
    }

    private func newRecoveryCodes(_ account: SecondFactorAccount) -> (row: SecondFactor, codes: [Secret]) {
        let codes = RecoveryCodes.made(issuer.randomness)
        let row = SecondFactor(
            id: issuer.randomness.identifier(), account: account, kind: .recoveryCodes,
            details: RecoveryCodes.details(codes, of: account), createdAt: issuer.clock.now)
        return (row, codes)
    }
}
