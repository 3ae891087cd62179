import NIOCore
import NIOHPACK
import NIOHTTP2

extension Channel {
    /// SwiftNIO's HTTP/2 with one channel a stream.
    func addNullMultiplexer() throws {
        _ = try pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: .init(), streamConfiguration: .init()
        ) { stream in
            stream.eventLoop.makeCompletedFuture { try stream.pipeline.syncOperations.addHandler(NullStreamHandler()) }
        }
    }
}

/// Answers every gRPC call with an empty message, which to Envoy means "allow".
private final class NullStreamHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private static let head: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
    private static let trailers: HPACKHeaders = ["grpc-status": "0"]
    /// The prefix of a message: not compressed, no bytes.
    private static let emptyMessage = ByteBuffer(bytes: [0, 0, 0, 0, 0])

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let isLast =
            switch unwrapInboundIn(data) {
            case .headers(let headers): headers.endStream
            case .data(let data): data.endStream
            default: false
            }
        guard isLast else { return }
        context.write(wrapOutboundOut(.headers(.init(headers: Self.head))), promise: nil)
        context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(Self.emptyMessage)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.headers(.init(headers: Self.trailers, endStream: true))), promise: nil)
    }
}
