import JOSE
import NIOCore
import NIOPosix
import NIOSSL

/// One connection to one server, ready for commands.
struct RedisConnection: Sendable {
    let channel: any Channel

    var isOpen: Bool { channel.isActive }

    /// The answer to a command; fails with `RedisFailure`, error replies included.
    func send(_ command: [RedisArgument], within time: TimeAmount) -> EventLoopFuture<RESPValue> {
        let reply = channel.eventLoop.makePromise(of: RESPValue.self)
        let request = RedisRequest(bytes: ByteBuffer(command: command), deadline: .now() + time, reply: reply)
        channel.writeAndFlush(request).whenFailure { error in
            reply.fail(error as? RedisFailure ?? RedisFailure.away("the connection has ended"))
        }
        return reply.futureResult.flatMapThrowing { value in
            if case .error(let text) = value { throw RedisFailure.refused(RedisRefusal(text)) }
            return value
        }
    }

    func close() { channel.close(promise: nil) }

    /// Connects and says who we are. Fails with `RedisFailure`.
    static func open(
        _ address: RedisAddress, _ account: RedisAccount, tls: RedisTLS?, database: Int, within time: TimeAmount
    ) -> EventLoopFuture<RedisConnection> {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(time)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(tls.handler(for: address)) }
                    let decoder = ByteToMessageHandler(RESPDecoder(), maximumBufferSize: RESPDecoder.longestReply)
                    try pipeline.addHandlers(decoder, RedisExchange())
                }
            }
        let connected =
            switch address {
            case .tcp(let host, let port): bootstrap.connect(host: host, port: port)
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        return connected.flatMapErrorThrowing { _ in throw RedisFailure.away("nobody can be reached at \(address.text)") }
            .flatMap { channel in
                RedisConnection(channel: channel).introduce(account, database: database, at: address, within: time)
            }
    }

    private func introduce(
        _ account: RedisAccount, database: Int, at address: RedisAddress, within time: TimeAmount
    ) -> EventLoopFuture<RedisConnection> {
        var steps: [[RedisArgument]] = []
        if let password = account.password {
            steps.append(["AUTH"] + (account.user.map { [.text($0)] } ?? []) + [.bytes(password.bytes)])
        }
        if database != 0 { steps.append(["SELECT", .number(Int64(database))]) }
        steps.append(["PING"])
        let answers = steps.map { send($0, within: time) }
        return EventLoopFuture.andAllSucceed(answers, on: channel.eventLoop).map { self }
            .flatMapErrorThrowing { error in
                close()
                throw Self.explained(error, at: address)
            }
    }

    private static func explained(_ error: any Error, at address: RedisAddress) -> RedisFailure {
        switch error as? RedisFailure {
        case .refused(let refusal) where ["WRONGPASS", "NOAUTH", "ERR"].contains(refusal.code):
            .denied("\(address.text) does not let us in (`username`, `password`, `database`): \(refusal.text)")
        case .refused(let refusal): .away("\(address.text) is not ready: \(refusal.text)")
        case .away(let reason): .away("\(address.text): \(reason)")
        case .denied(let reason): .denied("\(address.text): \(reason)")
        case .full, .givenUp, nil: .away("\(address.text) cannot be used: \(error)")
        }
    }
}
