import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import TLS
import Web

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
    /// - Parameter document: as `PublishedDocuments` has it; `nil`: there are none.
    static func http1(
        behind tls: TLSAcceptor?, document: (@Sendable (String) -> WebResponse?)? = nil
    ) -> HTTPServerBuilder {
        // The same bounds as on the check listeners.
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestDeadline()], idleTimeout: .seconds(75),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 65 * 1024, maxHeaderListSize: 128 * 1024, maxHeaderFieldCount: 256))
        return HTTPServerBuilder { responder in
            let plain = HTTP1Channel(responder: responder, configuration: configuration)
            guard let document else { return secured(plain, by: tls) }
            return secured(DocumentsChannel(base: plain, document: document), by: tls)
        }
    }

    private static func secured(_ channel: some ServerChildChannel, by tls: TLSAcceptor?) -> any ServerChildChannel {
        tls.map { SecuredChannel(base: channel, tls: $0) } ?? channel
    }
}
