package import Logging
package import NIOCore
package import NIOSSL
import Synchronization

/// Puts TLS in front of the connections of one listener. Its certificate can be replaced while connections come in: those
/// that are there keep theirs.
package final class TLSAcceptor: Sendable {
    private let context: Mutex<NIOSSLContext>
    private let application: ApplicationProtocol
    private let logger: Logger

    package init(_ context: NIOSSLContext, for application: ApplicationProtocol, logger: Logger) {
        self.context = Mutex(context)
        self.application = application
        self.logger = logger
    }

    /// For all connections from now on.
    package func replace(with context: NIOSSLContext) {
        self.context.withLock { $0 = context }
    }

    /// Adds the handlers of TLS to a new connection, on its event loop, before those that speak inside.
    package func secure(_ channel: any Channel) throws {
        let context = self.context.withLock { $0 }
        try channel.pipeline.syncOperations.addHandlers([
            ClientHelloGuard(application), NIOSSLServerHandler(context: context),
            HandshakeDeadline(logger: logger),
        ])
    }
}
