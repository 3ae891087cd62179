import NIOCore
import NIOPosix
import Synchronization

/// Finds the server that holds our keys and can be written, and connects to it.
final class RedisServers: Sendable {
    private let configuration: RedisConfiguration
    /// Where a cluster's node has sent us.
    private let owner = Mutex<RedisAddress?>(nil)

    init(_ configuration: RedisConfiguration) { self.configuration = configuration }

    /// Fails with `RedisFailure`.
    func connect() -> EventLoopFuture<RedisConnection> {
        switch configuration.place {
        case .server(let address): open(address)
        case .sentinels(let addresses, let master): connect(asking: addresses[...], master)
        case .cluster(let nodes): connect(toOneOf: (owner.withLock { $0.map { [$0] } } ?? [])[...] + nodes)
        }
    }

    /// The node that a node of a cluster sends us to: `MOVED 1234 host:port`, where a missing host means its own.
    /// - Returns: `nil` for what names no node.
    static func node(namedBy refusal: RedisRefusal, of connection: RedisConnection) -> RedisAddress? {
        guard refusal.words.count == 3, let colon = refusal.words[2].lastIndex(of: ":"),
            let port = Int(refusal.words[2][refusal.words[2].index(after: colon)...]), (1...65535).contains(port)
        else { return nil }
        let named = String(refusal.words[2][..<colon])
        guard let host = named.isEmpty ? connection.channel.remoteAddress?.ipAddress : named else { return nil }
        return .tcp(host: host, port: port)
    }

    func remember(_ address: RedisAddress) { owner.withLock { $0 = address } }

    func open(_ address: RedisAddress) -> EventLoopFuture<RedisConnection> {
        RedisConnection.open(
            address, configuration.account, tls: configuration.tls, database: configuration.database,
            within: configuration.patience)
    }

    private func connect(toOneOf nodes: ArraySlice<RedisAddress>) -> EventLoopFuture<RedisConnection> {
        guard let first = nodes.first else { return Self.failed("there is no node to ask") }
        return open(first).flatMapError { [self] error in
            owner.withLock { if $0 == first { $0 = nil } }
            return nodes.count > 1 ? connect(toOneOf: nodes.dropFirst()) : Self.failed(error)
        }
    }

    private func connect(asking sentinels: ArraySlice<RedisAddress>, _ master: String) -> EventLoopFuture<RedisConnection> {
        guard let first = sentinels.first else { return Self.failed("there is no sentinel to ask") }
        return address(ofMaster: master, at: first).flatMap { [self] address in open(address) }
            .flatMap { [self] connection in asMaster(connection) }
            .flatMapError { [self] error in
                sentinels.count > 1 ? connect(asking: sentinels.dropFirst(), master) : Self.failed(error)
            }
    }

    private func address(ofMaster master: String, at sentinel: RedisAddress) -> EventLoopFuture<RedisAddress> {
        RedisConnection.open(
            sentinel, configuration.sentinelAccount, tls: configuration.tls, database: 0, within: configuration.patience
        ).flatMap { [configuration] connection in
            connection.send(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", .text(master)], within: configuration.patience)
                .flatMapThrowing { reply in
                    let parts = reply.list ?? []
                    guard parts.count == 2, let host = parts[0].text, let port = parts[1].number.flatMap({ Int(exactly: $0) })
                    else { throw RedisFailure.away("the sentinel at \(sentinel.text) knows no master \(master)") }
                    return .tcp(host: host, port: port)
                }.always { _ in connection.close() }
        }
    }

    /// A sentinel may not have noticed yet that the master is another.
    private func asMaster(_ connection: RedisConnection) -> EventLoopFuture<RedisConnection> {
        connection.send(["ROLE"], within: configuration.patience).flatMapThrowing { reply in
            guard reply.list?.first?.text == "master" else {
                connection.close()
                throw RedisFailure.away("the sentinels' master is none at the moment")
            }
            return connection
        }
    }

    private static func failed<Value: Sendable>(_ reason: String) -> EventLoopFuture<Value> { failed(RedisFailure.away(reason)) }

    private static func failed<Value: Sendable>(_ error: any Error) -> EventLoopFuture<Value> {
        MultiThreadedEventLoopGroup.singleton.any().makeFailedFuture(error)
    }
}
