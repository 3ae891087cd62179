import JOSE
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

    private func provider(of session: Session) -> SignInProvider? {
        parts.providers.first { sameBytes($0.id, session.providerID) }
    }
}
