import AuthService
import NIOCore
import Web

/// What the HTTP/1 listener answers with, apart from the connection.
package struct CheckHTTPService: Sendable {
    private let dispatcher: CheckDispatcher
    private let trusted: TrustedProxies
    private let proxySecret: ProxySecret?
    private let gateways: TrustedGateways
    private let newID: @Sendable () -> String
    /// nil: nothing is counted.
    let meter: CheckMeter?

    /// - Parameters:
    ///   - trusted: the gateways and proxies whose `x-forwarded-*` headers are believed.
    ///   - proxySecret: what they have to show as well; nil where their address is enough.
    ///   - gateways: whose word about clients' certificates counts.
    ///   - newID: makes an id for a request that has none.
    package init(
        dispatcher: CheckDispatcher, trusted: TrustedProxies, proxySecret: ProxySecret? = nil, gateways: TrustedGateways = .none,
        meter: CheckMeter? = nil, newID: @escaping @Sendable () -> String
    ) {
        self.dispatcher = dispatcher
        self.trusted = trusted
        self.proxySecret = proxySecret
        self.gateways = gateways
        self.meter = meter
        self.newID = newID
    }

    /// What is known of a connection before its first request.
    func peer(_ address: SocketAddress?) -> HTTP1Peer {
        let text = address?.ipAddress ?? ""
        guard trusted.contains(address) else {
            return HTTP1Peer(
                isTrusted: false, tellsCertificates: gateways.contains(address),
                client: ClientReader { [newID] message in (address: text, id: RequestID.choose(message, make: newID)) })
        }
        return HTTP1Peer(
            isTrusted: true, tellsCertificates: gateways.contains(address),
            client: ClientReader { [trusted, newID] message in
                let client = trusted.client(forwardedFor: [message.text(message.forwardedFor)])
                return (address: client ?? text, id: RequestID.choose(message, make: newID))
            })
    }

    /// The decision, if it is there; else `later` is called for a closure that gets it (see `CheckDispatcher`).
    func check(
        _ request: HTTP1Connection.Request, from peer: HTTP1Peer, on eventLoop: any EventLoop, _ tally: CheckTally?,
        later: () -> @Sendable (Decision) -> Void
    ) -> Decision? {
        guard let tally else { return decide(request, from: peer, on: eventLoop, later: later) }
        let gateway = CheckGateway(request.dialect)
        let began = tally.beginning(of: gateway)
        let decision = decide(request, from: peer, on: eventLoop) {
            let reply = later()
            let waits = began ?? .now()
            return { decision in
                tally.noteWaited(decision, gateway, since: waits)
                reply(decision)
            }
        }
        if let decision { tally.note(decision, gateway, since: began) }
        return decision
    }

    private func decide(
        _ request: HTTP1Connection.Request, from peer: HTTP1Peer, on eventLoop: any EventLoop,
        later: () -> @Sendable (Decision) -> Void
    ) -> Decision? {
        do throws(Refusal) {
            if let proxySecret, !proxySecret.isShown(by: request.head.message) { throw .noProxySecret }
            let check = try request.dialect.request(request, from: peer)
            let sendsAllHeaders = request.dialect.sendsAllHeaders
            return dispatcher.decide(check, on: eventLoop) {
                let reply = later()
                return { reply(closing($0, sendsAllHeaders)) }
            }.map { closing($0, sendsAllHeaders) }
        } catch {
            return dispatcher.refuse(error)
        }
    }

    private func closing(_ decision: Decision, _ sendsAllHeaders: Bool) -> Decision {
        sendsAllHeaders && UnstrippedHeaders.areIn(decision) ? dispatcher.refuse(.forgedHeader) : decision
    }
}

/// Who is at the other end of a connection.
struct HTTP1Peer: Sendable {
    /// Whether its `x-forwarded-*` headers are believed.
    let isTrusted: Bool
    /// Whether what it says of clients' certificates is.
    let tellsCertificates: Bool
    let client: ClientReader
}
