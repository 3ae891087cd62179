package import NIOCore
import NIOHTTP1

/// How a connection of a gateway speaks HTTP/1.
package struct HTTP1Pipeline: ConnectionPipeline {
    private let service: CheckHTTPService

    package init(service: CheckHTTPService) {
        self.service = service
    }

    package func configure(_ channel: any Channel) throws {
        var size = NIOHTTPDecoderLimitConfiguration()
        size.maxHeaderFieldSize = RequestLimits.target + 1024
        size.maxHeaderListSize = 128 * 1024
        size.maxHeaderFieldCount = RequestLimits.headerFields
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ConnectionTimeouts(limits: ConnectionTimeouts.Limits()))
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: size)))
        try pipeline.addHandler(HTTPServerPipelineHandler())
        try pipeline.addHandler(CheckHTTPHandler(service: service))
    }
}
