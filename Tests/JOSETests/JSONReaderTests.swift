import JOSE
import Testing

struct JSONReaderTests {
    @Test(arguments: [
        (#"{"a":1,"a":2}"#, "a name stands twice in one object"),
        (#"{"é":1,"\u00e9":2}"#, "a name stands twice in one object"),
        (#"{"a":1} x"#, "something follows the value"),
        (#"[1,]"#, "not a JSON value"),
        (#"{"a":1,}"#, "a member's name is missing"),
        (#"01"#, "not a JSON value"),
        (#"1."#, "a number ends in '.'"),
        (#"1e"#, "a number's exponent is missing"),
        (#"1e999"#, "a number is out of range"),
        (#""\ud800""#, "a lone surrogate stands in a string"),
        (#""\ud800\u0041""#, "a lone surrogate stands in a string"),
        (#""\x""#, "an unknown escape stands in a string"),
        ("\"a\nb\"", "a control character stands in a string"),
        (#""abc"#, "a string does not end"),
        (#"tru"#, "not a JSON value"),
        ("", "not a JSON value"),
    ])
    func refuses(text: String, reason: String) {
        #expect { try JSONReader.read(text.utf8) } throws: { ($0 as? JSONReader.Refusal)?.reason == reason }
    }

    @Test func refusesInvalidUTF8() {
        #expect(throws: JSONReader.Refusal.self) { try JSONReader.read([0x22, 0xC0, 0xAF, 0x22]) }
    }

    @Test(arguments: [32, 33])
    func refusesDeepNesting(depth: Int) {
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(((try? JSONReader.read(text.utf8)) != nil) == (depth <= 32))
    }

    @Test(arguments: [
        (#"{"a":[1,-2.5,true,null,"x\n\u20ac\ud83d\ude00"]}"#, #"{"a":[1,-2.5,true,null,"x\n€😀"]}"#),
        (#" { } "#, #"{}"#), ("9223372036854775807", "9223372036854775807"), ("1e3", "1000.0"),
        (#""</script>""#, #""\u003c/script\u003e""#),
    ])
    func writesWhatItRead(text: String, written: String) throws {
        #expect(try JSONReader.read(text.utf8).jsonText == written)
    }

    @Test(arguments: [
        ("1", 1 as Int64?), ("1.0", 1), ("1e3", 1000), ("1.5", nil), ("1e300", nil), (#""1""#, nil), ("9223372036854775808", nil),
    ])
    func takesOnlyWholeNumbersThatFit(text: String, value: Int64?) throws {
        #expect(try JSONReader.read(text.utf8).integer == value)
    }
}
