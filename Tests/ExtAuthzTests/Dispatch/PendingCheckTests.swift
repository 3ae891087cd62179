import AuthService
import ExtAuthz
import NIOCore
import NIOPosix
import Testing
import Web

/// What happens to checks that have to wait, over HTTP/1 and a real listener.
struct PendingCheckTests {
    /// Long enough for a free lane to begin among hundreds of tests that begin at once.
    private static let patience = patience(queued: .seconds(20))
    private static let request = "GET /envoy/ HTTP/1.1\nHost: a\nConnection: close\n\n"

    private static func patience(queued: TimeAmount = .hours(1), working: TimeAmount = .hours(1)) -> PendingCheck.Patience {
        var patience = PendingCheck.Patience()
        (patience.queued, patience.working) = (queued, working)
        return patience
    }

    @Test func checkThatWaitsTooLongInTheQueueIsRefused() async throws {
        let gate = Gate()
        let authorizer = StubAuthorizer(.allow, behind: gate)
        let responses = try await TestListeners.run(
            authorizer, width: 1, patience: Self.patience
        ) { listeners in
            let client = RawHTTP1Client(port: listeners.httpPort)
            async let first = client.exchange(Self.request)
            try await gate.somebodyWaits()
            let second = try await client.exchange(Self.request)
            await gate.open()
            return [try await first, second]
        }
        #expect(responses[0].hasPrefix("HTTP/1.1 200 "))
        #expect(responses[1].hasPrefix("HTTP/1.1 503 "))
    }

    @Test func checkWhoseWorkHangsIsRefused() async throws {
        let gate = Gate()
        let patience = Self.patience(queued: .milliseconds(20), working: .milliseconds(20))
        let response = try await TestListeners.run(StubAuthorizer(.allow, behind: gate), patience: patience) { listeners in
            let response = try await RawHTTP1Client(port: listeners.httpPort).exchange(Self.request)
            await gate.open()
            return response
        }
        #expect(response.hasPrefix("HTTP/1.1 503 "))
    }

    /// A store that hangs, with hundreds of checks that want to look a session up.
    @Test func whatIsDecidedAtOnceIsAnsweredWhileAStoreHangs() async throws {
        let gate = Gate()
        let authorizer = StubAuthorizer { request in
            guard request.http.target == "/stored" else { return .decided(.allow) }
            return .loading {
                await gate.wait()
                return .decided(.allow)
            }
        }
        let (refused, cached, after) = try await TestListeners.run(authorizer, patience: Self.patience) { listeners in
            let client = RawHTTP1Client(port: listeners.httpPort)
            let stored = "GET /envoy/stored HTTP/1.1\nHost: a\nConnection: close\n\n"
            return try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<300 { group.addTask { try await client.exchange(stored) } }
                try await gate.somebodyWaits()
                let cached = try await client.exchange(Self.request)
                var refused = 0
                while refused < 296, let response = try await group.next() {
                    refused += response.hasPrefix("HTTP/1.1 503 ") ? 1 : 0
                }
                await gate.open()
                var answers: [String] = []
                while let response = try await group.next() { answers.append(response) }
                let after = try await client.exchange(stored)
                return (refused, cached, answers + [after])
            }
        }
        #expect(refused == 296)
        #expect(cached.hasPrefix("HTTP/1.1 200 "))
        #expect(after.count == 5 && after.allSatisfy { $0.hasPrefix("HTTP/1.1 200 ") })
    }

    @Test func lookupsGoOnWhileAProviderHangs() async throws {
        let gate = Gate()
        let authorizer = StubAuthorizer { request in
            switch request.http.target {
            case "/sign-in":
                return .pending {
                    await gate.wait()
                    return .reject(.unauthenticated, 401)
                }
            // Nobody is found, and has to go to the provider.
            case "/unknown": return .loading { .pending { .reject(.unauthenticated, 401) } }
            default: return .loading { .decided(.allow) }
            }
        }
        let responses = try await TestListeners.run(authorizer, width: 1, patience: Self.patience) {
            listeners in
            let client = RawHTTP1Client(port: listeners.httpPort)
            async let hanging = client.exchange("GET /envoy/sign-in HTTP/1.1\nHost: a\nConnection: close\n\n")
            try await gate.somebodyWaits()
            let unknown = try await client.exchange("GET /envoy/unknown HTTP/1.1\nHost: a\nConnection: close\n\n")
            let known = try await client.exchange(Self.request)
            await gate.open()
            return [known, unknown, try await hanging].map { $0.dropFirst(9).prefix(3) }
        }
        #expect(responses == ["200", "503", "401"])
    }
}
