import Logging
import Operations
import Synchronization
import Testing

struct LogHandlerTests {
    /// Keeps what was written.
    private final class Lines: Sendable {
        private let bytes = Mutex<[UInt8]>([])
        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
        var sink: LogSink { { line in self.bytes.withLock { $0 += line } } }
    }

    private static func json(_ log: (inout Logger) -> Void) -> String {
        let lines = Lines()
        var logger = Logger(label: "check") { label in
            LineLogHandler(label: label, format: .json, now: { Timestamp(milliseconds: 1_769_903_999_123) }, sink: lines.sink)
        }
        log(&logger)
        return lines.text
    }

    private static func text(_ log: (inout Logger) -> Void) -> String {
        let lines = Lines()
        var logger = Logger(label: "check") { label in
            LineLogHandler(label: label, format: .text, now: { Timestamp(milliseconds: 1_769_903_999_123) }, sink: lines.sink)
        }
        log(&logger)
        return lines.text
    }

    private static let head = #"{"time":"2026-01-31T23:59:59.123Z","level":"info","label":"check","message":"#

    @Test func jsonLine() {
        let line = Self.json { $0.info("signed in", metadata: ["user": "ada", "id": "r1"]) }
        #expect(line == Self.head + #""signed in","id":"r1","user":"ada"}"# + "\n")
    }

    @Test(arguments: [
        ("a\"b\\c", #"a\"b\\c"#),
        ("a\r\nb\tc", #"a\r\nb\tc"#),
        ("\u{0}\u{1b}[31m\u{7f}", #"\u0000\u001b[31m\u007f"#),
        ("\u{85}\u{9b}x", #"\u0085\u009bx"#),
        ("\u{2028}\u{2029}", #"\u2028\u2029"#),
        ("é ✓ 🔑 \u{a0}", "é ✓ 🔑 \u{a0}"),
        (String(decoding: [0x61, 0xff], as: UTF8.self), "a\u{FFFD}"),
    ])
    func jsonEscapes(message: String, written: String) {
        #expect(Self.json { $0.info("\(message)") } == Self.head + "\"\(written)\"}\n")
    }

    @Test func metadataIsFlatAndOrdered() {
        let line = Self.json { logger in
            logger[metadataKey: "b"] = "own"
            logger[metadataKey: "a"] = ["y": "2", "x": ["deep": "1"]]
            logger.info("m", metadata: ["b": "event", "list": ["1", ["k": "v"]]])
        }
        #expect(line == Self.head + #""m","a.x.deep":"1","a.y":"2","b":"event","list":["1",{"k":"v"}]}"# + "\n")
    }

    @Test(arguments: ["time", "level", "label", "message", "error"]) func metadataCannotTakeTheLinesOwnNames(name: String) {
        #expect(Self.json { $0.info("m", metadata: [name: "x"]) } == Self.head + #""m","_\#(name)":"x"}"# + "\n")
    }

    @Test func levelBelowIsNotWritten() {
        #expect(Self.json { $0.debug("m") }.isEmpty)
    }

    @Test func textLine() {
        let line = Self.text { $0.warning("slow\nstore", metadata: ["user": "ada", "note": "a b", "none": ""]) }
        #expect(line == #"2026-01-31T23:59:59.123Z WARNING check: slow\nstore none="" note="a b" user=ada"# + "\n")
    }

    @Test func textLineOfAShortLevel() {
        #expect(Self.text { $0.info("ready") } == "2026-01-31T23:59:59.123Z INFO  check: ready\n")
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_800_007, "2000-03-01T00:00:00.007Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
    ])
    func time(milliseconds: Int64, written: String) {
        let lines = Lines()
        let handler = LineLogHandler(label: "t", format: .text, now: { Timestamp(milliseconds: milliseconds) }, sink: lines.sink)
        Logger(label: "t") { _ in handler }.info("m")
        #expect(lines.text == "\(written) INFO  t: m\n")
    }
}
