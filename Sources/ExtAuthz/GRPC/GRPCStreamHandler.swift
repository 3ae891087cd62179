import NIOCore
import NIOHPACK
import NIOHTTP2

/// One HTTP/2 stream with one unary gRPC call (the server side of "gRPC over HTTP2").
final class GRPCStreamHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum State {
        case waitingForHeaders
        case receiving(GRPCService.Method, GRPCMessage)
        case deciding
        case done
    }

    private let service: GRPCService
    private let messageTimeout: TimeAmount
    private var state = State.waitingForHeaders
    private var clientHasEnded = false
    private var deadline: Scheduled<Void>?

    /// - Parameter messageTimeout: how long the message may take to arrive.
    init(service: GRPCService, messageTimeout: TimeAmount) {
        self.service = service
        self.messageTimeout = messageTimeout
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let payload = unwrapInboundIn(data)
        clientHasEnded = clientHasEnded || payload.endsStream
        switch (payload, state) {
        case (.headers(let headers), .waitingForHeaders):
            receive(headers, context: context)
        case (.headers(let trailers), .receiving(let method, let message)) where trailers.endStream:
            call(method, message, context: context)
        case (.data(let frame), .receiving(let method, let message)):
            receive(frame, method, message, context: context)
        default:
            break  // the call is decided or ended already
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .receiving = state, deadline == nil {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            deadline = context.eventLoop.scheduleTask(in: messageTimeout) {
                let (handler, context) = bound.value
                handler.end(.tooSlow, context: context)
            }
        }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .done
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        state = .done
        context.close(promise: nil)
    }

    // MARK: Receiving

    private func receive(_ frame: HTTP2Frame.FramePayload.Headers, context: ChannelHandlerContext) {
        if let refusal = GRPCResponse.refusal(of: frame.headers) {
            return end(refusal, context: context)
        }
        guard let method = frame.headers.first(name: ":path").flatMap(GRPCService.Method.init(rawValue:)) else {
            return end(.unknownMethod, context: context)
        }
        if frame.endStream {
            return end(.cardinality, context: context)
        }
        state = .receiving(method, GRPCMessage())
    }

    private func receive(
        _ frame: HTTP2Frame.FramePayload.Data, _ method: GRPCService.Method, _ message: GRPCMessage,
        context: ChannelHandlerContext
    ) {
        guard case .byteBuffer(var bytes) = frame.data else { return }
        state = .deciding  // gives up the second reference to the message's bytes, so that they are appended in place
        var message = message
        do {
            try message.append(&bytes)
        } catch {
            return end(error, context: context)
        }
        if frame.endStream {
            call(method, message, context: context)
        } else {
            state = .receiving(method, message)
        }
    }

    // MARK: Answering

    private func call(_ method: GRPCService.Method, _ message: GRPCMessage, context: ChannelHandlerContext) {
        state = .deciding
        deadline?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        do {
            service.call(method, try message.finish(), on: context.eventLoop) { reply in
                let (handler, context) = bound.value
                handler.answer(reply, context: context)
            }
        } catch {
            end(error, context: context)
        }
    }

    private func answer(_ reply: GRPCService.Reply, context: ChannelHandlerContext) {
        guard case .deciding = state else { return }  // the client has gone
        switch reply {
        case .failure(let status):
            end(status, context: context)
        case .success(let bytes):
            state = .done
            for part in GRPCResponse.message(bytes) { context.write(wrapOutboundOut(part), promise: nil) }
            context.flush()
        }
    }

    private func end(_ status: GRPCStatus, context: ChannelHandlerContext) {
        end(GRPCResponse.status(status), context: context)
    }

    /// Ends the stream with headers alone, and tells a client that is still sending to stop (RFC 9113 section 8.1).
    private func end(_ response: HPACKHeaders, context: ChannelHandlerContext) {
        if case .done = state { return }
        state = .done
        deadline?.cancel()
        context.write(wrapOutboundOut(.headers(.init(headers: response, endStream: true))), promise: nil)
        if !clientHasEnded { context.write(wrapOutboundOut(.rstStream(.noError)), promise: nil) }
        context.flush()
    }
}

extension HTTP2Frame.FramePayload {
    fileprivate var endsStream: Bool {
        switch self {
        case .headers(let headers): headers.endStream
        case .data(let data): data.endStream
        default: false
        }
    }
}
