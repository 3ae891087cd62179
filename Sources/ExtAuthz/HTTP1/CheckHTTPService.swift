import AuthService
import NIOCore
import NIOHTTP1

/// What the HTTP/1 listener answers with, apart from the connection.
package struct CheckHTTPService: Sendable {
    private let dispatcher: CheckDispatcher
    private let trusted: TrustedProxies
    private let newID: @Sendable () -> String

    /// - Parameters:
    ///   - trusted: the gateways and proxies whose `x-forwarded-*` headers are believed.
    ///   - newID: makes an id for a request that has none.
    package init(dispatcher: CheckDispatcher, trusted: TrustedProxies, newID: @escaping @Sendable () -> String) {
        self.dispatcher = dispatcher
        self.trusted = trusted
        self.newID = newID
    }

    /// Calls `reply` once, on `eventLoop`; at once or later (see `CheckDispatcher`).
    func check(
        _ head: HTTPRequestHead, _ body: [UInt8], from peer: SocketAddress?, by dialect: CheckDialect,
        on eventLoop: any EventLoop, reply: @escaping @Sendable (Decision) -> Void
    ) {
        let received = HTTP1Request(
            head: head, body: body, peer: peer?.ipAddress ?? "", trusted: trusted.contains(peer) ? trusted : nil,
            newID: newID)
        do {
            dispatcher.run(try dialect.request(received), on: eventLoop) { decision in
                let isForged = dialect.sendsAllHeaders && UnstrippedHeaders.areIn(head.headers, of: decision)
                reply(isForged ? dispatcher.refuse(.forgedHeader) : decision)
            }
        } catch {
            reply(dispatcher.refuse(error))
        }
    }
}
