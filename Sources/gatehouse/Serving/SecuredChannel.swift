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
        guard let tls else { return .http1() }
        return HTTPServerBuilder { responder in SecuredChannel(base: HTTP1Channel(responder: responder), tls: tls) }
    }
}
