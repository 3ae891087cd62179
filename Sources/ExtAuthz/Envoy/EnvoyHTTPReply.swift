import AuthService
import Web

/// Writes a decision for Envoy's HTTP mode, in which status 200 alone lets a request pass and its headers go on to the
/// application (those that the gateway's `allowed_upstream_headers` names).
enum EnvoyHTTPReply {
    static func make(_ decision: Decision) -> WebResponse {
        switch Verdict(decision, gatewayCarriesPages: false) {
        case .allow(let accepted): allow(accepted)
        case .answer(let response, _): response
        }
    }

    /// This mode cannot remove a header: an empty value overwrites the client's.
    private static func allow(_ accepted: Accepted) -> WebResponse {
        var headers = HeaderList()
        for header in accepted.headersToSet { headers.add(header.name, header.value) }
        for name in accepted.headersToRemove { headers.add(name, "") }
        for cookie in accepted.cookies { headers.add("set-cookie", cookie) }
        return WebResponse(status: 200, headers: headers)
    }
}
