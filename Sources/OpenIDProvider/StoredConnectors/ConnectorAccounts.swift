package import JOSE
import Web

/// The connectors of the store, for those who administer them.
package struct ConnectorAccounts: Sendable {
    /// So many at most: all of them are in memory, and on the page that asks where to sign in.
    package static let maximumConnectors = 100
    /// With those that were deleted.
    static let maximumIDs = 1000
    private static let maximumTries = 5

    let connectors: StoredConnectors
    let issuer: Issuer

    package enum Change: Sendable {
        case changed(StoredConnectors.Known)
        /// There is a connector with this id.
        case taken
        case gone
        /// In words for an administrator.
        case refused(String)
    }

    /// What is wrong with an edit, in words for an administrator.
    package struct Complaint: Error, Sendable {
        let text: String

        package init(_ text: String) { self.text = text }
    }

    package var all: [StoredConnectors.Known] { connectors.all }

    package func connector(_ id: String) -> StoredConnectors.Known? {
        connectors.known(id).flatMap { $0.stored.isDeleted ? nil : $0 }
    }

    /// What is said of a connector, its secrets too; `nil`: no key opens it.
    package func members(of known: StoredConnectors.Known) -> JSONObject? { connectors.sealing.opened(known.stored) }

    /// Makes a connector.
    package func add(id: String, _ members: JSONObject) async throws(ProviderStoreFailure) -> Change {
        try await connectors.follow()
        if issuer.isDeleted(connector: id) {
            return .refused("a connector with this id was deleted, and the id is part of subjects: choose another")
        }
        guard issuer.connector(id) == nil, connectors.known(id) == nil else { return .taken }
        guard connectors.all.count < Self.maximumConnectors, connectors.count < Self.maximumIDs else {
            return .refused("there are \(Self.maximumConnectors) connectors, or \(Self.maximumIDs) with those that were deleted")
        }
        if let problem = await problem(members, id: id) { return .refused(problem) }
        let connector = StoredConnector(id: id, sealed: try sealed(members, id: id), createdAt: issuer.clock.now)
        guard try await connectors.store.create(connector) else { return .taken }
        return await outcome(connector)
    }

    /// Changes what is said of a connector.
    /// - Parameter edit: is told what is said of it now, or `nil` where no key opens that.
    package func change(
        id: String, _ edit: (JSONObject?) throws(Complaint) -> JSONObject
    ) async throws(ProviderStoreFailure) -> Change {
        for _ in 0..<Self.maximumTries {
            try await connectors.follow()
            guard let known = connector(id) else { return .gone }
            let before = members(of: known)
            let members: JSONObject
            do throws(Complaint) { members = try edit(before) } catch { return .refused(error.text) }
            if members == before { return .changed(known) }
            if let problem = await problem(members, id: id) { return .refused(problem) }
            let connector = known.stored.next(sealed: try sealed(members, id: id))
            if try await connectors.store.replace(connector) { return await outcome(connector) }
        }
        throw Self.tooBusy
    }

    /// Deletes a connector: nobody signs in there any more, and whoever has ends when a client or the browser's session asks for them
    /// again. The id stays taken, so that nobody who signs in elsewhere becomes one of its users.
    package func delete(id: String) async throws(ProviderStoreFailure) -> Change {
        for _ in 0..<Self.maximumTries {
            try await connectors.follow()
            guard let known = connector(id) else { return .gone }
            guard try await connectors.store.replace(known.stored.next(sealed: "")) else { continue }
            await connectors.followIfPossible()
            return .changed(known)
        }
        throw Self.tooBusy
    }

    private static let tooBusy = ProviderStoreFailure(detail: "a connector changed again and again while it was changed")

    /// Why no connector could be made of it here.
    private func problem(_ members: JSONObject, id: String) async -> String? {
        do throws(UnusableConnector) {
            await (try connectors.make(id, members)).close()
            return nil
        } catch { return error.reason }
    }

    private func outcome(_ connector: StoredConnector) async -> Change {
        await connectors.followIfPossible()
        return .changed(connectors.known(connector.id) ?? .init(stored: connector, state: .unusable(.init("not read yet"))))
    }

    private func sealed(_ members: JSONObject, id: String) throws(ProviderStoreFailure) -> String {
        do { return try connectors.sealing.sealed(members, id: id) } catch {
            throw ProviderStoreFailure(detail: "a connector cannot be sealed")
        }
    }
}

extension StoredConnector {
    fileprivate func next(sealed: String) -> StoredConnector {
        StoredConnector(
            id: id, sealed: sealed, createdAt: createdAt, version: version.addingReportingOverflow(1).partialValue)
    }
}
