import JOSE
import OpenIDConnect
import Web

/// A request at a client's own place (RFC 7592 §2), and the client there.
struct ConfigurationFacts: Sendable {
    let request: RegistrationRequest
    /// `nil`: there is none.
    let client: StoredClient?
    let registered: RegisteredClients

    /// Whether the request has the client's registration access token.
    var isAllowed: Bool {
        guard let token = request.bearer, let kept = client?.registration else { return false }
        return registered.matches(kept, token)
    }

    /// Whether the request names the client's secret, or none.
    var namesTheSecret: Bool {
        guard let value = request.members?["client_secret"] else { return true }
        guard let given = value.string, let client, let secret = registered.registration.secret(of: client) else { return false }
        return Secret(utf8: given).matches(secret)
    }
}

/// One thing that such a request must fulfil.
struct ConfigurationCheck: Sendable {
    /// What is said where it does not.
    let refusal: RegistrationCheck
    let isFulfilled: @Sendable (ConfigurationFacts, IssuerSettings) -> Bool

    init(
        _ name: String, _ section: String, _ code: OAuthError.Code, _ description: String, status: Int = 400,
        _ isFulfilled: @escaping @Sendable (ConfigurationFacts) -> Bool
    ) {
        refusal = RegistrationCheck(name, section, code, description, status: status) { _, _ in false }
        self.isFulfilled = { facts, _ in isFulfilled(facts) }
    }

    /// What is asked of a new registration is asked of a change as well.
    init(_ check: RegistrationCheck) {
        refusal = check
        isFulfilled = { facts, settings in check.isFulfilled(facts.request, settings) }
    }
}

/// Every check of a client's own place, in order.
enum ConfigurationChecks {
    static func of(_ method: String) -> [ConfigurationCheck] {
        sameBytes(method, "PUT") ? access + update + RegistrationChecks.metadata.map(ConfigurationCheck.init) : access
    }

    private static let access: [ConfigurationCheck] = [
        .init(
            "method GET, PUT or DELETE", "RFC 7592 §2", .invalidRequest, "this endpoint takes GET, PUT and DELETE only",
            status: 405
        ) { ["GET", "PUT", "DELETE"].contains($0.request.web.method) },
        .init(
            "registration access token", "RFC 7592 §2, RFC 6750 §3.1", .invalidToken,
            "the registration access token is missing or wrong, or there is no such client", status: 401
        ) { $0.isAllowed },
        .init("not disabled", "RFC 7592 §2.1", .accessDenied, "an administrator has disabled this client", status: 403) {
            $0.client?.description.isDisabled == false
        },
    ]

    /// For a client that is gone by the time it could be changed.
    static let unknown = access[1].refusal

    private static let update: [ConfigurationCheck] = [
        .init("its own id", "RFC 7592 §2.2", .invalidClientMetadata, "client_id has to be the id of this client") { facts in
            guard let id = facts.request.members?["client_id"]?.string, let client = facts.client else { return false }
            return sameBytes(id, client.id)
        },
        .init(
            "nothing that is ours to say", "RFC 7592 §2.2", .invalidClientMetadata,
            "registration_access_token, registration_client_uri, client_secret_expires_at and client_id_issued_at are not the client's to set"
        ) { facts in
            ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"]
                .allSatisfy { facts.request.members?[$0] == nil }
        },
        .init(
            "no secret of its own choice", "RFC 7592 §2.2", .invalidClientMetadata,
            "client_secret has to be the one that the client has"
        ) { $0.namesTheSecret },
    ]
}
