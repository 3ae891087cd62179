package import NIOCore

/// How a connection of a gateway speaks HTTP/1.
package struct HTTP1Pipeline: ConnectionPipeline {
    private let service: CheckHTTPService

    package init(service: CheckHTTPService) {
        self.service = service
    }

    package func configure(_ channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandler(CheckHTTPHandler(service: service))
    }
}
