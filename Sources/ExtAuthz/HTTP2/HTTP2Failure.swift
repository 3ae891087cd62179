/// What is wrong with a frame, and how much of the connection it takes along (RFC 9113 section 5.4).
enum HTTP2Failure: Error {
    /// GOAWAY with the code and the reason as its debug data, then the end of the connection.
    case connection(HTTP2ErrorCode, String)
    /// RST_STREAM; the other streams go on.
    case stream(UInt32, HTTP2ErrorCode)
}

/// RFC 9113 section 7.
enum HTTP2ErrorCode: UInt32 {
    case noError = 0x0
    case protocolError = 0x1
    case internalError = 0x2
    case flowControlError = 0x3
    case settingsTimeout = 0x4
    case streamClosed = 0x5
    case frameSizeError = 0x6
    case refusedStream = 0x7
    case cancel = 0x8
    case compressionError = 0x9
    case connectError = 0xa
    case enhanceYourCalm = 0xb
    case inadequateSecurity = 0xc
    case http11Required = 0xd
}
