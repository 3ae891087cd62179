import NIOCore
import NIOSSL

/// One command on its way to its answer.
struct RedisRequest: Sendable {
    let bytes: ByteBuffer
    /// A connection that has not answered until then is given up.
    let deadline: NIODeadline
    let reply: EventLoopPromise<RESPValue>
}

/// Gives the answers of one connection to those who asked, in order (RESP pipelining). When the oldest has waited too long the
/// connection ends, and with it all that wait: a server that is stopped answers nobody.
final class RedisExchange: ChannelDuplexHandler {
    typealias InboundIn = RESPValue
    typealias OutboundIn = RedisRequest
    typealias OutboundOut = ByteBuffer

    private var waiting = CircularBuffer<RedisRequest>()
    private var timer: Scheduled<Void>?
    private var end: RedisFailure?

    /// Commands that wait for their answers at once.
    private static let limit = 8192

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        if let failure = end ?? (waiting.count < Self.limit ? nil : .full) {
            request.reply.fail(failure)
            promise?.fail(failure)
            return
        }
        waiting.append(request)
        context.write(wrapOutboundOut(request.bytes), promise: promise)
        watch(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let request = waiting.popFirst() else { return close(context, .away("an answer to nothing has come")) }
        request.reply.succeed(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.away("the connection has ended"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(context, error as? RedisFailure ?? (Self.isOfCertificates(error) ? .denied("\(error)") : .away("\(error)")))
    }

    private static func isOfCertificates(_ error: any Error) -> Bool {
        if case .handshakeFailed? = error as? NIOSSLError { return true }
        return error is NIOSSLExtraError
    }

    private func watch(_ context: ChannelHandlerContext) {
        guard timer == nil, let deadline = waiting.first?.deadline else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.look(context) }
    }

    private func look(_ context: ChannelHandlerContext) {
        timer = nil
        guard let oldest = waiting.first else { return }
        guard oldest.deadline <= .now() else { return watch(context) }
        close(context, .away("no answer in time"))
    }

    private func close(_ context: ChannelHandlerContext, _ failure: RedisFailure) {
        finish(failure)
        context.close(promise: nil)
    }

    private func finish(_ failure: RedisFailure) {
        end = end ?? failure
        timer?.cancel()
        timer = nil
        while let request = waiting.popFirst() { request.reply.fail(failure) }
    }
}
