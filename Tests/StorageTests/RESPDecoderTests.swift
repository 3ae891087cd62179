import NIOCore
import Storage
import Testing

/// What Redis says, in whatever pieces it comes.
struct RESPDecoderTests {
    static let values: [(String, RESPValue)] = [
        ("+OK\r\n", .status("OK")), ("-ERR no\r\n", .error("ERR no")), (":-12\r\n", .integer(-12)), ("$-1\r\n", .null),
        ("*-1\r\n", .null), ("$0\r\n\r\n", .bytes([])), ("$4\r\na\r\nb\r\n", .bytes(Array("a\r\nb".utf8))), ("*0\r\n", .list([])),
        ("*3\r\n:1\r\n$-1\r\n*1\r\n+x\r\n", .list([.integer(1), .null, .list([.status("x")])])),
    ]

    @Test(arguments: values) func readsInPieces(_ entry: (text: String, value: RESPValue)) throws {
        var decoder = RESPDecoder()
        for end in 0..<entry.text.utf8.count {
            var part = ByteBuffer(bytes: Array(entry.text.utf8.prefix(end)))
            #expect(try decoder.decode(buffer: &part) == nil)
            #expect(part.readableBytes == end, "nothing is taken of a part")
        }
        var whole = ByteBuffer(string: entry.text + "+next")
        #expect(try decoder.decode(buffer: &whole) == entry.value)
        #expect(String(buffer: whole) == "+next")
    }

    static let malformed = [
        "x\r\n", "$x\r\n", ":1e3\r\n", "$99999999999\r\n", "*9999999\r\n", "+a\rb\r\n", "$1\r\nabc", "$1\r\na\n\n",
        String(repeating: "*1\r\n", count: 9), "+" + String(repeating: "a", count: 70_000), "$9223372036854775808\r\n",
    ]

    @Test(arguments: malformed) func refusesWhatIsNone(_ text: String) {
        var decoder = RESPDecoder()
        var buffer = ByteBuffer(string: text)
        #expect(throws: RESPDecoder.Malformed.self) { try decoder.decode(buffer: &buffer) }
    }
}
