package import JOSE
import Web

/// Who is signed in at the provider in which browsers, for those who administer it.
package struct SSOAdministration: Sendable {
    /// One person in one browser, without anything that a cookie could be made of.
    package struct Entry: Sendable {
        /// `sid` in tokens.
        package let id: String
        package let account: SSOAccount
        package let isRemembered: Bool
        package let createdAt: UnixTime
        package let lastUsedAt: UnixTime
        package let expiresAt: UnixTime
    }

    private let issuer: Issuer

    init(issuer: Issuer) { self.issuer = issuer }

    /// Those who are still signed in, the last used first.
    /// - Parameters:
    ///   - user: a subject, an e-mail address or a user name; `nil`: everybody.
    ///   - limit: how many browsers' sessions are looked at.
    package func list(user: String?, limit: Int) async throws(ProviderStoreFailure) -> [Entry] {
        let sessions = SSOSessions(issuer: issuer)
        return try await issuer.sso.sessions(ofUser: user, limit: limit).compactMap(sessions.live).flatMap { session in
            session.accounts.filter { account in user.map(account.isCalled) ?? true }.map { account in
                Entry(
                    id: account.id, account: account, isRemembered: session.isRemembered, createdAt: session.createdAt,
                    lastUsedAt: session.lastUsedAt, expiresAt: session.expiresAt)
            }
        }
    }

    /// Signs somebody out in one browser: their clients are told.
    /// - Returns: whether they were signed in.
    package func end(id: String) async throws(ProviderStoreFailure) -> Bool {
        guard let account = try await issuer.sso.session(ofAccount: id)?.account(id) else { return false }
        try await end([account])
        return true
    }

    /// Signs a person out in every browser.
    /// - Returns: in how many.
    package func end(user: String) async throws(ProviderStoreFailure) -> Int {
        let accounts = try await issuer.sso.sessions(ofUser: user, limit: .max).flatMap(\.accounts).filter { $0.isCalled(user) }
        if !accounts.isEmpty { try await end(accounts) }
        return accounts.count
    }

    private func end(_ accounts: [SSOAccount]) async throws(ProviderStoreFailure) {
        let nobody = WebRequest(method: "", scheme: "", authority: "", target: "")
        try await SSOSignOut(issuer: issuer).end(accounts, reason: "an administrator ended the session", nobody)
    }
}
