package import OpenIDProvider

/// Second factors in memory. Gone with the process.
package actor MemorySecondFactorStore: SecondFactorStore {
    /// In the order in which they were added.
    private var rows: [SecondFactor] = []

    package init() {}

    package func secondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [SecondFactor] {
        rows.filter { $0.account == account }
    }

    package func secondFactors(ofSubject subject: String) async throws(ProviderStoreFailure) -> [SecondFactor] {
        rows.filter { $0.account.subject == subject }
    }

    package func secondFactor(credentialID: [UInt8]) async throws(ProviderStoreFailure) -> SecondFactor? {
        rows.first { $0.credentialID == credentialID }
    }

    package func hasSecondFactor(
        _ kind: SecondFactor.Kind, ofConnector connectorID: String
    ) async throws(ProviderStoreFailure) -> Bool {
        rows.contains { $0.kind == kind && $0.account.connectorID == connectorID }
    }

    package func add(_ factors: [SecondFactor]) async throws(ProviderStoreFailure) -> Bool {
        var next = rows
        for factor in factors {
            try RecordLimit.checkProvider(SecondFactorRow.values(factor))
            guard !next.contains(where: { Self.excludes($0, factor) }) else { return false }
            next.append(factor)
        }
        rows = next
        return true
    }

    private static func excludes(_ one: SecondFactor, _ other: SecondFactor) -> Bool {
        if one.id == other.id { return true }
        guard let credentialID = other.credentialID else {
            return one.credentialID == nil && one.account == other.account && one.kind == other.kind
        }
        return one.credentialID == credentialID
    }

    package func replace(_ factor: SecondFactor) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(SecondFactorRow.values(factor))
        guard let index = rows.firstIndex(where: { $0.id == factor.id }), rows[index].version == factor.version &- 1 else {
            return false
        }
        rows[index] = factor
        return true
    }

    package func removeSecondFactor(id: String) async throws(ProviderStoreFailure) -> Bool {
        let before = rows.count
        rows.removeAll { $0.id == id }
        return rows.count < before
    }

    package func removeSecondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> Int {
        let before = rows.count
        rows.removeAll { $0.account == account }
        return before - rows.count
    }
}
