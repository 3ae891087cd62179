import JOSE
import OpenIDConnect
import Web

/// A question about a token (RFC 7662 §2.1).
struct IntrospectionRequest: ClientCall {
    static let name = "introspection request"

    let web: WebRequest
    let fields: FormFields?
    let now: UnixTime
    var client: Client?

    init(_ web: WebRequest, now: UnixTime) {
        self.web = web
        self.now = now
        fields = FormBody.fields(web)
    }
}

/// Every check of the introspection endpoint, in order. What the client may not know is answered `active: false`, no refusal (§2.2).
enum IntrospectionChecks {
    static let all: [ClientCallCheck<IntrospectionRequest>] =
        ClientCallChecks.all + [
            .init("client not public", "RFC 7662 §2.1, §4") { call, _ in
                call.client?.isPublic ?? true ? .client(triedHeader: false, why: "a public client") : nil
            },
            .init("token given", "RFC 7662 §2.1") { call, _ in
                call["token"] == nil ? .init(.invalidRequest, "token is missing") : nil
            },
        ]
}
