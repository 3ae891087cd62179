import AuthService
import NIOHTTP1
import Web

/// Writes a decision for the gateways that let a request pass on any 2xx, with the headers of the reply that their
/// configuration names, and give every other response to the client whole: Traefik, Caddy, HAProxy with our script.
enum ForwardedReply {
    static func make(_ decision: Decision, to head: HTTPRequestHead) -> WebResponse {
        switch Verdict(decision, forwarded: head) {
        case .allow(let accepted): allow(accepted)
        case .answer(let response, _): response
        }
    }

    private static func allow(_ accepted: Accepted) -> WebResponse {
        var headers = HeaderList()
        for header in accepted.namedHeaders { headers.add(header.name, header.value) }
        for cookie in accepted.cookies { headers.add("set-cookie", cookie) }
        return WebResponse(status: 200, headers: headers)
    }
}
