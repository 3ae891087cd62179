package import NIOCore

/// How the connections of one listener speak: over gRPC or over HTTP/1.
package protocol ConnectionPipeline: Sendable {
    /// Adds the protocol's handlers to a new connection, on its event loop. They have to finish and close when they see
    /// NIO's `ChannelShouldQuiesceEvent`.
    func configure(_ channel: any Channel) throws
}

/// The end of every pipeline: a connection with an error that nobody has handled is closed.
final class ConnectionErrorHandler: ChannelInboundHandler {
    typealias InboundIn = Any

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
