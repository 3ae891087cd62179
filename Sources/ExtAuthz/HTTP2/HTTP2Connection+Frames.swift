import NIOCore
import NIOHPACK

/// What each kind of frame does (RFC 9113 section 6); those of a stream with their state in `HTTP2Connection+Streams`.
extension HTTP2Connection {
    mutating func receive(_ frame: Frame) throws(HTTP2Failure) -> Event? {
        let header = frame.header
        if phase == .firstSettings {
            guard header.type == .settings, !header.flags.contains(.ack) else {
                throw .connection(.protocolError, "no SETTINGS behind the preface")
            }
            phase = .open
        }
        if let block, header.type != .continuation || header.stream != block.stream {
            throw .connection(.protocolError, "a frame inside a header block")
        }
        switch header.type {
        case .data: return try receiveData(frame)
        case .headers: return try receiveHeaders(frame)
        case .continuation: return try receiveContinuation(frame)
        case .priority: try receivePriority(header)
        case .rstStream: try receiveReset(header)
        case .settings: try receiveSettings(frame)
        case .ping: try receivePing(frame)
        case .goAway: clientIsLeaving = true
        case .windowUpdate: try receiveWindowUpdate(frame)
        case .pushPromise: throw .connection(.protocolError, "a client that pushes")
        case nil: try countIdleFrame()
        }
        return nil
    }

    /// Priorities are ignored, but not what is no PRIORITY frame. RST_STREAM is not allowed on a stream that is idle.
    private mutating func receivePriority(_ header: FrameHeader) throws(HTTP2Failure) {
        try countIdleFrame()
        guard header.length != 5 else { return }
        throw isIdle(header.stream)
            ? .connection(.frameSizeError, "length of PRIORITY") : .stream(header.stream, .frameSizeError)
    }

    private mutating func receiveSettings(_ frame: Frame) throws(HTTP2Failure) {
        guard !frame.header.flags.contains(.ack) else {
            guard frame.header.length == 0 else { throw .connection(.frameSizeError, "SETTINGS ACK with a payload") }
            settingsAreAcknowledged = true
            return
        }
        guard floods.settings.spend(now: times.now) else { throw .connection(.enhanceYourCalm, "too many SETTINGS") }
        let before = settings.initialWindow
        try settings.take(frame.payload)
        try growStreamWindows(by: settings.initialWindow - before)
        output.writeSettingsAck()
    }

    private mutating func receivePing(_ frame: Frame) throws(HTTP2Failure) {
        guard let data: UInt64 = frame.payload.getInteger(at: frame.payload.readerIndex) else { return }
        guard !frame.header.flags.contains(.ack) else { return receivedPingAck(data) }
        guard floods.pings.spend(now: times.now) else { throw .connection(.enhanceYourCalm, "too many PINGs") }
        output.writePing(.ack, data)
    }

    private mutating func receiveWindowUpdate(_ frame: Frame) throws(HTTP2Failure) {
        try countIdleFrame()
        let id = frame.header.stream
        let value: UInt32 = frame.payload.getInteger(at: frame.payload.readerIndex) ?? 0
        let increment = Int(value & 0x7fff_ffff)
        guard id != 0 else {
            guard increment > 0 else { throw .connection(.protocolError, "WINDOW_UPDATE of 0") }
            guard sendWindow.grow(by: increment) else { throw .connection(.flowControlError, "window too large") }
            return sendQueued()
        }
        guard !isIdle(id) else { throw .connection(.protocolError, "WINDOW_UPDATE on an idle stream") }
        guard let index = streams.index(of: id) else { return }
        guard increment > 0 else { throw .stream(id, .protocolError) }
        guard streams[index].sendWindow.grow(by: increment) else { throw .stream(id, .flowControlError) }
        sendQueued()
    }

    /// SETTINGS changes the windows of the open streams by the difference (section 6.9.2).
    private mutating func growStreamWindows(by difference: Int) throws(HTTP2Failure) {
        guard difference != 0 else { return }
        for index in 0..<streams.count {
            guard streams[index].sendWindow.grow(by: difference) else {
                throw .connection(.flowControlError, "window too large")
            }
        }
        if difference > 0 { sendQueued() }
    }

    mutating func countIdleFrame() throws(HTTP2Failure) {
        guard floods.idleFrames.spend(now: times.now) else { throw .connection(.enhanceYourCalm, "too many idle frames") }
    }
}
