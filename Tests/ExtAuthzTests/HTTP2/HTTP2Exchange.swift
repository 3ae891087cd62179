import AuthService
import ExtAuthz
import NIOCore
import NIOEmbedded
import NIOHPACK

/// One connection to the gRPC listener's pipeline, without a network and with a clock of its own. Health calls are answered
/// at once, checks as `authorizer` says; those that are pending stay so.
final class HTTP2Exchange {
    let channel = EmbeddedChannel()
    private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
    private var unread = ByteBuffer()

    init(_ authorizer: some Authorizing = StubAuthorizer(.allow, behind: Gate())) throws {
        var patience = PendingCheck.Patience()
        patience.queued = .hours(24)
        let dispatcher = CheckDispatcher(
            authorizer: authorizer, lane: SlowLane(width: 1, limit: 1000), patience: patience)
        let reader = CheckMessageReader(trusted: TrustedProxies([])) { "made-id" }
        let service = GRPCService(dispatcher: dispatcher, reader: reader) { true }
        try GRPCPipeline(service: service).configure(channel)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
    }

    var isOpen: Bool { channel.isActive }

    /// One read.
    func send(_ bytes: [UInt8]) throws {
        guard isOpen else { return }
        try channel.writeInbound(ByteBuffer(bytes: bytes))
    }

    func pass(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

    /// All frames that have come since the last time, but those of `quiet`.
    func frames() throws -> [ReceivedFrame] {
        while var bytes = try channel.readOutbound(as: ByteBuffer.self) { unread.writeBuffer(&bytes) }
        var frames: [ReceivedFrame] = []
        while let frame = try ReceivedFrame(&unread, &decoder) { frames.append(frame) }
        return frames
    }

    /// The frames in short, without SETTINGS and WINDOW_UPDATE, with `closed` at the end of the connection.
    func received() throws -> [String] {
        try frames().compactMap(\.summary) + (isOpen ? [] : ["closed"])
    }

    /// What comes back for these bytes, sent in one.
    static func answer(to bytes: [UInt8]) throws -> [String] {
        let exchange = try HTTP2Exchange()
        try exchange.send(bytes)
        return try exchange.received()
    }
}
