package import JOSE
package import OpenIDProvider

// What the provider seals itself, under a secret that lies in the same storage, is sealed once more, under the configured keys. A
// value that nothing opens stays as it is, and whoever reads it refuses: as if it were not there, a second factor would let somebody
// in without it, an upstream would never be asked again, and another connector could take an id that is part of subjects.

/// What upstreams are asked again with, sealed.
package struct SealedUpstreamStore: UpstreamStore {
    private let store: any UpstreamStore
    private let sealing: StoreSealing

    package init(_ store: any UpstreamStore, sealing: StoreSealing) {
        self.store = store
        self.sealing = sealing
    }

    package func upstreamTokens(accountID: String) async throws(ProviderStoreFailure) -> UpstreamTokens? {
        guard var tokens = try await store.upstreamTokens(accountID: accountID) else { return nil }
        tokens.sealed = sealing.opened(tokens.sealed, of: .upstream(accountID)) ?? RecordKeys.mark
        return tokens
    }

    package func keep(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) { try await store.keep(try sealed(tokens)) }

    package func replace(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) -> Bool {
        try await store.replace(try sealed(tokens))
    }

    package func dropUpstreamTokens(accountIDs: [String]) async throws(ProviderStoreFailure) {
        try await store.dropUpstreamTokens(accountIDs: accountIDs)
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        try await store.sweep(expiredAt: expiredAt, limit: limit)
    }

    private func sealed(_ tokens: UpstreamTokens) throws(ProviderStoreFailure) -> UpstreamTokens {
        var tokens = tokens
        tokens.sealed = try sealing.sealing(tokens.sealed, of: .upstream(tokens.accountID))
        return tokens
    }
}

/// Second factors whose keys are sealed.
package struct SealedSecondFactorStore: SecondFactorStore {
    private let store: any SecondFactorStore
    private let sealing: StoreSealing

    package init(_ store: any SecondFactorStore, sealing: StoreSealing) {
        self.store = store
        self.sealing = sealing
    }

    package func secondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await store.secondFactors(of: account).map(opened)
    }

    package func secondFactors(ofSubject subject: String) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await store.secondFactors(ofSubject: subject).map(opened)
    }

    package func secondFactor(credentialID: [UInt8]) async throws(ProviderStoreFailure) -> SecondFactor? {
        try await store.secondFactor(credentialID: credentialID).map(opened)
    }

    package func hasSecondFactor(
        _ kind: SecondFactor.Kind, ofConnector connectorID: String
    ) async throws(ProviderStoreFailure) -> Bool {
        try await store.hasSecondFactor(kind, ofConnector: connectorID)
    }

    package func add(_ factors: [SecondFactor]) async throws(ProviderStoreFailure) -> Bool {
        try await store.add(try factors.map { factor throws(ProviderStoreFailure) in try sealed(factor) })
    }

    package func replace(_ factor: SecondFactor) async throws(ProviderStoreFailure) -> Bool {
        try await store.replace(try sealed(factor))
    }

    package func removeSecondFactor(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await store.removeSecondFactor(id: id)
    }

    package func removeSecondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> Int {
        try await store.removeSecondFactors(of: account)
    }

    /// One that nothing opens keeps its sealed text, so that a change of its name loses nothing; one in clear keeps nothing.
    private func opened(_ factor: SecondFactor) -> SecondFactor {
        var factor = factor
        let isSealed = RecordKeys.sealed(inText: factor.sealed) != nil
        factor.sealed =
            sealing.opened(factor.sealed, of: .secondFactor(factor.id)) ?? (isSealed ? factor.sealed : RecordKeys.mark)
        return factor
    }

    private func sealed(_ factor: SecondFactor) throws(ProviderStoreFailure) -> SecondFactor {
        var factor = factor
        factor.sealed = try sealing.sealing(factor.sealed, of: .secondFactor(factor.id))
        return factor
    }
}

/// Connectors whose configuration is sealed.
package struct SealedConnectorStore: DocumentStore {
    private let store: any ConnectorStore
    private let sealing: StoreSealing

    package init(_ store: any ConnectorStore, sealing: StoreSealing) {
        self.store = store
        self.sealing = sealing
    }

    package func documents(since revision: Int64?) async throws(ProviderStoreFailure) -> DocumentSnapshot<StoredConnector>? {
        guard let snapshot = try await store.documents(since: revision) else { return nil }
        return DocumentSnapshot(revision: snapshot.revision, documents: snapshot.documents.map(opened))
    }

    package func create(_ connector: StoredConnector) async throws(ProviderStoreFailure) -> Bool {
        try await store.create(try sealed(connector))
    }

    package func replace(_ connector: StoredConnector) async throws(ProviderStoreFailure) -> Bool {
        try await store.replace(try sealed(connector))
    }

    package func delete(id: String) async throws(ProviderStoreFailure) -> Bool { try await store.delete(id: id) }

    /// One that nothing opens is among them: it can be deleted, or written anew.
    private func opened(_ connector: StoredConnector) -> StoredConnector {
        var connector = connector
        connector.sealed = sealing.opened(connector.sealed, of: .connector(connector.id)) ?? RecordKeys.mark
        return connector
    }

    private func sealed(_ connector: StoredConnector) throws(ProviderStoreFailure) -> StoredConnector {
        var connector = connector
        connector.sealed = try sealing.sealing(connector.sealed, of: .connector(connector.id))
        return connector
    }
}

extension StoredConnector {
    /// The same, sealed like this.
    func with(_ sealed: [UInt8]) -> StoredConnector {
        var connector = self
        connector.sealed = RecordKeys.text(sealed)
        return connector
    }
}

extension StoreSealing {
    fileprivate func sealing(_ text: String, of name: RecordName) throws(ProviderStoreFailure) -> String {
        do { return try sealed(text, of: name) } catch {
            throw ProviderStoreFailure(detail: "cannot seal a value of kind \(name.kind)")
        }
    }
}
