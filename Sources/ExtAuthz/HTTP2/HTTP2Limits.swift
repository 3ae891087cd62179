import NIOCore

/// What one connection may ask of us.
enum HTTP2Limits {
    /// Streams open at the same time; advertised.
    static let streams = 256
    /// Bytes of a frame's payload; the protocol's default, so that nothing has to be advertised.
    static let frame = 16_384
    /// Bytes of a header block as it travels, over HEADERS and its CONTINUATION frames.
    static let headerBlock = 32 * 1024
    /// CONTINUATION frames of one header block.
    static let continuations = 16
    /// Bytes of the decoded fields as RFC 9113 section 6.5.2 counts them; advertised.
    static let headerList = 16 * 1024
    /// Bytes of DATA on one stream that we have not given back yet; advertised.
    static let streamWindow = 256 * 1024
    /// The same for the connection.
    static let connectionWindow = 1024 * 1024
    /// Bytes of responses that wait for the client's windows.
    static let queued = 8 * 1024 * 1024
    /// Bytes of request bodies on all open streams.
    static let buffered = 16 * 1024 * 1024

    /// For the preface, for the ACK of our SETTINGS, for a frame and a header block to arrive whole, for the client to make
    /// room for a response, and for the ACK that ends a drain.
    static let patience = TimeAmount.seconds(10)
    /// Without a stream.
    static let idle = TimeAmount.minutes(5)
}
