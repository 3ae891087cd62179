import Foundation
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
        NIOSingletons.groupLoopCountSuggestion = try allowedCores()
        switch kind {
        case .http1: try await listen(port) { try $0.addNullHTTP1Handlers() }
        case .multiplexer: try await listen(port) { try $0.addNullMultiplexer() }
        case .grpcSwift: try await serveWithGRPCSwift(port: port)
        }
    }

    /// One loop a core that it may run on, as Gatehouse has it.
    private static func allowedCores() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let mask = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
        return mask?.dropFirst(13).reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount } ?? System.coreCount
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
