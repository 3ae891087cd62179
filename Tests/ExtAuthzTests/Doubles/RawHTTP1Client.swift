import NIOCore
import NIOPosix

/// Sends bytes as they are, and reads whatever comes back.
struct RawHTTP1Client {
    let port: Int

    /// Everything that the server sends until it closes. `text` has line ends of `\n`, which become CR LF.
    func exchange(_ text: String) async throws -> String {
        try await exchange(bytes: [UInt8](text.replacing("\n", with: "\r\n").utf8))
    }

    func exchange(bytes: [UInt8]) async throws -> String {
        let channel = try await connect()
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: bytes))
            return try await Self.text(inbound)
        }
    }

    /// Sends, runs `meanwhile`, then reads until the server closes.
    func exchange(_ text: String, meanwhile: @Sendable () async throws -> Void) async throws -> String {
        let channel = try await connect()
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text.replacing("\n", with: "\r\n")))
            try await meanwhile()
            return try await Self.text(inbound)
        }
    }

    /// Sends and goes away at once.
    func abandon(_ text: String, after: @Sendable () async throws -> Void) async throws {
        let channel = try await connect()
        try await channel.executeThenClose { _, outbound in
            try await outbound.write(ByteBuffer(string: text.replacing("\n", with: "\r\n")))
            try await after()
        }
    }

    private func connect() async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(host: "127.0.0.1", port: port) {
            channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
    }

    private static func text(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws -> String {
        var received = ByteBuffer()
        do {
            for try await var part in inbound { received.writeBuffer(&part) }
        } catch is IOError {
            // A server that closes while bytes of ours are on their way resets the connection: what came before counts.
        }
        return String(buffer: received).replacing("\r\n", with: "\n")
    }
}
