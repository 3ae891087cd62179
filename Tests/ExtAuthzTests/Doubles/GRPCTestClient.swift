import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix

/// What came back on one stream.
struct GRPCTestReply: Sendable {
    var headers: HPACKHeaders = [:]
    var trailers: HPACKHeaders = [:]
    var data: [UInt8] = []

    var status: String? { headers.first(name: ":status") }
    var grpcStatus: String? { trailers.first(name: "grpc-status") ?? headers.first(name: "grpc-status") }
    /// The message behind its prefix.
    var message: [UInt8] { [UInt8](data.dropFirst(5)) }
}

/// One HTTP/2 connection of a gateway, on NIOHTTP2's client side.
struct GRPCTestClient {
    private let channel: any Channel
    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer

    static let checkPath = "/envoy.service.auth.v3.Authorization/Check"
    static let healthPath = "/grpc.health.v1.Health/Check"

    static func connect(port: Int) async throws -> GRPCTestClient {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
                        mode: .client, connectionConfiguration: .init(), streamConfiguration: .init()
                    ) { $0.eventLoop.makeSucceededVoidFuture() }
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let multiplexer = try await channel.pipeline.handler(type: NIOHTTP2Handler.self).flatMap { $0.multiplexer }.get()
        return GRPCTestClient(channel: channel, multiplexer: multiplexer)
    }

    /// Opens a stream, sends `body` as it is (the caller frames it), ends its side, and waits for the end of the other.
    func call(
        _ path: String, body: [UInt8], method: String = "POST", contentType: String = "application/grpc"
    ) async throws -> GRPCTestReply {
        let headers: HPACKHeaders = [
            ":method": method, ":scheme": "http", ":authority": "gatehouse", ":path": path, "content-type": contentType,
            "te": "trailers",
        ]
        let reply = channel.eventLoop.makePromise(of: GRPCTestReply.self)
        let stream = channel.eventLoop.makePromise(of: (any Channel).self)
        multiplexer.createStreamChannel(promise: stream) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(ReplyCollector(reply))
            }
        }
        let opened = try await stream.futureResult.get()
        opened.write(HTTP2Frame.FramePayload.headers(.init(headers: headers)), promise: nil)
        let data = HTTP2Frame.FramePayload.Data(data: .byteBuffer(ByteBuffer(bytes: body)), endStream: true)
        opened.writeAndFlush(HTTP2Frame.FramePayload.data(data), promise: nil)
        return try await reply.futureResult.get()
    }

    /// Opens a stream with a whole call and resets it once `meanwhile` has run.
    func abandon(_ path: String, body: [UInt8], meanwhile: () async throws -> Void) async throws {
        let headers: HPACKHeaders = [
            ":method": "POST", ":scheme": "http", ":authority": "gatehouse", ":path": path,
            "content-type": "application/grpc",
        ]
        let stream = channel.eventLoop.makePromise(of: (any Channel).self)
        multiplexer.createStreamChannel(promise: stream) { $0.eventLoop.makeSucceededVoidFuture() }
        let opened = try await stream.futureResult.get()
        opened.write(HTTP2Frame.FramePayload.headers(.init(headers: headers)), promise: nil)
        let data = HTTP2Frame.FramePayload.Data(data: .byteBuffer(ByteBuffer(bytes: body)), endStream: true)
        opened.writeAndFlush(HTTP2Frame.FramePayload.data(data), promise: nil)
        try await meanwhile()
        // Tells of the reset that it has sent.
        try? await opened.close()
    }

    func close() async throws {
        try await channel.close()
    }

    static func framed(_ message: [UInt8], flag: UInt8 = 0) -> [UInt8] {
        [flag] + withUnsafeBytes(of: UInt32(message.count).bigEndian) { [UInt8]($0) } + message
    }
}

private final class ReplyCollector: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    private let promise: EventLoopPromise<GRPCTestReply>
    private var reply = GRPCTestReply()

    init(_ promise: EventLoopPromise<GRPCTestReply>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            if reply.headers.count == 0 { reply.headers = frame.headers } else { reply.trailers = frame.headers }
            if frame.endStream { promise.succeed(reply) }
        case .data(let frame):
            if case .byteBuffer(let bytes) = frame.data { reply.data += bytes.readableBytesView }
            if frame.endStream { promise.succeed(reply) }
        default:
            break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
    }
}
