import FoundationEssentials
import Logging
import NIOCore
import NIOPosix
import Operations
import ServiceLifecycle

/// Tells the service manager that started the program when every listener is open, and when it stops: what depends on it then starts
/// after it (sd_notify(3), `Type=notify` of a systemd unit).
struct ServiceManagerNotice: Service {
    private let socket: String
    private let listeners: OpenListeners
    private let logger: Logger

    /// Nil where no manager has asked to be told. An abstract socket (`@…`) is none that it could be told at: that is said.
    init?(environment: [String: String] = ProcessInfo.processInfo.environment, listeners: OpenListeners, logger: Logger) {
        guard let socket = environment["NOTIFY_SOCKET"] else { return nil }
        guard socket.hasPrefix("/") else {
            logger.warning("the service manager cannot be told: its socket has no path", metadata: ["socket": "\(socket)"])
            return nil
        }
        self.socket = socket
        self.listeners = listeners
        self.logger = logger
    }

    func run() async {
        await cancelWhenGracefulShutdown { if await listenersAreOpen() { await tell("READY=1") } }
        try? await gracefulShutdown()
        await tell("STOPPING=1")
    }

    /// False when the stop comes first.
    private func listenersAreOpen() async -> Bool {
        while case .failed = listeners.outcome {
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return false }
        }
        return true
    }

    private func tell(_ state: String) async {
        do {
            let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: socket).get()
            try await channel.writeAndFlush(ByteBuffer(string: state))
            try await channel.close()
        } catch {
            logger.warning("the service manager could not be told", metadata: ["state": "\(state)", "error": "\(error)"])
        }
    }
}
