package import NIOCore
import NIOHTTP2

/// How a connection of a gateway speaks gRPC: HTTP/2 with prior knowledge, one `GRPCStreamHandler` a stream.
package struct GRPCPipeline: ConnectionPipeline {
    private let service: GRPCService
    private let drainTime: TimeAmount

    /// - Parameter drainTime: how long calls may take to end once the connection is closing.
    package init(service: GRPCService, drainTime: TimeAmount) {
        self.service = service
        self.drainTime = drainTime
    }

    package func configure(_ channel: any Channel) throws {
        let service = service
        let manager = NIOHTTP2ServerConnectionManagementHandler(eventLoop: channel.eventLoop, configuration: lifetime)
        var settings = NIOHTTP2Handler.ConnectionConfiguration()
        settings.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 256),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 16 * 1024),
        ]
        settings.targetWindowSize = 1024 * 1024
        let handler = NIOHTTP2Handler(
            mode: .server, eventLoop: channel.eventLoop, connectionConfiguration: settings, streamConfiguration: .init(),
            streamDelegate: manager.http2StreamDelegate
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let handler = GRPCStreamHandler(service: service, messageTimeout: .seconds(10))
                try stream.pipeline.syncOperations.addHandler(handler)
            }
        }
        try channel.pipeline.syncOperations.addHandlers([handler, manager, ConnectionErrorHandler()])
    }

    private var lifetime: NIOHTTP2ServerConnectionManagementHandler.Configuration {
        .init(
            maxIdleTime: .minutes(5), maxAge: nil, maxGraceTime: drainTime,
            keepalive: .init(pingInterval: .seconds(60), ackTimeout: .seconds(20)))
    }
}
