import Connectors
import JOSE
import OpenIDProvider
import RelyingParty
import Synchronization
import Testing
import Web

/// What is kept of an OAuth 2.0 upstream's tokens when they are renewed, against an upstream that answers as a test says.
struct OAuthRenewalTests {
    /// Every refresh token is good once. The API answers while it is not told to fail.
    private final class Upstream: ProviderExchange {
        struct State {
            var next = 1
            var apiStatus = 200
            var used: [String] = []
        }

        let state = Mutex(State())

        func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
            state.withLock { state in
                request.url.hasSuffix("/token")
                    ? Self.token(String(decoding: request.body, as: UTF8.self), &state)
                    : ProviderResponse(status: state.apiStatus, body: Array(#"{"id": "eve", "user_name": "Eve"}"#.utf8))
            }
        }

        private static func token(_ body: String, _ state: inout State) -> ProviderResponse {
            guard body.contains("refresh_token=rt-\(state.next)") else {
                return ProviderResponse(status: 400, body: Array(#"{"error": "invalid_grant"}"#.utf8))
            }
            state.used.append("rt-\(state.next)")
            state.next += 1
            let tokens =
                #"{"access_token": "at", "token_type": "bearer", "expires_in": 30, "refresh_token": "rt-\#(state.next)"}"#
            return ProviderResponse(status: 200, headers: ["content-type": "application/json"], body: Array(tokens.utf8))
        }
    }

    private let upstream = Upstream()
    private let eve = ConnectorUser(id: "eve", claims: JSONObject())
    /// With an access token that has expired.
    private let kept = Secret(utf8: #"{"access_token": "at", "refresh_token": "rt-1", "expires_at": 1, "groups": false}"#)

    private var connector: OAuthConnector {
        OAuthConnector(
            id: "corp", name: "Corp", redirectURI: nil,
            client: OAuthClient(
                client: ProviderClient(id: "corp", issuer: "", clientID: "app", clientSecret: Secret(utf8: "secret")),
                authorizationURL: "https://up.example.com/authorize", tokenURL: "https://up.example.com/token",
                exchange: upstream, clock: .system),
            scopes: [], profile: OAuthProfile(userInfoURL: "https://up.example.com/me"), exchange: upstream, clock: .system)
    }

    @Test(arguments: [500, 503, 429]) func theNewRefreshTokenOutlivesAnAPIThatFails(status: Int) async throws {
        upstream.state.withLock { $0.apiStatus = status }
        guard case .failed(_, let next?) = await connector.refresh(eve, kept: kept) else {
            Issue.record("the new tokens are lost")
            return
        }
        upstream.state.withLock { $0.apiStatus = 200 }
        // Its access token has all but expired, too.
        guard case .current(let user, let last) = await connector.refresh(eve, kept: next) else {
            Issue.record("the upstream does not take what was kept")
            return
        }
        #expect(user.id == "eve" && last.text.contains("rt-3"))
        #expect(upstream.state.withLock { $0.used } == ["rt-1", "rt-2"])
    }

    @Test func anAPIThatFailsBeforeAnythingIsRenewedLeavesWhatWasKept() async throws {
        upstream.state.withLock { $0.apiStatus = 503 }
        let fresh = Secret(utf8: #"{"access_token": "at", "refresh_token": "rt-1", "groups": false}"#)
        guard case .failed(_, nil) = await connector.refresh(eve, kept: fresh) else {
            Issue.record("nothing new was given")
            return
        }
        #expect(upstream.state.withLock { $0.used } == [])
    }
}
