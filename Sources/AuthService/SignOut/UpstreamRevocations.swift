import JOSE
package import Logging
import RelyingParty
import Web

/// Revokes at their providers the refresh tokens of sessions that have ended (RFC 7009): on the slow lane, since nobody's sign-out
/// waits for a provider that does not answer.
package struct UpstreamRevocations: Sendable {
    private let providers: [SignInProvider]
    private let lane: SlowLane?
    private let logger: Logger?

    /// - Parameter lane: `nil`: revoked before the answer.
    package init(providers: [SignInProvider], lane: SlowLane?, logger: Logger?) {
        self.providers = providers
        self.lane = lane
        self.logger = logger
    }

    /// After so many failures in a row a provider is left alone: everybody's sessions may have ended at once.
    private static let maximumFailures = 3

    func revoke(_ ended: [EndedSession]) async {
        let tokens = ended.compactMap { session in session.refreshToken.map { (providerID: session.providerID, token: $0) } }
        guard !tokens.isEmpty else { return }
        let job: @Sendable () async -> Void = { await revokeAll(tokens) }
        guard let lane else { return await job() }
        if !lane.submit(job) { warn(tokens.count, "the slow lane is full") }
    }

    private func revokeAll(_ tokens: [(providerID: String, token: Secret)]) async {
        for provider in providers {
            let own = tokens.filter { sameBytes($0.providerID, provider.id) }.map(\.token)
            await revoke(own, at: provider)
        }
    }

    private func revoke(_ tokens: [Secret], at provider: SignInProvider) async {
        var failed = 0
        var failuresInARow = 0
        var reason = ""
        for token in tokens {
            guard failuresInARow < Self.maximumFailures else {
                failed += 1
                continue
            }
            do throws(UpstreamFailure) {
                _ = try await provider.client.revoke(refreshToken: token)
                failuresInARow = 0
            } catch {
                (failed, failuresInARow, reason) = (failed + 1, failuresInARow + 1, error.detail)
            }
        }
        if failed > 0 { warn(failed, "provider \(provider.id): \(reason)") }
    }

    private func warn(_ count: Int, _ reason: String) {
        logger?.warning(
            "refresh tokens were not revoked", metadata: ["count": "\(count)", "reason": .string(reason)])
    }
}
