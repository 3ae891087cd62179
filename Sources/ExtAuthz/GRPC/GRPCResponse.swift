/// The header blocks of gRPC responses, and what of a request's head is answered below gRPC.
enum GRPCResponse {
    static let head = FieldBlock(status: 200).adding("content-type", "application/grpc")

    /// Behind the message of a call that went well.
    static let trailers = FieldBlock().adding("grpc-status", "0")

    /// A response of headers alone ("Trailers-Only").
    static func status(_ status: GRPCStatus) -> FieldBlock {
        head.adding("grpc-status", String(status.code)).adding("grpc-message", status.message)
    }

    /// The response to a request that is not gRPC: 415 for another content type, 405 for another method.
    static func refusal(of request: RequestHead) -> FieldBlock? {
        if request.method != "POST" { return FieldBlock(status: 405).adding("allow", "POST") }
        if !isGRPC(request.contentType ?? "") { return FieldBlock(status: 415) }
        return nil
    }

    /// `application/grpc` or `application/grpc+proto`, with or without parameters.
    private static func isGRPC(_ contentType: String) -> Bool {
        if contentType == "application/grpc" { return true }
        let type = trimmingBlanks(contentType.prefix { $0 != ";" }).lowercased()
        return type == "application/grpc" || type == "application/grpc+proto"
    }
}
