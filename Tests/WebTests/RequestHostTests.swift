import Testing
import Web

struct RequestHostTests {
    @Test(
        arguments: [
            ("app.example", "app.example", nil),
            ("App.EXAMPLE:8080", "app.example", 8080),
            ("app.example.", "app.example", nil),
            ("app.example.:443", "app.example", 443),
            ("localhost:65535", "localhost", 65535),
            ("10.0.0.1:80", "10.0.0.1", 80),
            ("my_service.ns.svc", "my_service.ns.svc", nil),
            ("[::1]", "[::1]", nil),
            ("[2001:DB8::1]:9000", "[2001:db8::1]", 9000),
            ("[::ffff:10.0.0.1]", "[::ffff:10.0.0.1]", nil),
        ] as [(String, String, UInt16?)])
    func isNormalised(authority: String, name: String, port: UInt16?) throws {
        let host = try #require(RequestHost(authority))
        #expect(host.name == name)
        #expect(host.port == port)
    }

    @Test(arguments: [
        "", ".", "..", ":", ":80", "app.example..", ".app.example", "a..b", "app.example:", "app.example:0",
        "app.example:080", "app.example:65536", "app.example:+80", "app.example:80:80", "app.example:8a",
        "user@app.example", "app.example@evil.example", "app example", " app.example", "app.example ", "app.example\t",
        "app.example\r\nx", "app.example\0", "a.example,b.example", "a.example, b.example", "bücher.example",
        "app.example/", "app.example\\", "app%2eexample", "app.example#x", "app.example?x", "[::1", "::1", "[]", "[1]",
        "[::1]x", "[::1]:", "[::1%25eth0]", "[::g]", "[app.example]", "*.example", "a~b",
    ])
    func isRefused(authority: String) {
        #expect(RequestHost(authority) == nil)
    }

    @Test func longNamesAreRefused() {
        #expect(RequestHost(String(repeating: "a", count: 64) + ".example") == nil)
        #expect(RequestHost(Array(repeating: "label", count: 60).joined(separator: ".")) == nil)
    }
}
