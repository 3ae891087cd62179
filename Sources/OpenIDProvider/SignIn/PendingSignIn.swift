import JOSE
import Web

/// A sign-in that waits for its user: the authorization request out of the sealed text that the browser carries.
struct PendingSignIn: Sendable {
    let sealed: String
    let request: AuthorizationRequest
    let client: Client

    enum Outcome: Sendable {
        case pending(PendingSignIn)
        /// Too old. The application is at `home`.
        case expired(application: String, home: String?)
        /// Not sealed by us, or for a client or redirect URI that is no longer registered.
        case unknown
    }

    static func read(_ fields: FormFields?, issuer: Issuer) -> Outcome {
        guard let fields, !fields.hasDuplicates(of: SignInEndpoint.requestField),
            let sealed = fields.first(SignInEndpoint.requestField),
            let request = AuthorizationRequest(sealed: sealed, keys: issuer.requestKeys)
        else { return .unknown }
        return outcome(of: request, sealed: sealed, issuer)
    }

    /// - Parameter sealed: as the browser carries it.
    static func outcome(of request: AuthorizationRequest, sealed: String, _ issuer: Issuer) -> Outcome {
        guard let client = client(of: request, issuer) else { return .unknown }
        guard !request.isExpired(at: issuer.clock.now) else {
            return .expired(application: client.name, home: Origin(request.redirectURI).map { "\($0)/" })
        }
        return .pending(PendingSignIn(sealed: sealed, request: request, client: client))
    }

    /// `nil` where it or the redirect URI is no longer registered.
    static func client(of request: AuthorizationRequest, _ issuer: Issuer) -> Client? {
        guard let client = issuer.settings.client(request.clientID),
            RedirectURI.isRegistered(request.redirectURI, for: client) || request.isOfDevice(issuer)
        else { return nil }
        return client
    }

    func flow(_ web: WebRequest, _ issuer: Issuer) -> AuthorizationFlow {
        AuthorizationFlow(issuer: issuer, web: web, client: client, request: request)
    }
}
