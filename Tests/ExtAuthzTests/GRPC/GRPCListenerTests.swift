import AuthService
import EnvoyAPI
import ExtAuthz
import NIOHPACK
import SwiftProtobuf
import Testing

struct GRPCListenerTests {
    private let body: [UInt8]

    init() throws {
        body = GRPCTestClient.framed(try CheckMessageReaderTests.message().serializedBytes())
    }

    private func call(
        _ path: String = GRPCTestClient.checkPath, body: [UInt8], method: String = "POST",
        contentType: String = "application/grpc", decision: Decision = .allow
    ) async throws -> GRPCTestReply {
        try await TestListeners.run(StubAuthorizer(decision)) { listeners in
            let client = try await GRPCTestClient.connect(port: listeners.grpcPort)
            let reply = try await client.call(path, body: body, method: method, contentType: contentType)
            try await client.close()
            return reply
        }
    }

    @Test func checkIsAnswered() async throws {
        let reply = try await call(body: body)
        #expect(reply.status == "200")
        #expect(reply.headers.first(name: "content-type") == "application/grpc")
        #expect(reply.grpcStatus == "0")
        #expect(try EnvoyCheckResponse(serializedBytes: reply.message).okResponse.headers.count == 2)
    }

    @Test func answerFromTheSlowLane() async throws {
        let gate = Gate()
        let body = body
        let reply = try await TestListeners.run(StubAuthorizer(.allow, behind: gate)) { listeners in
            let client = try await GRPCTestClient.connect(port: listeners.grpcPort)
            async let reply = client.call(GRPCTestClient.checkPath, body: body)
            try await gate.somebodyWaits()
            await gate.open()
            return try await reply
        }
        #expect(try EnvoyCheckResponse(serializedBytes: reply.message).allows)
    }

    @Test func fullLaneIsADenialThatSaysWhenToComeBack() async throws {
        let body = body
        let reply = try await TestListeners.run(StubAuthorizer(.allow, behind: Gate()), laneIsFull: true) { listeners in
            try await GRPCTestClient.connect(port: listeners.grpcPort).call(GRPCTestClient.checkPath, body: body)
        }
        let denied = try EnvoyCheckResponse(serializedBytes: reply.message)
        #expect(denied.status.code == 14)
        #expect(denied.deniedResponse.status.code == 503)
        #expect(denied.deniedResponse.headers.contains { $0.header.key == "retry-after" })
    }

    @Test func manyCallsOnOneConnection() async throws {
        let body = body
        let answered = try await TestListeners.run(StubAuthorizer(.allow)) { listeners in
            let client = try await GRPCTestClient.connect(port: listeners.grpcPort)
            return try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<200 {
                    group.addTask { try await client.call(GRPCTestClient.checkPath, body: body).grpcStatus == "0" }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
        }
        #expect(answered == 200)
    }

    @Test(
        arguments: [
            [0xff, 0xff], [], [0x0a, 0x00],
        ] as [[UInt8]])
    func messageThatIsNoRequestIsDenied(message: [UInt8]) async throws {
        let reply = try await call(body: GRPCTestClient.framed(message))
        let response = try EnvoyCheckResponse(serializedBytes: reply.message)
        #expect(response.status.code == 3)
        #expect(response.deniedResponse.status.code == 400)
    }

    @Test(
        arguments: [
            ([], "12"),
            ([0, 0, 0], "13"),
            ([0, 0, 0, 0, 5, 1, 2], "13"),
            ([0, 0, 0, 0, 1, 1, 2], "12"),
            ([1, 0, 0, 0, 1, 1], "12"),
            ([7, 0, 0, 0, 1, 1], "13"),
            ([0, 0, 0x10, 0, 1, 1], "8"),
            ([0, 0xff, 0xff, 0xff, 0xff, 1], "8"),
        ] as [([UInt8], String)])
    func badFramingEndsTheCall(body: [UInt8], status: String) async throws {
        let reply = try await call(body: body)
        #expect(reply.grpcStatus == status)
        #expect(reply.data.isEmpty)
    }

    @Test func messageOverTheLimitEndsTheCall() async throws {
        let reply = try await call(body: GRPCTestClient.framed([UInt8](repeating: 0, count: 1024 * 1024 + 1)))
        #expect(reply.grpcStatus == "8")
    }

    @Test(arguments: ["/", "/envoy.service.auth.v2.Authorization/Check", "/grpc.health.v1.Health/Watch"])
    func unknownMethodIsUnimplemented(path: String) async throws {
        let reply = try await call(path, body: body)
        #expect(reply.grpcStatus == "12")
        #expect(reply.data.isEmpty)
    }

    @Test(arguments: [
        ("application/grpc", "200"), ("application/grpc+proto", "200"), ("application/grpc; charset=utf-8", "200"),
        ("application/json", "415"), ("application/grpc+json", "415"), ("application/grpc-web", "415"), ("", "415"),
    ])
    func contentType(type: String, status: String) async throws {
        #expect(try await call(body: body, contentType: type).status == status)
    }

    @Test func methodOtherThanPostIsRefused() async throws {
        #expect(try await call(body: body, method: "PUT").status == "405")
    }

    @Test(arguments: ["", "envoy.service.auth.v3.Authorization"]) func healthOfServedServices(service: String) async throws {
        let request = HealthCheckRequest.with { $0.service = service }
        let reply = try await call(GRPCTestClient.healthPath, body: GRPCTestClient.framed(try request.serializedBytes()))
        #expect(try HealthCheckResponse(serializedBytes: reply.message).status == .serving)
    }

    @Test func healthOfAnotherServiceIsNotFound() async throws {
        let request = HealthCheckRequest.with { $0.service = "other" }
        let reply = try await call(GRPCTestClient.healthPath, body: GRPCTestClient.framed(try request.serializedBytes()))
        #expect(reply.grpcStatus == "5")
    }

    @Test func clientThatGoesAwayHarmsNobody() async throws {
        let gate = Gate()
        let body = body
        let reply = try await TestListeners.run(StubAuthorizer(.allow, behind: gate)) { listeners in
            let client = try await GRPCTestClient.connect(port: listeners.grpcPort)
            try await client.abandon(GRPCTestClient.checkPath, body: body) { try await gate.somebodyWaits() }
            await gate.open()
            return try await client.call(GRPCTestClient.checkPath, body: body)
        }
        #expect(reply.grpcStatus == "0")
    }
}

extension EnvoyCheckResponse {
    fileprivate var allows: Bool { if case .okResponse? = httpResponse { true } else { false } }
}
