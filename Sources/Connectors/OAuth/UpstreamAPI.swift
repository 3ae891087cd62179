import JOSE
package import OpenIDProvider
import RelyingParty
package import Web

/// Why an API does not say who somebody is.
package enum APITrouble: Error, Sendable, Equatable {
    /// 401: the access token is expired or revoked.
    case tokenRefused
    /// 403 or 404: this token may not see it, or there is no such thing.
    case hidden(status: Int)
    case refused(UpstreamRefusal)
    case failed(UpstreamFailed)
}

/// An upstream's HTTP API, asked with one person's access token.
struct UpstreamAPI: Sendable {
    let exchange: any ProviderExchange
    let accessToken: Secret
    let clock: WallClock
    /// In place of `application/json`.
    var accept = "application/json"
    /// In place of the access token: what our client proves itself with.
    var clientAuthorization: String?

    /// More pages than these are an error: half a list could open or close the wrong door.
    private static let maximumPages = 50

    struct Reply: Sendable {
        let json: JSONValue
        let headers: HeaderList
    }

    func get(_ url: String) async throws(APITrouble) -> Reply {
        try await send(ProviderRequest(url: url))
    }

    func post(_ url: String, _ body: JSONValue) async throws(APITrouble) -> Reply {
        try await send(
            ProviderRequest(method: .post, url: url, headers: ["content-type": "application/json"], body: body.jsonBytes))
    }

    /// Every element of a list that comes in pages (`Link` of RFC 8288, `rel="next"`). The token goes nowhere but below `base`.
    func list(_ url: String, below base: String) async throws(APITrouble) -> [JSONValue] {
        var elements: [JSONValue] = []
        var next: String? = url
        for _ in 0..<Self.maximumPages {
            guard let url = next else { return elements }
            let reply = try await get(url)
            guard let page = reply.json.array else { throw .notUnderstood("a list was expected") }
            elements += page
            next = LinkHeader.next(reply.headers)
            if let next, !next.utf8.starts(with: "\(base)/".utf8) { throw .notUnderstood("the next page is elsewhere") }
        }
        guard next == nil else { throw .notUnderstood("more than \(Self.maximumPages) pages") }
        return elements
    }

    private func send(_ request: ProviderRequest) async throws(APITrouble) -> Reply {
        guard accessToken.bytes.allSatisfy({ (0x21...0x7E).contains($0) }), !accessToken.isEmpty else {
            throw .notUnderstood("the access token fits no header")
        }
        var request = request
        request.headers.add("authorization", clientAuthorization ?? "Bearer " + accessToken.text)
        request.headers.add("accept", accept)
        // GitHub answers nobody without it.
        request.headers.add("user-agent", "gatehouse")
        let response: ProviderResponse
        do throws(UpstreamFailure) { response = try await exchange.exchange(request) } catch {
            throw .failed(UpstreamFailed(error))
        }
        return try read(response)
    }

    private func read(_ response: ProviderResponse) throws(APITrouble) -> Reply {
        switch response.status {
        case 200:
            guard let json = try? JSONReader.read(response.body) else { throw .notUnderstood("the answer is not JSON") }
            return Reply(json: json, headers: response.headers)
        case 401: throw .tokenRefused
        case 403 where isLimit(response), 429:
            throw .failed(UpstreamFailed(detail: "the API's rate limit is reached", retryAfter: retryAfter(response)))
        case 403, 404: throw .hidden(status: response.status)
        default: throw .failed(UpstreamFailed(detail: "the API answers \(response.status)", retryAfter: retryAfter(response)))
        }
    }

    /// GitHub's limits are 403 as well: the first one says how many requests are left, the second when to come again. Google says so
    /// in the answer's body.
    private func isLimit(_ response: ProviderResponse) -> Bool {
        response.headers.first("x-ratelimit-remaining") == "0" || response.headers.first("retry-after") != nil
            || Self.reasons(response).contains { Self.limits.contains($0) }
    }

    private static let limits = ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"]

    private static func reasons(_ response: ProviderResponse) -> [String] {
        let error = (try? JSONReader.read(response.body))?.object?["error"]?.object
        return (error?["errors"]?.array ?? []).compactMap { $0.object?["reason"]?.string }
    }

    private func retryAfter(_ response: ProviderResponse) -> Int64? {
        if let seconds = response.headers.first("retry-after").flatMap({ Int64($0) }) { return max(1, seconds) }
        return response.headers.first("x-ratelimit-reset").flatMap { Int64($0) }.map {
            max(1, UnixTime(seconds: $0).since(clock.now))
        }
    }
}

extension APITrouble {
    static func notUnderstood(_ detail: String) -> APITrouble { .failed(UpstreamFailed(detail: detail)) }
}

/// `Link` (RFC 8288).
package enum LinkHeader {
    /// The URL of the relation `next`, where there is one.
    package static func next(_ headers: HeaderList) -> String? {
        for line in headers.all("link") {
            for link in line.split(separator: ",") {
                let parts = link.split(separator: ";").map(trimmed)
                guard let target = parts.first, target.hasPrefix("<"), target.hasSuffix(">"),
                    parts.dropFirst().contains(where: { $0 == "rel=\"next\"" || $0 == "rel=next" })
                else { continue }
                return String(target.dropFirst().dropLast())
            }
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text = text.dropLast() }
        return text
    }
}
