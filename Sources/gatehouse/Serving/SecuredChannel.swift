import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import TLS

/// A connection of Hummingbird's behind TLS whose certificate may be replaced.
struct SecuredChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let tls: TLSAcceptor

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture { try tls.secure(channel) }
            .flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

extension HTTPServerBuilder {
    /// HTTP/1.1, behind TLS where there is some.
    static func http1(behind tls: TLSAcceptor?) -> HTTPServerBuilder {
        // The same bounds as on the check listeners.
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestDeadline()], idleTimeout: .seconds(75),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 65 * 1024, maxHeaderListSize: 128 * 1024, maxHeaderFieldCount: 256))
        guard let tls else { return .http1(configuration: configuration) }
        return HTTPServerBuilder { responder in
            SecuredChannel(base: HTTP1Channel(responder: responder, configuration: configuration), tls: tls)
        }
    }
}
