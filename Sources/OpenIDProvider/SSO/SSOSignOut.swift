import Accounts
import JOSE
import Web

/// Ends accounts: in their browsers' sessions, with their grants, and with a notice for every client that took part.
struct SSOSignOut: Sendable {
    let issuer: Issuer

    /// - Parameter reason: for the audit log.
    func end(
        _ accounts: [SSOAccount], reason: String? = nil, client: String? = nil, _ request: WebRequest
    ) async throws(ProviderStoreFailure) {
        let notices = accounts.flatMap { self.notices(of: $0) }
        try await issuer.sso.end(
            SSOEnding(accountIDs: accounts.map(\.id), notices: notices),
            keepingOffline: issuer.settings.sessions.keepsOfflineAccess)
        // Grants that go on still ask with them.
        if !issuer.settings.sessions.keepsOfflineAccess {
            try await issuer.upstream.dropUpstreamTokens(accountIDs: accounts.map(\.id))
        }
        for account in accounts {
            let identity = Identity(issuer: issuer.settings.issuer, subject: account.subject, claims: account.user.claims)
            issuer.record(.signOut, reason, identity: identity, client: client, request: request)
        }
        if !notices.isEmpty { issuer.logoutBell.ring() }
    }

    /// Ends all that one person has: in every browser, and every grant of theirs, also those with `offline_access` and those that
    /// began without a browser.
    /// - Parameter kept: the id of the account that goes on with its own grants.
    func endAll(ofSubject subject: String, reason: String, except kept: String? = nil) async throws(ProviderStoreFailure) {
        let nobody = WebRequest(method: "", scheme: "", authority: "", target: "")
        var accounts: [SSOAccount] = []
        for id in try await issuer.sso.accounts(ofSubject: subject) where kept.map({ !sameBytes($0, id) }) ?? true {
            if let account = try await issuer.sso.session(ofAccount: id)?.account(id) { accounts.append(account) }
        }
        if !accounts.isEmpty { try await end(accounts, reason: reason, nobody) }
        let count = try await issuer.store.endGrants(subject: subject, exceptSessionID: kept)
        if count > 0 {
            issuer.record(
                .revocation, "\(count) grants: \(reason)",
                identity: Identity(issuer: issuer.settings.issuer, subject: subject, claims: JSONObject()), request: nobody)
        }
    }

    private func notices(of account: SSOAccount) -> [LogoutNotice] {
        let now = issuer.clock.now
        return account.clients.compactMap { id in
            guard issuer.settings.client(id)?.backChannelLogoutURI != nil else { return nil }
            return LogoutNotice(
                id: issuer.randomness.token(16), clientID: id, sessionID: account.id, subject: account.subject, createdAt: now,
                nextAttemptAt: now)
        }
    }
}
