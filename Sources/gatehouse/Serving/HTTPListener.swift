import ExtAuthz
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TLS
import Web

/// A Hummingbird server as a service that says which address it could not have.
struct HTTPListener<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    /// As in the settings, such as `web`.
    let name: String
    let address: ExtAuthz.ListenAddress
    /// nil: clear text.
    let tls: TLSAcceptor?
    /// How many connections may be open at the same time; those beyond wait to be accepted.
    let connectionLimit: Int
    let responder: Responder
    /// As `PublishedDocuments` has it; `nil`: there are none.
    var document: (@Sendable (String) -> WebResponse?)?
    let openListeners: OpenListeners
    let logger: Logger

    func run() async throws {
        let application = Application(
            responder: responder, server: .http1(behind: tls, document: document),
            configuration: ApplicationConfiguration(
                address: BindAddress(address), serverName: nil, reuseAddress: true,
                availableConnectionsDelegate: .maximum(connectionLimit, logger: quietLogger)),
            onServerRunning: { channel in
                let place = address.bound(to: channel.localAddress)
                address.openToOwnGroup()
                openListeners.note(name, at: "\(place)")
                logger.info("listening", metadata: ["listener": "\(name)", "address": "\(place)"])
            },
            logger: quietLogger)
        try await naming { try await application.run() }
    }

    /// Fails where the address cannot be had, before anything is started: Hummingbird finds out late, and does not end by it.
    func probe() async throws {
        try await naming {
            let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            try await address.bind(bootstrap).close()
            // Whoever waits for the socket to be there must not find this one.
            address.removeSocket()
        }
    }

    private func naming(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let error where error is IOError || error is SocketAddressError {
            throw ListenerFailure(listener: name, address: address, error: error)
        }
    }

    /// Hummingbird's own lines say less than ours.
    private var quietLogger: Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }
}

extension BindAddress {
    init(_ address: ExtAuthz.ListenAddress) {
        switch address {
        case .tcp(let host, let port): self = .hostname(host, port: port)
        case .unix(let path): self = .unixDomainSocket(path: path)
        }
    }
}
