import AuthService
import EnvoyAPI
import ExtAuthz
import NIOPosix
import SwiftProtobuf
import Testing

struct ListenerServiceTests {
    private static func bind(_ address: ListenAddress) async throws(ListenerFailure) -> ListenerService {
        let dispatcher = CheckDispatcher(authorizer: StubAuthorizer(.allow), lane: SlowLane(width: 1, limit: 1))
        let service = CheckHTTPService(dispatcher: dispatcher, trusted: TrustedProxies([])) { "id" }
        return try await ListenerService.bind(
            "checkHTTP", to: address, serving: HTTP1Pipeline(service: service), on: .singletonMultiThreadedEventLoopGroup,
            logger: quiet)
    }

    @Test func portThatIsTakenIsNamed() async throws {
        let first = try await Self.bind(.tcp(host: "127.0.0.1", port: 0))
        let failure = await #expect(throws: ListenerFailure.self) { try await Self.bind(first.address) }
        await first.close()
        #expect(failure?.reason == .portTaken)
        #expect(failure?.address == first.address)
        #expect(
            failure?.description
                == "cannot listen on \(first.address) (checkHTTP): another program listens there already")
    }

    @Test func addressOfAnotherHostIsRefused() async {
        let failure = await #expect(throws: ListenerFailure.self) {
            try await Self.bind(.tcp(host: "192.0.2.1", port: 0))
        }
        #expect(failure?.reason == .noSuchAddress)
    }

    @Test func closedListenerGivesItsPortBack() async throws {
        let first = try await Self.bind(.tcp(host: "127.0.0.1", port: 0))
        await first.close()
        let second = try await Self.bind(first.address)
        #expect(second.address == first.address)
        await second.close()
    }

    @Test func requestInFlightOverHTTP1IsFinished() async throws {
        let gate = Gate()
        let response = try await TestListeners.run(StubAuthorizer(.allow, behind: gate)) { listeners in
            let client = RawHTTP1Client(port: listeners.httpPort)
            return try await client.exchange("GET /envoy/ HTTP/1.1\nHost: a\n\n") {
                try await gate.somebodyWaits()
                await listeners.stop()
                await gate.open()
            }
        }
        #expect(response.hasPrefix("HTTP/1.1 200 OK\n"))
    }

    @Test func callInFlightOverGRPCIsFinished() async throws {
        let gate = Gate()
        let body = GRPCTestClient.framed(try CheckMessageReaderTests.message().serializedBytes())
        let reply = try await TestListeners.run(StubAuthorizer(.allow, behind: gate)) { listeners in
            let client = try await GRPCTestClient.connect(port: listeners.grpcPort)
            async let reply = client.call(GRPCTestClient.checkPath, body: body)
            try await gate.somebodyWaits()
            await listeners.stop()
            await gate.open()
            return try await reply
        }
        #expect(reply.grpcStatus == "0")
    }

    @Test func connectionWithoutRequestIsClosedAtTheStop() async throws {
        let response = try await TestListeners.run(StubAuthorizer(.allow)) { listeners in
            try await RawHTTP1Client(port: listeners.httpPort).exchange("") { await listeners.stop() }
        }
        #expect(response.isEmpty)
    }
}
