import JOSE
import OpenIDConnect
import Web

/// A token that its client is done with (RFC 7009 §2.1).
struct RevocationRequest: ClientCall {
    static let name = "revocation request"

    let web: WebRequest
    let fields: FormFields?
    let now: UnixTime
    var client: Client?
    /// `nil` for what is no token of ours, or none any more: that is no error (§2.2).
    var token: KnownToken?

    init(_ web: WebRequest, now: UnixTime) {
        self.web = web
        self.now = now
        fields = FormBody.fields(web)
    }
}

/// Every check of the revocation endpoint, in order.
enum RevocationChecks {
    static let all: [ClientCallCheck<RevocationRequest>] =
        ClientCallChecks.all + [
            .init("token given", "RFC 7009 §2.1") { call, _ in
                call["token"] == nil ? .init(.invalidRequest, "token is missing") : nil
            },
            .init("no ID token", "RFC 7009 §2.2.1") { call, issuer in
                issuer.verified(call["token"] ?? "")?.type == "jwt"
                    ? .init(.unsupportedTokenType, "ID tokens cannot be revoked") : nil
            },
            .init("token of this client", "RFC 7009 §2.1") { call, issuer throws(ProviderStoreFailure) in
                call.token = try await issuer.known(call["token"] ?? "")
                guard let token = call.token, !sameBytes(token.clientID, call.client?.id ?? "") else { return nil }
                return .init(.unauthorizedClient, "the token was issued to another client")
            },
        ]
}
