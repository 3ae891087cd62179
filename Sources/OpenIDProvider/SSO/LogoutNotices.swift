import JOSE
import Logging
import Web

/// Tells clients of sign-outs (OpenID Connect Back-Channel Logout §2.5): out of the store, so that a restart loses none, and again
/// with growing pauses until the client says 200 or the notice is too old.
package struct LogoutNotices: Sendable {
    /// What became of one attempt.
    package enum Outcome: Sendable, Equatable {
        /// The status of the client's answer.
        case answered(Int)
        /// `detail` is for the log.
        case unreachable(detail: String)
    }

    private let issuer: Issuer

    init(issuer: Issuer) { self.issuer = issuer }

    /// So many are sent at once.
    private static let batch = 20
    /// For so long an attempt belongs to whoever took it, in seconds: longer than an attempt takes.
    private static let claim: Int64 = 15
    private static let longestPause: Int64 = 3600

    /// Rings when there is something new to send.
    package var bell: LogoutBell { issuer.logoutBell }

    /// Sends what is due.
    /// - Parameter post: sends one form to a client.
    /// - Returns: how many were tried.
    package func send(
        _ post: @escaping @Sendable (_ url: String, _ form: String) async -> Outcome
    ) async throws(ProviderStoreFailure) -> Int {
        let now = issuer.clock.now
        let due = try await issuer.sso.claimNotices(dueAt: now, until: now.adding(Self.claim), limit: Self.batch)
        let failure = await withTaskGroup(of: ProviderStoreFailure?.self) { group in
            for notice in due {
                group.addTask {
                    do throws(ProviderStoreFailure) {
                        try await send(notice, post)
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(nil) { $0 ?? $1 }
        }
        if let failure { throw failure }
        return due.count
    }

    private func send(
        _ notice: LogoutNotice, _ post: @Sendable (String, String) async -> Outcome
    ) async throws(ProviderStoreFailure) {
        let now = issuer.clock.now
        guard let client = issuer.settings.client(notice.clientID), let url = client.backChannelLogoutURI,
            now.since(notice.createdAt) < issuer.settings.sessions.noticeLifetime
        else {
            log(notice, "given up: the client is gone, or it did not answer in time")
            return try await issuer.sso.dropNotice(id: notice.id)
        }
        guard let key = issuer.keyring.key(issuer.settings.signingAlgorithm(of: client)),
            let token = try? LogoutToken(issuer: issuer, client: client, notice: notice, now: now).signed(with: key)
        else { return log(notice, "no key signs for the client") }
        switch await post(url, QueryString([("logout_token", token.text)]).encoded) {
        case .answered(let status) where (200...299).contains(status): try await issuer.sso.dropNotice(id: notice.id)
        case .answered(let status): try await postpone(notice, "answered \(status)")
        case .unreachable(let detail): try await postpone(notice, detail)
        }
    }

    private func postpone(_ notice: LogoutNotice, _ reason: String) async throws(ProviderStoreFailure) {
        log(notice, reason)
        let next = issuer.clock.now.adding(Self.pause(after: notice.attempts))
        try await issuer.sso.postponeNotice(id: notice.id, until: next)
    }

    /// 1, 4, 16, 64 … seconds, an hour at most.
    static func pause(after attempts: Int) -> Int64 {
        min(longestPause, 1 << Int64(min(max(attempts, 0), 8) * 2))
    }

    private func log(_ notice: LogoutNotice, _ reason: String) {
        issuer.logger.warning(
            "a client was not told of a sign-out",
            metadata: ["client": .string(notice.clientID), "reason": .string(reason), "attempt": "\(notice.attempts + 1)"])
    }
}

/// A logout token (Back-Channel Logout §2.4).
struct LogoutToken {
    let issuer: Issuer
    let client: Client
    let notice: LogoutNotice
    let now: UnixTime

    /// Seconds for which one attempt's token is valid (§2.4: two minutes at most).
    private static let life: Int64 = 120

    /// Each attempt has a `jti` of its own: a client whose answer got lost takes it once more.
    func signed(with key: SigningKey) throws -> Secret {
        let claims = JSONObject([
            ("iss", .string(issuer.settings.issuer)), ("aud", .string(client.id)), ("sub", .string(notice.subject)),
            ("sid", .string(notice.sessionID)), ("iat", .integer(now.seconds)), ("exp", .integer(now.adding(Self.life).seconds)),
            ("jti", .string(issuer.randomness.token(16))),
            ("events", ["http://schemas.openid.net/event/backchannel-logout": [:]]),
        ])
        return Secret(utf8: try JSONWebSignature.sign(claims, type: "logout+jwt", with: key))
    }
}
