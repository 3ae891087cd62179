import JOSE
import Logging
import RelyingParty
import Web

/// What is told to the provider when a session of ours ends.
struct UpstreamSignOut: Sendable {
    let parts: AuthServiceParts
    let returnKeys: SealingKeys

    /// The provider's end session endpoint (RP-Initiated Logout §2), which sends the browser back to our page; `nil` where it has
    /// none or cannot be asked.
    /// - Parameter target: where our page sends the browser on to.
    func url(_ session: Session, target: String?, _ origin: Origin) async -> String? {
        let state = target.flatMap {
            try? SignOutReturn(target: $0, startedAt: parts.clock.now).sealed(with: returnKeys)
        }
        return await provider(of: session)?.client.endSessionURL(
            idTokenHint: session.idToken, postLogoutRedirectURI: "\(origin)\(parts.ownPath)/sign-out", state: state)
    }

    /// Revokes the refresh token (RFC 7009): on the slow lane, since nobody's sign-out waits for a provider that does not answer.
    func revoke(_ session: Session) async {
        guard let token = session.refreshToken, let provider = provider(of: session) else { return }
        let logger = parts.logger
        let job: @Sendable () async -> Void = {
            do throws(UpstreamFailure) { _ = try await provider.client.revoke(refreshToken: token) } catch {
                logger?.warning(
                    "a refresh token was not revoked",
                    metadata: ["provider": .string(provider.id), "reason": .string(error.detail)])
            }
        }
        guard let lane = parts.lane else { return await job() }
        if !lane.submit(job) {
            logger?.warning("a refresh token was not revoked", metadata: ["reason": "the slow lane is full"])
        }
    }

    private func provider(of session: Session) -> SignInProvider? {
        parts.providers.first { sameBytes($0.id, session.providerID) }
    }
}
