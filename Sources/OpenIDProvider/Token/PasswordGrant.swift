import JOSE
import Logging
import OpenIDConnect
import Web

/// A user's login and password in the client's hands (RFC 6749 §4.3): for old programs, where the operator names a connector for it.
struct PasswordGrant {
    private static let lengths = 1...1024

    let issuer: Issuer

    static func isPlausible(_ request: TokenRequest) -> Bool {
        lengths.contains(request["username"]?.utf8.count ?? 0) && lengths.contains(request["password"]?.utf8.count ?? 0)
    }

    func take(_ request: inout TokenRequest) async throws(ProviderStoreFailure) -> TokenRefusal? {
        guard let id = issuer.settings.passwordConnector, let connector = issuer.connector(id)?.asPasswordConnector,
            let client = request.client, let scope = request.scope
        else { return TokenRefusal(.unsupportedGrantType, "the grant_type is not known here") }
        let password = Secret(utf8: request["password"] ?? "")
        let check = PasswordCheck(connector: connector, web: request.web, issuer: issuer)
        switch await check.answer(login: request["username"] ?? "", password: password) {
        case .authenticated(let user):
            let isEnough = try await SecondFactors(issuer: issuer).lets(
                user, of: connector.id, signInByPasswordAloneAt: client)
            // Nobody can be asked for it here.
            guard isEnough else { return .grant("the user has to sign in with a second factor, on the sign-in page") }
            request.grant = issuer.newGrant(user, connectorID: connector.id, client: client, scope: scope, now: request.now)
            return nil
        case .wrong: return .grant("the user name or the password is not right")
        case .tooMany(let seconds): return .tooMany(retryAfter: seconds)
        case .busy: return .unavailable()
        case .failed(let detail):
            issuer.logger.error(
                "a password could not be checked",
                metadata: ["detail": .string(detail), "request_id": .string(request.web.id)])
            return .unavailable(retryAfter: 30)
        }
    }
}

extension Issuer {
    /// A grant for somebody who did not come by the sign-in page. Lasts until it is begun.
    func newGrant(
        _ user: ConnectorUser, connectorID: String, client: Client, scope: Scope, now: UnixTime
    ) -> GrantRecord {
        GrantRecord(
            id: randomness.identifier(), sessionID: randomness.identifier(), clientID: client.id,
            subject: Subject.of(user, connectorID: connectorID), connectorID: connectorID, user: user, authTime: now,
            scope: scope, createdAt: now, expiresAt: now.adding(settings.lifetimes(of: client).authorizationCode))
    }
}
