import JOSE
import OpenIDConnect
import Web

/// An authorization request that its client gives to us before the browser comes (RFC 9126 §2.1).
struct PushedRequest: ClientCall {
    static let name = "pushed authorization request"

    let web: WebRequest
    let fields: FormFields?
    let now: UnixTime
    var client: Client?
    /// As the authorization endpoint will find them.
    var parameters: AuthorizationParameters?

    init(_ web: WebRequest, now: UnixTime) {
        self.web = web
        self.now = now
        fields = FormBody.fields(web)
    }

    /// What belongs to the authorization request, and not to the client's authentication.
    var ownFields: FormFields? {
        let others = ["client_secret", "client_assertion", "client_assertion_type"]
        var query = QueryString()
        for field in fields?.fields ?? [] where !others.contains(field.name) && field.name != "client_id" {
            query.add(field.name, field.value)
        }
        query.add("client_id", client?.id)
        return FormFields(query: query.encoded)
    }
}

/// Every check of the endpoint for pushed requests, in order. The authorization endpoint's own checks are the last: what they would
/// refuse later is refused at once.
enum PushedRequestChecks {
    static let all: [ClientCallCheck<PushedRequest>] =
        ClientCallChecks.all + [
            .init("not too many from there", "RFC 9126 §7.1") { call, issuer in
                // Confidential clients have proved who they are.
                guard call.client?.isPublic ?? true else { return nil }
                return issuer.deviceBounds.requests.take(call.web.clientAddress, now: call.now).map { .tooMany(retryAfter: $0) }
            },
            .init("no request_uri", "RFC 9126 §2.1") { call, _ in
                call["request_uri"] == nil ? nil : .init(.invalidRequest, "request_uri cannot be pushed")
            },
            .init("request object good", "RFC 9126 §3") { call, issuer throws(ProviderStoreFailure) in
                guard let fields = call.ownFields else { return .init(.invalidRequest, "the parameters cannot be read") }
                call.parameters = try await AuthorizationParameters(fields, settings: issuer.settings, source: .plain)
                    .resolved(issuer, mayRefer: false)
                guard case .badObject(let why)? = call.parameters?.source else { return nil }
                var refusal = TokenRefusal(.invalidRequestObject, "the request object is not valid")
                refusal.detail = why
                return refusal
            },
            .init("a good authorization request", "RFC 9126 §2.1 (3)") { call, _ in
                guard let parameters = call.parameters else { return .init(.invalidRequest, "the parameters cannot be read") }
                for check in AuthorizationChecks.all {
                    guard let error = check.refusal(parameters.asPushed) else { continue }
                    var refusal = TokenRefusal(error.code, error.description)
                    refusal.detail = "\(check.name) (\(check.section))"
                    return refusal
                }
                return nil
            },
        ]
}

extension AuthorizationParameters {
    /// What is plain now will have been pushed when the authorization endpoint looks at it; unless it should have been signed.
    fileprivate var asPushed: AuthorizationParameters {
        source == .signed || source == .plain && !(client?.requiresSignedRequests ?? false) ? from(.pushed) : self
    }
}
