import NIOCore
import NIOHTTP1

extension Channel {
    /// The decoder and encoder without SwiftNIO's helpers for pipelining and errors: the least that reads HTTP/1.
    func addNullHTTP1Handlers() throws {
        try pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try pipeline.syncOperations.addHandler(HTTPResponseEncoder())
        try pipeline.syncOperations.addHandler(NullHTTP1Handler())
    }
}

/// Answers every request with an empty 200.
private final class NullHTTP1Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        context.write(wrapOutboundOut(.head(Self.head)), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
