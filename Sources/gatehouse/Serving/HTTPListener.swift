import ExtAuthz
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Settings

/// A Hummingbird server as a service that says which address it could not have.
struct HTTPListener<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    /// As in the settings, such as `web`.
    let name: String
    let address: Settings.ListenAddress
    let responder: Responder
    let logger: Logger

    func run() async throws {
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: nil, reuseAddress: true),
            onServerRunning: { channel in
                let place = channel.localAddress.map { "\($0.ipAddress ?? ""):\($0.port ?? 0)" } ?? ""
                logger.info("listening", metadata: ["listener": "\(name)", "address": "\(place)"])
            },
            logger: quietLogger)
        try await naming { try await application.run() }
    }

    /// Fails where the address cannot be had, before anything is started: Hummingbird finds out late, and does not end by it.
    func probe() async throws {
        try await naming {
            let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: address.host, port: address.port).get()
            try await channel.close()
        }
    }

    private func naming(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let error where error is IOError || error is SocketAddressError {
            throw ListenerFailure(
                listener: name, address: .tcp(host: address.host, port: address.port), error: error)
        }
    }

    /// Hummingbird's own lines say less than ours.
    private var quietLogger: Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }
}
