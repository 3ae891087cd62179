import AuthService
import Web

/// Writes a decision for the gateways that let a request pass on any 2xx, with the headers of the reply that their
/// configuration names, and give every other response to the client whole: Traefik, Caddy, HAProxy with our script.
enum ForwardedReply {
    static func make(_ decision: Decision) -> WebResponse {
        switch Verdict(decision, gatewayCarriesPages: false) {
        case .allow(let accepted): allow(accepted)
        case .answer(let response, _): response
        }
    }

    /// Status 200 with every header of ours, empty where there is nothing to say: a gateway that copies it overwrites the client's.
    static func allow(_ accepted: Accepted) -> WebResponse {
        var headers = HeaderList()
        for header in accepted.headersToSet { headers.add(header.name, header.value) }
        for name in accepted.headersToRemove { headers.add(name, "") }
        for cookie in accepted.cookies { headers.add("set-cookie", cookie) }
        return WebResponse(status: 200, headers: headers)
    }
}
