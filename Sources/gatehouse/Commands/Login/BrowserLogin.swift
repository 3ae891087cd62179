import HTTPTypes
import Hummingbird
import JOSE
import Logging
import NIOCore
import OpenIDConnect
import RelyingParty
import Web

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Signs in with a browser on this machine: the provider's reply comes to a port of loopback that is open for as long (RFC 8252 §7.3).
struct BrowserLogin: Sendable {
    let relyingParty: RelyingParty
    let opensBrowser: Bool

    /// Minutes that somebody may take to sign in.
    private static let patience = 10

    private struct Reply: Sendable {
        let fields: FormFields
    }

    func run() async throws(UpstreamFailure) -> SignInOutcome {
        let state = Randomness.system.token(32)
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        let (replies, arrived) = AsyncStream.makeStream(of: Reply.self, bufferingPolicy: .bufferingOldest(1))
        let server = Self.server(state: state, ready: ready, arrived: arrived)
        do {
            return try await withThrowingTaskGroup(of: SignInOutcome?.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    defer {
                        ready.finish()
                        arrived.finish()
                    }
                    try await server.run()
                    return nil
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(60 * Self.patience))
                    throw UpstreamFailure(.timeout, "nobody has signed in within \(Self.patience) minutes")
                }
                group.addTask { try await self.signIn(state: state, ports: ports, replies: replies) }
                while let outcome = try await group.next() { if let outcome { return outcome } }
                throw UpstreamFailure(.unreachable, "stopped")
            }
        } catch {
            throw error as? UpstreamFailure ?? UpstreamFailure(.unreachable, "no port of loopback can be opened: \(error)")
        }
    }

    private func signIn(
        state: String, ports: AsyncStream<Int>, replies: AsyncStream<Reply>
    ) async throws(UpstreamFailure) -> SignInOutcome {
        guard let port = await ports.first(where: { _ in true }) else {
            throw UpstreamFailure(.unreachable, "no port of loopback can be opened")
        }
        let redirectURI = "http://127.0.0.1:\(port)/callback"
        let (verifier, nonce) = (Randomness.system.token(32), Randomness.system.token(32))
        let url = try await relyingParty.authorizationURL(
            AuthorizationRequest(
                redirectURI: redirectURI, state: state, nonce: nonce, codeChallenge: PKCE.challenge(of: verifier)))
        printError("Open this page in your browser:\n\(url)")
        if opensBrowser { Self.openBrowser(url) }
        guard let reply = await replies.first(where: { _ in true })?.fields else {
            throw UpstreamFailure(.unreachable, "stopped")
        }
        guard let code = reply.first("code") else {
            return .refused(.provider(ProviderRefusal(code: reply.first("error") ?? "")))
        }
        return await relyingParty.signIn(
            code: Secret(utf8: code), redirectURI: redirectURI, codeVerifier: Secret(utf8: verifier), nonce: nonce,
            issuerParameter: reply.first("iss"))
    }

    private static func server(
        state: String, ready: AsyncStream<Int>.Continuation, arrived: AsyncStream<Reply>.Continuation
    ) -> Application<CallbackResponder<BasicRequestContext>> {
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            guard request.method == .get, request.uri.path == "/callback",
                let fields = FormFields(query: request.uri.query ?? ""), fields.repeatedName == nil,
                let given = fields.first("state"), Secret(utf8: given).matches(Secret(utf8: state))
            else { return page(.badRequest, "This is not the answer that the command line waits for.") }
            arrived.yield(Reply(fields: fields))
            return page(.ok, "Back to the command line: you can close this window.")
        }
        var quiet = Logger(label: "gatehouse")
        quiet.logLevel = .critical
        return Application(
            responder: responder,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { ready.yield($0.localAddress?.port ?? 0) }, logger: quiet)
    }

    private static func page(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
    }

    /// Where that is not possible, the address is on the terminal all the same.
    private static func openBrowser(_ url: String) {
        #if canImport(Darwin)
            let program = "open"
        #else
            let program = "xdg-open"
        #endif
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), strdup(url), nil]
        defer { arguments.forEach { free($0) } }
        var process = pid_t()
        _ = posix_spawnp(&process, program, nil, nil, &arguments, environ)
    }
}
