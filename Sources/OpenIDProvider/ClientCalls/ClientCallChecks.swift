import OpenIDConnect
import Web

/// What every call of a client must fulfil, in order, before its endpoint's own checks.
enum ClientCallChecks<Call: ClientCall> {
    static var all: [ClientCallCheck<Call>] {
        [
            .init("method POST", "RFC 6749 §3.2") { call, _ in sameBytes(call.web.method, "POST") ? nil : .method() },
            .init("content type form", "RFC 6749 §4.1.3") { call, _ in
                FormBody.isForm(call.web)
                    ? nil : .init(.invalidRequest, "the content type must be application/x-www-form-urlencoded")
            },
            .init("parameters readable", "RFC 6749 §3.2") { call, _ in
                call.fields == nil ? .init(.invalidRequest, "the parameters cannot be read") : nil
            },
            .init("no parameter twice", "RFC 6749 §3.2") { call, _ in
                call.fields.flatMap(repeated) == nil ? nil : .init(.invalidRequest, "a parameter comes twice")
            },
            .init("one client authentication", "RFC 6749 §2.3") { call, _ in
                guard case .ambiguous = call.credentials else { return nil }
                return .init(.invalidRequest, "the client authenticates in more than one way")
            },
            .init("client authenticated", "RFC 6749 §3.2.1, RFC 7523 §3, RFC 8705 §2") {
                call, issuer throws(ProviderStoreFailure) in
                let credentials = call.credentials
                let authentication = ClientAuthentication(issuer: issuer, now: call.now, certificate: call.certificate)
                switch try await authentication.outcome(of: credentials) {
                case .client(let client):
                    call.client = client
                    return nil
                case .refused(let why): return .client(triedHeader: credentials.triedHeader, why: why)
                }
            },
        ]
    }

    /// `audience` and `resource` may come more than once (RFC 8693 §2.1, RFC 8707 §2).
    private static func repeated(_ fields: FormFields) -> String? {
        let once = fields.fields.filter { !sameBytes($0.name, "audience") && !sameBytes($0.name, "resource") }
        return once.indices.first { index in once[..<index].contains { sameBytes($0.name, once[index].name) } }
            .map { once[$0].name }
    }
}
