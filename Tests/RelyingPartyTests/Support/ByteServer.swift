import NIOCore
import NIOPosix

/// Answers whatever comes in over TCP with the same bytes, and never closes: for responses that no HTTP server would send.
func withByteServer(_ reply: [UInt8], _ body: (_ origin: String) async throws -> Void) async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(FixedReply(reply)) }
        }
        .bind(host: "127.0.0.1", port: 0).get()
    do {
        try await body("http://127.0.0.1:\(server.localAddress?.port ?? 0)")
    } catch {
        try await server.close()
        throw error
    }
    try await server.close()
}

private final class FixedReply: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let reply: [UInt8]

    init(_ reply: [UInt8]) { self.reply = reply }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: reply)), promise: nil)
    }
}
