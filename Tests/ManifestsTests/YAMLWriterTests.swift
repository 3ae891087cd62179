import Manifests
import Testing

struct YAMLWriterTests {
    /// Left as they are only where no YAML reader can take them for anything but a string.
    @Test(arguments: [
        ("x-user", "x-user"), ("/echo/", "/echo/"), ("_a.b", "_a.b"),
        ("", #""""#), ("yes", #""yes""#), ("Null", #""Null""#), ("OFF", #""OFF""#), ("~", #""~""#), ("y", #""y""#),
        ("10s", #""10s""#), ("0x10", #""0x10""#), ("1e3", #""1e3""#), ("127.0.0.1", #""127.0.0.1""#), ("-", #""-""#),
        (".inf", #"".inf""#), ("2026-01-01", #""2026-01-01""#),
        ("a: b", #""a: b""#), ("a #b", #""a #b""#), ("- a", #""- a""#), ("*x", #""*x""#), ("&x", #""&x""#), ("!x", #""!x""#),
        ("{a}", #""{a}""#), ("%REQ(:PATH)%", #""%REQ(:PATH)%""#), ("@type", #""@type""#), (" a", #"" a""#), ("a ", #""a ""#),
        (#"say "hi""#, #""say \"hi\"""#), (#"back\slash"#, #""back\\slash""#), ("it's", #""it's""#),
        ("a\nadmin: x", #""a\nadmin: x""#), ("a\r\nb", #""a\r\nb""#), ("a\tb", #""a\tb""#), ("a\u{0}b", #""a\u0000b""#),
        ("a\u{85}b", #""a\u0085b""#), ("a\u{2028}b", #""a\u2028b""#), ("\u{FEFF}a", #""\uFEFFa""#), ("é", #""é""#),
        ("🔑", #""🔑""#),
    ])
    func string(text: String, written: String) {
        #expect(YAMLWriter.text(.string(text)) == written + "\n")
    }

    @Test func keysAreQuotedLikeStrings() {
        #expect(YAMLWriter.text(.map([YAMLEntry("on: {}\n", 1)])) == "\"on: {}\\n\": 1\n")
    }

    @Test func nestsMapsAndLists() {
        let tree: YAMLValue = [
            "a": ["b": [1, true], "c": ["x", ["d": "y", "e": [["f": 2]]]]], "empty": [:], "none": .list([]),
        ]
        #expect(
            YAMLWriter.text(tree) == """
                a:
                  b:
                    - 1
                    - true
                  c:
                    - x
                    - d: "y"
                      e:
                        - f: 2
                empty: {}
                none: []

                """)
    }

    @Test func notesStandAboveKeysAndItems() {
        let tree: YAMLValue = ["a": .noted("why\nmore", 1), "b": [.noted("item", ["c": .noted("inside", "d")])]]
        #expect(
            YAMLWriter.text(tree) == """
                # why
                # more
                a: 1
                b:
                  # item
                  # inside
                  - c: d

                """)
    }

    @Test(arguments: [
        ("one\n\n  two: \"x\"\n", "k: |\n  one\n  \n    two: \"x\"\n"), ("one\ntwo", #"k: "one\ntwo"\#n"#),
        (" one\n", #"k: " one\n"\#n"#), ("one\n\n", #"k: "one\n\n"\#n"#), ("a\tb\n", #"k: "a\tb\n"\#n"#), ("\n", #"k: "\n"\#n"#),
    ])
    func linesAreWrittenAsTheyAre(_ text: String, _ written: String) {
        #expect(YAMLWriter.text(.map([YAMLEntry("k", .string(text))])) == written)
    }
}
