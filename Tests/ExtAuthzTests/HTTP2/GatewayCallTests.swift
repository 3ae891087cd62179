import AuthService
import EnvoyAPI
import SwiftProtobuf
import Testing
import Web

/// Whole calls by another implementation's client, over a network.
struct GatewayCallTests {
    private let check: [UInt8]

    init() throws {
        check = GRPCTestClient.framed(try CheckMessageReaderTests.message().serializedBytes())
    }

    @Test(arguments: [1, 64]) func callsAreAnswered(streams: Int) async throws {
        let body = check
        let replies = try await TestListeners.run(StubAuthorizer(.allow)) { listeners in
            let client = try await GRPCTestClient.connect(port: listeners.grpcPort)
            var replies: [GRPCTestReply] = []
            for _ in 0..<5 {
                replies += try await withThrowingTaskGroup(of: GRPCTestReply.self) { group in
                    for _ in 0..<streams { group.addTask { try await client.call(GRPCTestClient.checkPath, body: body) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            try await client.close()
            return replies
        }
        #expect(replies.count == 5 * streams)
        #expect(replies.allSatisfy { $0.status == "200" && $0.grpcStatus == "0" })
        #expect(try replies.allSatisfy { try EnvoyCheckResponse(serializedBytes: $0.message).okResponse.headers.count == 2 })
    }

    @Test func largeResponseArrivesWhole() async throws {
        let body = check
        let page = [UInt8](repeating: 0x61, count: 900_000)
        let reply = try await TestListeners.run(StubAuthorizer(.page(200, body: page))) { listeners in
            let client = try await GRPCTestClient.connect(port: listeners.grpcPort)
            let reply = try await client.call(GRPCTestClient.checkPath, body: body)
            try await client.close()
            return reply
        }
        #expect(try EnvoyCheckResponse(serializedBytes: reply.message).deniedResponse.body.utf8.count == 900_000)
    }

    @Test func largeRequestIsTaken() async throws {
        let message = CheckMessageReaderTests.message { $0.body = String(repeating: "a", count: 900_000) }
        let body = GRPCTestClient.framed(try message.serializedBytes())
        let authorizer = StubAuthorizer(.allow)
        let reply = try await TestListeners.run(authorizer) { listeners in
            let client = try await GRPCTestClient.connect(port: listeners.grpcPort)
            let reply = try await client.call(GRPCTestClient.checkPath, body: body)
            try await client.close()
            return reply
        }
        #expect(reply.grpcStatus == "0")
        #expect(authorizer.requests.first?.http.body.count == 900_000)
    }

    @Test func stopLetsTheCallInFlightFinish() async throws {
        let body = check
        let gate = Gate()
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
}
