import ExtAuthz
import NIOCore
import NIOEmbedded
import Testing

struct ConnectionTimeoutsTests {
    private let channel: EmbeddedChannel

    init() throws {
        channel = EmbeddedChannel(handler: ConnectionTimeouts(limits: .init()))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func receive() throws {
        try channel.writeInbound(ByteBuffer(string: "G"))
    }

    private func report(_ progress: ConnectionTimeouts.Progress) throws {
        try channel.triggerUserOutboundEvent(progress).wait()
    }

    private func wait(seconds: Int64) {
        for _ in 0..<seconds { channel.embeddedEventLoop.advanceTime(by: .seconds(1)) }
    }

    @Test func requestThatDoesNotEndIsCutOff() throws {
        try receive()
        wait(seconds: 9)
        #expect(channel.isActive)
        wait(seconds: 6)
        #expect(!channel.isActive)
    }

    @Test func furtherBytesOfARequestGiveItNoMoreTime() throws {
        for _ in 0..<20 where channel.isActive {
            try receive()
            wait(seconds: 1)
        }
        #expect(!channel.isActive)
    }

    @Test func connectionWithoutRequestIsClosedLater() {
        wait(seconds: 70)
        #expect(channel.isActive)
        wait(seconds: 10)
        #expect(!channel.isActive)
    }

    @Test func decisionMayTakeItsTime() throws {
        try receive()
        try report(.received)
        wait(seconds: 200)
        #expect(channel.isActive)
    }

    @Test func idleTimeBeginsWithTheAnswer() throws {
        try receive()
        try report(.received)
        wait(seconds: 200)
        try report(.answered)
        wait(seconds: 70)
        #expect(channel.isActive)
        wait(seconds: 10)
        #expect(!channel.isActive)
    }
}
