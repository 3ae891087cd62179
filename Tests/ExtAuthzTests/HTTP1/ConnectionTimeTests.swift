import AuthService
import ExtAuthz
import NIOCore
import NIOEmbedded
import Testing

struct ConnectionTimeTests {
    private let channel: EmbeddedChannel
    private let loop = EmbeddedEventLoop()

    init() throws {
        let dispatcher = CheckDispatcher(
            authorizer: StubAuthorizer(.reject(.forbidden, 403)), lane: SlowLane(width: 1, limit: 1))
        let service = CheckHTTPService(dispatcher: dispatcher, trusted: TrustedProxies([])) { "id" }
        channel = EmbeddedChannel(loop: loop)
        try HTTP1Pipeline(service: service).configure(channel)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func receive(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text.replacing("\n", with: "\r\n")))
    }

    private func wait(seconds: Int64) {
        for _ in 0..<seconds { loop.advanceTime(by: .seconds(1)) }
    }

    @Test func requestThatDoesNotEndIsCutOff() throws {
        try receive("G")
        wait(seconds: 9)
        #expect(channel.isActive)
        wait(seconds: 2)
        #expect(!channel.isActive)
    }

    @Test(arguments: ["a", "Host: a\n", "X: \n"])
    func furtherBytesOfARequestGiveItNoMoreTime(piece: String) throws {
        try receive("GET /envoy/ HTTP/1.1\nX:")
        for _ in 0..<20 where channel.isActive {
            try receive(piece)
            wait(seconds: 1)
        }
        #expect(!channel.isActive)
    }

    @Test func bodyThatDoesNotEndIsCutOff() throws {
        try receive("POST /envoy/ HTTP/1.1\nHost: a\nContent-Length: 2\n\na")
        wait(seconds: 11)
        #expect(!channel.isActive)
    }

    @Test func connectionWithoutRequestIsClosedLater() {
        wait(seconds: 70)
        #expect(channel.isActive)
        wait(seconds: 10)
        #expect(!channel.isActive)
    }

    @Test func idleTimeBeginsWithTheAnswer() throws {
        wait(seconds: 60)
        try receive("GET /envoy/ HTTP/1.1\nHost: a\n\n")
        #expect(try channel.readOutbound(as: ByteBuffer.self) != nil)
        wait(seconds: 70)
        #expect(channel.isActive)
        wait(seconds: 80)
        #expect(!channel.isActive)
    }
}
