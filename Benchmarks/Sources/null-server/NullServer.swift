import Glibc
import NIOCore
import NIOPosix

/// `null-server KIND PORT`: one of the kinds below on 127.0.0.1, until it is killed.
@main
enum NullServer {
    enum Kind: String, CaseIterable {
        /// SwiftNIO with its HTTP/1 decoder and encoder.
        case http1
        /// gRPC by hand over SwiftNIO's HTTP/2 stream multiplexer.
        case multiplexer
        /// gRPC with grpc-swift-2 over its SwiftNIO transport.
        case grpcSwift = "grpc-swift"
    }

    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 2, let kind = arguments.first.flatMap(Kind.init), let port = arguments.last.flatMap(Int.init)
        else {
            print("usage: null-server \(Kind.allCases.map(\.rawValue).joined(separator: "|")) PORT")
            return
        }
        NIOSingletons.groupLoopCountSuggestion = allowedCores()
        switch kind {
        case .http1: try await listen(port) { try $0.addNullHTTP1Handlers() }
        case .multiplexer: try await listen(port) { try $0.addNullMultiplexer() }
        case .grpcSwift: try await serveWithGRPCSwift(port: port)
        }
    }

    /// One loop a core that it may run on, as Gatehouse has it.
    private static func allowedCores() -> Int {
        var mask = cpu_set_t()
        guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &mask) == 0 else { return System.coreCount }
        return max(1, withUnsafeBytes(of: mask) { bytes in bytes.reduce(0) { $0 + $1.nonzeroBitCount } })
    }

    private static func listen(_ port: Int, _ pipeline: @escaping @Sendable (any Channel) throws -> Void) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in channel.eventLoop.makeCompletedFuture { try pipeline(channel) } }
            .bind(host: "127.0.0.1", port: port).get()
        try await server.closeFuture.get()
    }
}
