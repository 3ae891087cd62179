package import NIOCore

/// How a connection of a gateway speaks gRPC: HTTP/2 with prior knowledge.
package struct GRPCPipeline: ConnectionPipeline {
    private let service: GRPCService

    package init(service: GRPCService) {
        self.service = service
    }

    package func configure(_ channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandler(GRPCConnectionHandler(service: service, now: channel.eventLoop.now))
    }
}
