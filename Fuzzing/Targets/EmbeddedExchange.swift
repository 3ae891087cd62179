import AuthService
import ExtAuthz
import NIOCore
import NIOEmbedded
import Synchronization
import Web

/// One connection to a listener's pipeline, without a network and with a clock of its own; every check is refused.
enum EmbeddedExchange {
    /// What a listener's connection did.
    struct Outcome: Equatable {
        /// All that came back, at once and after every time-out.
        let sent: [UInt8]
        /// The connection was open still when all pieces were there.
        let wasOpen: Bool
    }

    /// Sends the pieces, one read each, then waits long enough for every time-out.
    static func outcome(of pieces: [[UInt8]], by pipeline: some ConnectionPipeline) throws(Violation) -> Outcome {
        do {
            let channel = EmbeddedChannel()
            // A gateway on a Unix socket, whose word counts.
            channel.remoteAddress = try SocketAddress(unixDomainSocketPath: "/run/gateway")
            try pipeline.configure(channel)
            channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
            var sent: [UInt8] = []
            for piece in pieces where channel.isActive { try channel.writeInbound(ByteBuffer(bytes: piece)) }
            try read(channel, &sent)
            let wasOpen = channel.isActive
            channel.embeddedEventLoop.advanceTime(by: .minutes(10))
            try read(channel, &sent)
            guard !channel.isActive else { throw Violation(description: "a connection without an end") }
            return Outcome(sent: sent, wasOpen: wasOpen)
        } catch let violation as Violation {
            throw violation
        } catch {
            throw Violation(description: "the channel threw: \(error)")
        }
    }

    private static func read(_ channel: EmbeddedChannel, _ sent: inout [UInt8]) throws {
        while let part = try channel.readOutbound(as: ByteBuffer.self) { sent += part.readableBytesView }
    }
}

/// Lets nobody in, and keeps what it was asked.
final class Closed: Authorizing {
    private let asked = Mutex<[CheckRequest]>([])

    var requests: [CheckRequest] { asked.withLock { $0 } }

    func decide(_ request: CheckRequest) -> CheckOutcome {
        asked.withLock { $0.append(request) }
        return .decided(refuse(403))
    }

    func refuse(_ check: UnreadableCheck) -> Decision { refuse(check.status) }

    private func refuse(_ status: Int) -> Decision {
        .reject(Rejection(kind: .forbidden, response: WebResponse(status: status, headers: [:], body: [])))
    }

    var dispatcher: CheckDispatcher { CheckDispatcher(authorizer: self, lane: SlowLane(width: 1, limit: 1)) }
}

extension Array {
    func pieces(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { [Element](self[$0..<Swift.min(count, $0 + size)]) }
    }
}
