/// How a gRPC call ended when it has no reply message. The message is ASCII without `%`, so that it needs no encoding.
package struct GRPCStatus: Error, Equatable {
    package let code: Int
    package let message: String

    static let cardinality = GRPCStatus(code: 12, message: "exactly one message is expected")
    static let compressed = GRPCStatus(code: 12, message: "compression is not supported")
    static let unknownMethod = GRPCStatus(code: 12, message: "unknown method")
    static let tooLarge = GRPCStatus(code: 8, message: "the message is too large")
    static let truncated = GRPCStatus(code: 13, message: "the message is cut short")
    static let badFlag = GRPCStatus(code: 13, message: "the compressed flag is neither 0 nor 1")
    static let unreadable = GRPCStatus(code: 13, message: "the message cannot be read")
    static let tooSlow = GRPCStatus(code: 4, message: "the message did not arrive in time")
    static let unknownService = GRPCStatus(code: 5, message: "unknown service")
}
