import ExtAuthz
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Web

/// What Hummingbird tells of a connection.
struct WebContext: RequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: SocketAddress?
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
        channel = source.channel
    }
}

/// Between Hummingbird and our own values: one request in, one response out. Holds no policy.
struct WebResponder: HTTPResponder {
    private let proxies: TrustedProxies
    /// Whether the listener itself speaks TLS.
    private let isSecure: Bool
    /// `nil` where no certificate counts.
    private let certificates: ClientCertificateReading?
    private let answer: @Sendable (WebRequest) async -> WebResponse

    /// A form's body, or one that was kept over a sign-in; more is refused with 413.
    private static let maximumBodyBytes = 128 * 1024

    init(
        proxies: TrustedProxies, isSecure: Bool, certificates: ClientCertificateReading?,
        answer: @escaping @Sendable (WebRequest) async -> WebResponse
    ) {
        self.proxies = proxies
        self.isSecure = isSecure
        self.certificates = certificates
        self.answer = answer
    }

    func respond(to request: Request, context: WebContext) async throws -> Response {
        let body: ByteBuffer
        do { body = try await request.body.collect(upTo: Self.maximumBodyBytes) } catch is NIOTooManyBytesError {
            return Response(status: .contentTooLarge)
        }
        var webRequest = self.webRequest(request, body: body, peer: context.remoteAddress)
        webRequest.clientCertificate = await certificates?.certificate(
            webRequest.headers, from: context.channel, isProxied: proxies.contains(context.remoteAddress))
        return Self.response(await answer(webRequest), isHead: request.method == .head)
    }

    private func webRequest(_ request: Request, body: ByteBuffer, peer: SocketAddress?) -> WebRequest {
        var headers = HeaderList()
        for field in request.headers { headers.add(field.name.rawName, field.value) }
        let isProxied = proxies.contains(peer)
        let scheme = (isProxied ? headers.first("x-forwarded-proto") : nil) ?? (isSecure ? "https" : "http")
        let forwarded = isProxied ? proxies.client(forwardedFor: headers.all("x-forwarded-for")) : nil
        var webRequest = WebRequest(
            method: request.method.rawValue, scheme: scheme == "https" ? "https" : "http",
            authority: request.head.authority ?? "", target: request.head.path ?? "/", headers: headers,
            body: Array(body.readableBytesView), clientAddress: forwarded ?? peer?.ipAddress ?? "",
            id: headers.first("x-request-id").map { String($0.prefix(128)) } ?? RequestID.random())
        webRequest.peerAddress = peer?.ipAddress ?? ""
        return webRequest
    }

    private static func response(_ response: WebResponse, isHead: Bool) -> Response {
        var headers = response.httpFields
        let body = isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: response.body))
        if isHead { headers[.contentLength] = String(response.body.count) }
        return Response(status: .init(code: response.status), headers: headers, body: body)
    }
}

extension WebResponse {
    var httpFields: HTTPFields {
        var fields = HTTPFields()
        for field in headers.fields {
            if let name = HTTPField.Name(field.name) { fields.append(HTTPField(name: name, value: field.value)) }
        }
        return fields
    }
}
