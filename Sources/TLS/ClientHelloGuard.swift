package import NIOCore

/// Looks at a client's first message before TLS does, and refuses a client that wants another protocol than the one that is
/// spoken here (RFC 7301 section 3.2): the library would go on without an agreement, and a client that was led here from
/// another service could be made to talk to this one.
package final class ClientHelloGuard: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// Fatal alerts of RFC 8446 section 6.
    private enum Alert: UInt8 {
        case decodeError = 50
        case noApplicationProtocol = 120
    }

    private let application: ApplicationProtocol
    private var received = ByteBuffer()
    private var isRefused = false

    package init(_ application: ApplicationProtocol) {
        self.application = application
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        switch ClientHello(reading: received.readableBytesView) {
        case .incomplete: break
        case .malformed: refuse(.decodeError, context)
        case .offers(let names) where admits(names): pass(context)
        case .offers: refuse(.noApplicationProtocol, context)
        }
    }

    private func admits(_ names: [[UInt8]]?) -> Bool {
        guard let names else { return !application.mustBeOffered }
        return names.contains { $0.elementsEqual(application.rawValue.utf8) }
    }

    private func pass(_ context: ChannelHandlerContext) {
        context.fireChannelRead(wrapInboundOut(received))
        received = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func refuse(_ alert: Alert, _ context: ChannelHandlerContext) {
        isRefused = true
        // An alert record of TLS 1.2's version, two bytes: fatal, and what it is.
        let record = ByteBuffer(bytes: [21, 3, 3, 0, 2, 2, alert.rawValue])
        let written = context.eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(record), promise: written)
    }
}
