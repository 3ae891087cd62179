import JOSE
import RelyingParty
import Web

/// What became of one request.
enum Fetched: Sendable {
    /// With the moments between which it was answered.
    case response(ProviderResponse, asked: UnixTime, answered: UnixTime)
    case failed(UpstreamFailure)

    static func get(_ url: String, over exchange: any ProviderExchange, accept: String = "application/json") async -> Fetched {
        let asked = WallClock.system.now
        do throws(UpstreamFailure) {
            let response = try await exchange.exchange(ProviderRequest(url: url, headers: ["accept": accept]))
            return .response(response, asked: asked, answered: WallClock.system.now)
        } catch { return .failed(error) }
    }

    var response: ProviderResponse? {
        switch self {
        case .response(let response, _, _): response
        case .failed: nil
        }
    }

    /// The body, where it was answered with 200 and JSON.
    var json: JSONValue? {
        guard let response, response.status == 200 else { return nil }
        return try? JSONReader.read(response.body)
    }
}
