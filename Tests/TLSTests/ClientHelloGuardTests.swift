import NIOCore
import NIOEmbedded
import TLS
import Testing

/// What a client has to offer before TLS begins (RFC 7301). Every message is tried whole and byte by byte.
@Suite struct ClientHelloGuardTests {
    struct Hello: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var testDescription: String { name }
    }

    enum Outcome: Equatable {
        case passes
        case alert(UInt8)
        case waits
    }

    static let noExtension = Hello(name: "no extension", bytes: ClientHelloBytes().bytes)
    static let noExtensions = Hello(name: "no extensions", bytes: ClientHelloBytes(extensions: nil).bytes)
    static func offer(_ names: String...) -> Hello {
        Hello(name: names.joined(separator: " "), bytes: ClientHelloBytes.offering(names).bytes)
    }

    static let cases: [(Hello, http1: Outcome, http2: Outcome)] = [
        (offer("h2"), .alert(120), .passes),
        (offer("http/1.1"), .passes, .alert(120)),
        (offer("http/1.1", "h2"), .passes, .passes),
        (offer("grpc-exp", "h2"), .alert(120), .passes),
        (offer("imap"), .alert(120), .alert(120)),
        (offer("H2"), .alert(120), .alert(120)),
        (offer("h2c", "http/1.0"), .alert(120), .alert(120)),
        (noExtension, .passes, .alert(120)),
        (noExtensions, .passes, .alert(120)),
        (
            Hello(name: "in five records", bytes: split(ClientHelloBytes.offering(["h2", "http/1.1"]), 5)), .passes, .passes
        ),
        (Hello(name: "clear text", bytes: Array("GET / HTTP/1.1\r\n\r\n".utf8)), .alert(50), .alert(50)),
        (Hello(name: "an empty record", bytes: [22, 3, 1, 0, 0]), .alert(50), .alert(50)),
        (Hello(name: "a server's message", bytes: [22, 3, 1, 0, 4, 2, 0, 0, 0]), .alert(50), .alert(50)),
        (Hello(name: "a message without a body", bytes: [22, 3, 1, 0, 4, 1, 0, 0, 0]), .alert(50), .alert(50)),
        (Hello(name: "a message of 16 MiB", bytes: [22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff]), .alert(50), .alert(50)),
        (Hello(name: "an empty offer", bytes: ClientHelloBytes(extensions: [(16, [0, 0])]).bytes), .alert(50), .alert(50)),
        (Hello(name: "an empty name", bytes: ClientHelloBytes(extensions: [(16, [0, 1, 0])]).bytes), .alert(50), .alert(50)),
        (
            Hello(name: "a name too long", bytes: ClientHelloBytes(extensions: [(16, [0, 2, 9, 1])]).bytes), .alert(50),
            .alert(50)
        ),
        (
            Hello(name: "bytes behind the list", bytes: ClientHelloBytes(extensions: [(16, [0, 2, 1, 1, 1])]).bytes), .alert(50),
            .alert(50)
        ),
        (Hello(name: "half a message", bytes: Array(ClientHelloBytes.offering(["h2"]).bytes.dropLast(9))), .waits, .waits),
    ]

    @Test(arguments: cases, [false, true])
    func decides(_ hello: (Hello, http1: Outcome, http2: Outcome), byteByByte: Bool) throws {
        #expect(try outcome(of: hello.0.bytes, for: .http1, byteByByte) == hello.http1)
        #expect(try outcome(of: hello.0.bytes, for: .http2, byteByByte) == hello.http2)
    }

    @Test func anEndlessMessageIsRefused() throws {
        let record: [UInt8] = [22, 3, 1, 0x40, 0] + [1, 0, 0x7f, 0xff] + [UInt8](repeating: 0, count: 0x4000 - 4)
        #expect(try outcome(of: record + record + record, for: .http2, false) == .alert(50))
    }

    private static func split(_ hello: ClientHelloBytes, _ records: Int) -> [UInt8] {
        var hello = hello
        hello.records = records
        return hello.bytes
    }

    private func outcome(of bytes: [UInt8], for application: ApplicationProtocol, _ byteByByte: Bool) throws -> Outcome {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(ClientHelloGuard(application))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
        for part in byteByByte ? bytes.map({ [$0] }) : [bytes] { try channel.writeInbound(ByteBuffer(bytes: part)) }
        channel.embeddedEventLoop.run()
        if let alert = try channel.readOutbound(as: ByteBuffer.self) {
            #expect(!channel.isActive)
            return .alert(alert.readableBytesView.last ?? 0)
        }
        guard let passed = try channel.readInbound(as: ByteBuffer.self) else { return .waits }
        #expect(Array(passed.readableBytesView) == bytes)
        return .passes
    }
}
