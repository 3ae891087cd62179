package import Logging
package import NIOCore
import NIOPosix
import ServiceLifecycle
package import TLS

/// One bound listener. Bound and run are two steps: the program binds all of its listeners first, so that a port that is
/// taken ends it before anything has started.
package struct ListenerService: Service {
    /// As in the settings, such as `checkGRPC`.
    package let name: String
    /// Where it listens, with the real port where 0 was asked for.
    package let address: ListenAddress

    private let server: any Channel
    private let connections: OpenConnections
    private let drainTime: TimeAmount
    private let logger: Logger

    /// Binds and accepts; connections are served from here on, also before `run`.
    /// - Parameters:
    ///   - tls: puts TLS in front of every connection; nil for clear text.
    ///   - connectionLimit: how many connections may be open at the same time; those beyond are closed at once.
    ///   - drainTime: how long requests in flight may take after the graceful shutdown has begun.
    /// - Throws: `ListenerFailure`.
    package static func bind(
        _ name: String, to address: ListenAddress, serving pipeline: some ConnectionPipeline, on group: any EventLoopGroup,
        tls: TLSAcceptor? = nil, connectionLimit: Int = 16_384, drainTime: TimeAmount = .seconds(4), logger: Logger
    ) async throws(ListenerFailure) -> ListenerService {
        let connections = OpenConnections(limit: connectionLimit)
        let notes = RefusedConnections(name, limit: connectionLimit, logger)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let admission = connections.add(channel)
                    if admission == .full { notes.note(at: channel.eventLoop.now) }
                    guard admission == .served else { throw ChannelError.ioOnClosedChannel }
                    try tls?.secure(channel)
                    try pipeline.configure(channel)
                }
            }
        do {
            let server = try await address.bind(bootstrap)
            address.openToOwnGroup()
            return ListenerService(
                name: name, address: address.bound(to: server.localAddress), server: server, connections: connections,
                drainTime: drainTime, logger: logger)
        } catch {
            throw ListenerFailure(listener: name, address: address, error: error)
        }
    }

    /// Serves until the graceful shutdown; then stops accepting, lets requests in flight finish, and closes.
    package func run() async throws {
        logger.info("listening", metadata: ["listener": "\(name)", "address": "\(address)"])
        await withTaskCancellationOrGracefulShutdownHandler {
            try? await server.closeFuture.get()
        } onCancelOrGracefulShutdown: {
            server.close(promise: nil)
        }
        await connections.drain(within: drainTime)
        logger.info("stopped listening", metadata: ["listener": "\(name)", "address": "\(address)"])
    }

    /// Gives the address back without having run.
    package func close() async {
        try? await server.close()
        await connections.drain(within: .zero)
    }
}
