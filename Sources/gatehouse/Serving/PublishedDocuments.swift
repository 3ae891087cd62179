import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Web

/// Answers GET requests for documents that are the same for everybody on the connection's event loop, where they were read. Everything
/// else goes on to Hummingbird, which has a task for each connection: two changes of threads for each request, which cost ten times what
/// such an answer does.
///
/// Stands between Hummingbird's own handlers, which end idle connections, and its task, on a connection that `DocumentConnection` has
/// handed over: documents between other requests, as a proxy sends them.
final class PublishedDocuments: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let document: @Sendable (String) -> WebResponse?
    /// What is answered at the end of the request that is being read.
    private var answer: WebResponse?
    /// Requests that went on and have no answer yet: theirs come first.
    private var waiting = 0

    /// - Parameter document: what answers a GET for a path, where that is one of them.
    init(document: @escaping @Sendable (String) -> WebResponse?) { self.document = document }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            // Where the client takes no answers, the task waits until it does.
            answer = waiting == 0 && context.channel.isWritable ? response(to: request) : nil
            guard answer == nil else { return }
            waiting += 1
        case .body:
            guard answer == nil else { return }
        case .end:
            guard let answer else { break }
            self.answer = nil
            return write(answer, context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { waiting -= 1 }
        context.write(data, promise: promise)
    }

    /// `nil` also for whatever says more than a plain request for a document does.
    private func response(to request: HTTPRequest) -> WebResponse? {
        guard request.method == .get, let path = request.path, !request.headerFields.contains(.connection),
            !request.headerFields.contains(.contentLength), !request.headerFields.contains(.transferEncoding)
        else { return nil }
        return document(path)
    }

    private func write(_ answer: WebResponse, _ context: ChannelHandlerContext) {
        var head = HTTPResponse(status: .init(code: answer.status), headerFields: answer.httpFields)
        head.headerFields[.contentLength] = String(answer.body.count)
        head.headerFields[.date] = HTTPDate.now
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(context.channel.allocator.buffer(bytes: answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
