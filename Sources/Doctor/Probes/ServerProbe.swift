import JOSE
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import RelyingParty
import TLS

/// Connects to a server, and speaks TLS with it where it has to.
enum ServerProbe {
    enum Answer: Sendable {
        case unreachable(reason: String)
        /// In clear text, as the file says.
        case clear
        /// Its certificate is good; nil where it cannot be read here.
        case trusted(Certificate?)
        /// It is not; nil as above.
        case untrusted(Certificate?, reason: String)
        /// No TLS came about, with any certificate.
        case noTLS(reason: String)
        /// The file's authorities, or our certificate and its key, cannot be used.
        case unusable(reason: String)
    }

    /// Within 10 s.
    static func ask(_ server: Correspondent) async -> Answer {
        guard let trust = server.trust else { return await clear(server) }
        let context: NIOSSLContext
        do { context = try Self.context(trust) } catch { return .unusable(reason: "\(error)") }
        switch await handshake(server, context) {
        case .unreachable(let reason): return .unreachable(reason: reason)
        case .done(let certificate): return .trusted(certificate)
        case .refused(let reason):
            var lenient = trust
            (lenient.authorities, lenient.verifies) = (nil, false)
            guard let anything = try? Self.context(lenient) else { return .noTLS(reason: reason) }
            switch await handshake(server, anything) {
            case .done(let certificate): return .untrusted(certificate, reason: reason)
            case .refused(let reason), .unreachable(let reason): return .noTLS(reason: reason)
            }
        }
    }

    private enum Handshake {
        case unreachable(String)
        case refused(String)
        case done(Certificate?)
    }

    /// As the service connects.
    private static func context(_ trust: Correspondent.Trust) throws -> NIOSSLContext {
        var connection = ProviderConnection()
        connection.authorities = trust.authorities
        connection.verifiesCertificate = trust.verifies
        (connection.certificate, connection.certificateKey) = (trust.certificate?.certificate, trust.certificate?.key)
        return try NIOSSLContext(configuration: connection.tlsConfiguration())
    }

    private static var bootstrap: ClientBootstrap {
        ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(.seconds(5))
    }

    private static func clear(_ server: Correspondent) async -> Answer {
        do {
            let channel = try await bootstrap.connect(host: server.host, port: server.port).get()
            try? await channel.close()
            return .clear
        } catch { return .unreachable(reason: text(error)) }
    }

    private static func handshake(_ server: Correspondent, _ context: NIOSSLContext) async -> Handshake {
        let channel: any Channel
        do { channel = try await bootstrap.connect(host: server.host, port: server.port).get() } catch {
            return .unreachable(text(error))
        }
        let promise = channel.eventLoop.makePromise(of: Void.self)
        let timer = channel.eventLoop.scheduleTask(in: .seconds(5)) { promise.fail(Silence()) }
        defer { timer.cancel() }
        do {
            try await channel.eventLoop.submit {
                let handler = try NIOSSLClientHandler(context: context, serverHostname: Self.name(server.host))
                try channel.pipeline.syncOperations.addHandlers([handler, HandshakeWatch(promise)])
            }.get()
            try await promise.futureResult.get()
            let certificate = await channel.peerCertificate().flatMap { Certificate(der: $0) }
            channel.close(promise: nil)
            return .done(certificate)
        } catch {
            promise.fail(error)
            channel.close(promise: nil)
            return .refused(text(error))
        }
    }

    /// Addresses are no names to ask for (RFC 6066 section 3).
    private static func name(_ host: String) -> String? {
        (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }

    private static func text(_ error: any Error) -> String {
        switch error {
        case is Silence: "no handshake within 5 s"
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { Self.text($0.error) } ?? "its name is not known"
        case let error as IOError: String(error.description.split(separator: ":").last ?? "").trimmed
        case ChannelError.connectTimeout: "no connection within 5 s"
        case ChannelError.eof: "the server ended the connection"
        default: "\(error)"
        }
    }

    private struct Silence: Error {}
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}

/// Tells when the handshake is over.
private final class HandshakeWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<Void>

    init(_ promise: EventLoopPromise<Void>) { self.promise = promise }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { promise.succeed(()) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
}
