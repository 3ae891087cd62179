import NIOCore
import NIOHPACK
import NIOHTTP2

/// The frames of a gRPC response, and what of a request's headers is answered below gRPC.
enum GRPCResponse {
    /// HEADERS, DATA, and the trailers of a call that went well.
    static func message(_ bytes: [UInt8]) -> [HTTP2Frame.FramePayload] {
        [
            .headers(.init(headers: head)),
            .data(.init(data: .byteBuffer(GRPCMessage.framed(bytes)))),
            .headers(.init(headers: ["grpc-status": "0"], endStream: true)),
        ]
    }

    /// A response of headers alone ("Trailers-Only").
    static func status(_ status: GRPCStatus) -> HPACKHeaders {
        [
            ":status": "200", "content-type": "application/grpc", "grpc-status": String(status.code),
            "grpc-message": status.message,
        ]
    }

    /// The response to a request that is not gRPC: 415 for another content type, 405 for another method.
    static func refusal(of request: HPACKHeaders) -> HPACKHeaders? {
        if request.first(name: ":method") != "POST" { return [":status": "405", "allow": "POST"] }
        if !isGRPC(request.first(name: "content-type") ?? "") { return [":status": "415"] }
        return nil
    }

    private static let head: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]

    /// `application/grpc` or `application/grpc+proto`, with or without parameters.
    private static func isGRPC(_ contentType: String) -> Bool {
        let type = trimmingBlanks(contentType.prefix { $0 != ";" }).lowercased()
        return type == "application/grpc" || type == "application/grpc+proto"
    }
}
