package import JOSE
import OpenIDConnect
import Web

/// A provider's notice that it has ended a session or all of a person's (OpenID Connect Back-Channel Logout §2.4), after every check.
package struct LogoutToken: Sendable, Equatable {
    package let issuer: String
    /// At least one of `subject` and `sessionID` is there.
    package let subject: String?
    package let sessionID: String?
    /// `jti`, by which a second use is known.
    package let id: String
    /// From then on the token is refused for its age: so long its `id` has to be remembered.
    package let endsAt: UnixTime
}

package enum LogoutTokenOutcome: Sendable {
    case valid(LogoutToken)
    case refused(IDTokenRefusal)
}

extension RelyingParty {
    /// Whether a token that nobody has verified yet claims to be from this client's provider, for this client.
    package func isNamed(by token: JSONWebSignature) -> Bool {
        guard let issuer = token.claims["iss"]?.string, sameBytes(issuer, client.issuer) else { return false }
        return token.claims["aud"]?.stringList?.contains { sameBytes($0, client.clientID) } ?? false
    }

    /// Checks a notice of sign-out; whether it comes for the second time is for whoever keeps the sessions to see.
    package func logoutToken(_ token: JSONWebSignature) async throws(UpstreamFailure) -> LogoutTokenOutcome {
        let offered = try await directory.metadata().idTokenSigningAlgorithms
        let expected = IDTokenExpectation(
            issuer: client.issuer, clientID: client.clientID,
            algorithms: client.algorithms.filter { offered.contains($0.rawValue) }, clockSkew: client.clockSkew, nonce: .any)
        var facts = IDTokenFacts(token: token, expected: expected, now: clock.now, key: nil)
        if let algorithm = facts.algorithm { facts.key = try await directory.key(id: token.keyID, algorithm: algorithm) }
        return LogoutTokenValidation.outcome(of: facts)
    }
}
