import AuthService
import EnvoyAPI
import ExtAuthz
import SwiftProtobuf
import Testing
import Web

struct CheckMessageReaderTests {
    private let reader = CheckMessageReader(trusted: TrustedProxies(["10.0.0.0/8"].compactMap(AddressRange.init))) { "made-id" }

    /// A request that is well formed, after `change`.
    static func message(_ change: (inout EnvoyAttributeContext.HttpRequest) -> Void = { _ in }) -> EnvoyCheckRequest {
        .with {
            var http = EnvoyAttributeContext.HttpRequest()
            http.method = "GET"
            http.path = "/app?q=1"
            http.host = "app.example"
            http.scheme = "https"
            http.headers = [":authority": "app.example", ":path": "/app?q=1", ":method": "GET", "accept": "text/html"]
            change(&http)
            $0.attributes.request.http = http
            $0.attributes.source.address.socketAddress.address = "192.0.2.9"
        }
    }

    private static func header(_ name: String, _ value: [UInt8]) -> EnvoyHeaderValue {
        .with {
            $0.key = name
            $0.rawValue = .init(value)
        }
    }

    @Test func requestIsRead() throws {
        let request = try reader.read(Self.message())
        #expect(request.gatewayCarriesPages)
        #expect(request.http.method == "GET")
        #expect(request.http.target == "/app?q=1")
        #expect(request.http.authority == "app.example")
        #expect(request.http.scheme == "https")
        #expect(request.http.clientAddress == "192.0.2.9")
        #expect(request.http.id == "made-id")
        #expect(request.http.headers.fields.map(\.name) == ["accept"])
    }

    private struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let refusal: Refusal
        let change: @Sendable (inout EnvoyAttributeContext.HttpRequest) -> Void
        var testDescription: String { name }
    }

    private static let refused: [Case] = [
        Case(name: "no method", refusal: .badMethod) { $0.method = "" },
        Case(name: "method with a space", refusal: .badMethod) { $0.method = "GET /x" },
        Case(name: "two methods", refusal: .badMethod) { $0.headers[":method"] = "POST" },
        Case(name: "no path", refusal: .badPath) { $0.path = "" },
        Case(name: "asterisk", refusal: .badPath) { $0.path = "*" },
        Case(name: "absolute target", refusal: .badPath) { $0.path = "http://app.example/x" },
        Case(name: "blank in path", refusal: .badPath) { $0.path = "/a b" },
        Case(name: "line end in path", refusal: .badPath) { $0.path = "/a\r\nx: y" },
        Case(name: "two paths", refusal: .badPath) { $0.headers[":path"] = "/admin" },
        Case(name: "path of a megabyte", refusal: .pathTooLong) { $0.path = "/" + String(repeating: "a", count: 1_000_000) },
        Case(name: "no host", refusal: .badHost) {
            $0.host = ""
            $0.headers = [:]
        },
        Case(name: "other :authority", refusal: .badHost) { $0.headers[":authority"] = "evil.example" },
        Case(name: "other host header", refusal: .badHost) { $0.headers["host"] = "evil.example" },
        Case(name: "two hosts joined", refusal: .badHost) {
            $0.host = "app.example,evil.example"
            $0.headers = [:]
        },
        Case(name: "no scheme", refusal: .badScheme) { $0.scheme = "" },
        Case(name: "other scheme", refusal: .badScheme) { $0.scheme = "ftp" },
        Case(name: "10,000 headers", refusal: .tooManyHeaders) { http in
            for number in 0..<10_000 { http.headers["x-\(number)"] = "" }
        },
        Case(name: "header name with a blank", refusal: .badHeader) { $0.headers["x y"] = "" },
        Case(name: "line end in a value", refusal: .badHeader) { $0.headers["x"] = "a\r\nb" },
        Case(name: "NUL in a value", refusal: .badHeader) { $0.headers["x"] = "a\0b" },
        Case(name: "raw path of no UTF-8", refusal: .notUTF8) { $0.headerMap.headers = [header(":path", [0x2f, 0xff])] },
        Case(name: "raw host that differs", refusal: .badHost) { $0.headerMap.headers = [header("host", [0x61])] },
    ]

    @Test(arguments: refused) private func requestIsRefused(by test: Case) {
        #expect(throws: test.refusal) { try reader.read(Self.message(test.change)) }
    }

    @Test(arguments: [
        EnvoyCheckRequest(), .with { $0.attributes = .init() }, .with { $0.attributes.request = .init() },
    ])
    func messageWithoutRequestIsRefused(message: EnvoyCheckRequest) {
        #expect(throws: Refusal.noRequest) { try reader.read(message) }
    }

    @Test(
        arguments: [
            [0xff], [0x0a, 0x05], [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80], [0x07],
            // attributes.request.http.path with a byte that is no UTF-8
            [0x0a, 0x07, 0x22, 0x05, 0x12, 0x03, 0x22, 0x01, 0xff],
        ] as [[UInt8]])
    func bytesThatAreNoMessageAreRefused(bytes: [UInt8]) {
        #expect(throws: Refusal.malformed) { try reader.read(bytes) }
    }

    @Test func bytesOfNothingAreRefused() {
        #expect(throws: Refusal.noRequest) { try reader.read([]) }
    }

    @Test func rawHeadersKeepTheirLines() throws {
        let message = Self.message { http in
            http.headers = [:]
            http.headerMap.headers = [
                Self.header(":authority", [UInt8]("app.example".utf8)), Self.header("cookie", [UInt8]("a=1".utf8)),
                Self.header("cookie", [UInt8](" b=é \t".utf8)), .with { ($0.key, $0.value) = ("accept", "*/*") },
            ]
        }
        let request = try reader.read(message)
        #expect(request.http.headers.all("cookie") == ["a=1", "b=é"])
        #expect(request.http.headers.all("accept") == ["*/*"])
    }

    @Test func bodyIsTakenRawOrAsText() throws {
        #expect(try reader.read(Self.message { $0.body = "é" }).http.body == [0xc3, 0xa9])
        #expect(try reader.read(Self.message { $0.rawBody = .init([1, 2]) }).http.body == [1, 2])
    }

    @Test(arguments: [
        ("192.0.2.9", "192.0.2.9", "https"), ("10.0.0.1", "203.0.113.5", "http"), ("nonsense", "", "https"),
    ])
    func forwardedHeadersCountFromTrustedSourcesOnly(source: String, client: String, scheme: String) throws {
        var message = Self.message {
            $0.headers["x-forwarded-for"] = "6.6.6.6, 203.0.113.5, 10.0.0.2"
            $0.headers["x-forwarded-proto"] = "http"
        }
        message.attributes.source.address.socketAddress.address = source
        let request = try reader.read(message)
        #expect(request.http.clientAddress == client)
        #expect(request.http.scheme == scheme)
    }

    @Test(arguments: [("id-1", "id-1"), ("", "made-id"), ("a b", "made-id"), (String(repeating: "x", count: 129), "made-id")])
    func requestID(header: String, id: String) throws {
        #expect(try reader.read(Self.message { $0.headers["x-request-id"] = header }).http.id == id)
    }
}
