import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Web

/// Serves `respond` over real HTTP on a free port of 127.0.0.1 while `body` runs, which gets the server's origin.
func withLoopbackServer(
    _ respond: @escaping @Sendable (WebRequest) -> WebResponse, _ body: (_ origin: String) async throws -> Void
) async throws {
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let responder = CallbackResponder<BasicRequestContext> { request, _ in
        let body = try await request.body.collect(upTo: 1 << 20)
        return Response(respond(WebRequest(request, body: Array(body.readableBytesView))))
    }
    var logger = Logger(label: "loopback")
    logger.logLevel = .critical
    let application = Application(
        responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { running.yield($0.localAddress?.port ?? 0) }, logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
        defer { group.cancelAll() }
        group.addTask {
            defer { running.finish() }
            try? await application.run()
        }
        for await port in ports {
            try await body("http://127.0.0.1:\(port)")
            break
        }
    }
}

extension WebRequest {
    fileprivate init(_ request: Request, body: [UInt8]) {
        self.init(
            method: request.method.rawValue, scheme: "http", authority: request.head.authority ?? "",
            target: request.uri.string,
            headers: HeaderList(request.headers.map { (name: $0.name.canonicalName, value: $0.value) }), body: body)
    }
}

extension Response {
    fileprivate init(_ response: WebResponse) {
        var headers = HTTPFields()
        for field in response.headers.fields {
            if let name = HTTPField.Name(field.name) { headers.append(HTTPField(name: name, value: field.value)) }
        }
        self.init(
            status: .init(code: response.status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: response.body)))
    }
}
