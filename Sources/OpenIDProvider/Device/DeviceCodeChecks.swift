import JOSE
import OpenIDConnect
import Web

/// What a device asks for when it begins (RFC 8628 §3.1).
struct DeviceCodeRequest: ClientCall {
    static let name = "device authorization request"

    let web: WebRequest
    let fields: FormFields?
    let now: UnixTime
    var client: Client?

    init(_ web: WebRequest, now: UnixTime) {
        self.web = web
        self.now = now
        fields = FormBody.fields(web)
    }

    /// As granted; `openid` where nothing is asked for. `nil` for what is malformed.
    var scope: Scope? {
        guard let client else { return nil }
        let text = self["scope"] ?? ClaimScope.openID
        guard text.utf8.count <= AuthorizationChecks.maximumScopeBytes, let asked = Scope(parsing: text) else { return nil }
        return client.granted(asked)
    }
}

/// Every check of the device authorization endpoint, in order.
enum DeviceCodeChecks {
    static let all: [ClientCallCheck<DeviceCodeRequest>] =
        ClientCallChecks.all + [
            .init("not too many from there", "RFC 8628 §5.1") { call, issuer in
                issuer.deviceBounds.requests.take(call.web.clientAddress, now: call.now).map { .tooMany(retryAfter: $0) }
            },
            .init("grant type allowed", "RFC 6749 §5.2") { call, _ in
                call.client?.grantTypes.contains(.deviceCode) ?? false
                    ? nil : .init(.unauthorizedClient, "the client may not use the device flow")
            },
            .init("scope readable", "RFC 6749 §3.3") { call, _ in
                call.scope == nil ? .init(.invalidScope, "scope is malformed or longer than 2 KiB") : nil
            },
            .init("peers trust the client", "RFC 6749 §3.3") { call, issuer in
                guard let client = call.client, let scope = call.scope else { return nil }
                return issuer.settings.arePeersTrusting(client, scope)
                    ? nil : .init(.invalidScope, "a client that scope names is unknown or does not trust this one")
            },
        ]
}
