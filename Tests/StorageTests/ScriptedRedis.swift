import Foundation
import NIOCore
import NIOPosix
import Storage
import Synchronization

/// A server that answers as a test says, and remembers what it was asked: each command as its words.
final class ScriptedRedis: Sendable {
    /// What is said to a command, as it goes over the wire; `PING` and `TIME` are answered.
    typealias Script = @Sendable ([String]) -> String

    private final class State: Sendable {
        let script = Mutex<Script>({ _ in "+OK\r\n" })
        let heard = Mutex<[[String]]>([])
    }

    private final class Answers: ChannelInboundHandler {
        typealias InboundIn = RESPValue
        typealias OutboundOut = ByteBuffer

        private let state: State

        init(_ state: State) { self.state = state }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .list(let parts) = unwrapInboundIn(data) else { return context.close(promise: nil) }
            let words = parts.map { part in
                if case .bytes(let bytes) = part { String(decoding: bytes, as: UTF8.self) } else { "" }
            }
            state.heard.withLock { $0.append(words) }
            let answer =
                switch words {
                case ["PING"]: "+PONG\r\n"
                case ["TIME"]: "*2\r\n$10\r\n\(Int64(Date().timeIntervalSince1970))\r\n$1\r\n0\r\n"
                default: state.script.withLock { $0 }(words)
                }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }

    private let state = State()
    private let channel: any Channel

    var port: Int { channel.localAddress?.port ?? 0 }
    var address: RedisAddress { .tcp(host: "127.0.0.1", port: port) }

    /// The first words of what it was asked, without what connections and comparisons of clocks begin with.
    var commands: [String] { state.heard.withLock { $0.compactMap(\.first).filter { !["PING", "TIME"].contains($0) } } }

    init() async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [state] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([ByteToMessageHandler(RESPDecoder()), Answers(state)])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func answers(_ script: @escaping Script) { state.script.withLock { $0 = script } }

    /// Takes no more connections.
    func close() async throws { try await channel.close() }
}
