import AuthService
import ExtAuthz
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Web

extension FuzzTarget {
    /// HTTP/1 requests of gateways. The first byte says in which pieces they arrive.
    static let http1 = FuzzTarget("http1", maximumBytes: 4096) { (input) throws(Violation) in
        guard let first = input.first else { return }
        let bytes = [UInt8](input.dropFirst())
        let (whole, asked) = try exchange([bytes])
        let (pieces, askedInPieces) = try exchange(bytes.pieces(of: Int(first) + 1))
        let text = String(decoding: whole.sent, as: UTF8.self)
        // A head in pieces is not looked at before its end may be there: what is wrong with it is then found by the time-out.
        let waits = pieces.wasOpen && whole.sent.starts(with: pieces.sent)
        try require(
            pieces == whole || waits,
            "in pieces of \(Int(first) + 1): \(String(decoding: pieces.sent, as: UTF8.self)), in one: \(text)")
        try require(asked.count == askedInPieces.count, "as many requests")
        try require(isSound(whole.sent), "what we send is sound: \(text)")
        if let request = asked.first, let other = OtherReading(of: bytes) { try compare(request, other) }
    }

    private static func exchange(_ pieces: [[UInt8]]) throws(Violation) -> (EmbeddedExchange.Outcome, [CheckRequest]) {
        let authorizer = Closed()
        let service = CheckHTTPService(dispatcher: authorizer.dispatcher, trusted: TrustedProxies([])) { "made" }
        return (try EmbeddedExchange.outcome(of: pieces, by: HTTP1Pipeline(service: service)), authorizer.requests)
    }

    /// Responses one after the other, each as long as it says, none of them an allow.
    private static func isSound(_ sent: [UInt8]) -> Bool {
        var rest = sent[...]
        while !rest.isEmpty {
            guard let end = endOfHead(rest) else { return false }
            let lines = String(decoding: rest[..<end], as: UTF8.self).split(separator: "\r\n")
            guard let first = lines.first, first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3)) else {
                return false
            }
            guard status == 100 || (400...599).contains(status) else { return false }
            let length = lines.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
            guard rest[end...].count >= length else { return false }
            rest = rest[end...].dropFirst(length)
        }
        return true
    }

    private static func endOfHead(_ bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.dropLast(3).first { bytes[$0..<$0 + 4].elementsEqual("\r\n\r\n".utf8) }.map { $0 + 4 }
    }

    /// Two readers of the same bytes: the gateway's parser may be another one than ours.
    private static func compare(_ request: CheckRequest, _ other: OtherReading) throws(Violation) {
        let message = request.message
        try require(request.body == other.body, "the same body: \(request.body), \(other.body)")
        // Other gateways than Envoy name the client's request in headers.
        guard other.target.hasPrefix("/envoy/") else { return }
        try require(message.text(message.method) == other.method, "the same method: \(other.method)")
        try require("/envoy" + message.text(message.target) == other.target, "the same target: \(other.target)")
        try require(other.hosts.count == 1 && message.text(message.authority) == other.hosts[0], "the same host: \(other.hosts)")
    }
}

/// The first request as NIO's parser reads it, which is that of Node.js (llhttp).
private struct OtherReading {
    var method = ""
    var target = ""
    var hosts: [String] = []
    var body: [UInt8] = []

    /// `nil`: no whole request, or none that it takes.
    init?(of bytes: [UInt8]) {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(HTTPRequestDecoder()))
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        guard (try? channel.writeInbound(ByteBuffer(bytes: bytes))) != nil else { return nil }
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head):
                method = head.method.rawValue
                target = head.uri
                hosts = head.headers["host"]
            case .body(let part): body += part.readableBytesView
            case .end: return
            }
        }
        return nil
    }
}
