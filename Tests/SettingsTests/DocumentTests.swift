import Settings
import Testing

@Suite struct DocumentTests {
    static let refused: [Refused] = [
        Refused("log: { level: info }\nlog: { level: debug }\n", "1:1", "the key `log` stands twice"),
        Refused("log:\n  level: info\n  format: json\n  level: debug\n", "2:3", "the key `level` stands twice"),
        Refused("a: &x 1\nb: *x\n", "1:4", "anchors"),
        Refused("log: &x { level: info }\n", "1:6", "anchors"),
        Refused("hosts: [*.example.com]\n", "1:10", "put values that begin with `*`"),
        Refused("log: {}\n---\nlog: {}\n", "2:1", "a second document"),
        Refused("log: !x {}\n", "1:6", "tags"),
        Refused("log: { level: !secret x }\n", "1:15", "tags"),
        Refused("log: [\n", "2:1", "not YAML"),
        Refused("log:\n\tlevel: info\n", "2:1", "indent with spaces"),
        Refused("log: \"a\u{1}b\"\n", "1:8", "a control character"),
        Refused("- log\n", "1:1", "`the file` is a mapping, not a list"),
        Refused("hello\n", "1:1", "`the file` is a mapping, not a single value"),
        Refused("[a]: b\n" + Fixture.service, "1:1", "a key of `the file` is not a name"),
        Refused("1: b\n" + Fixture.service, "1:1", "unknown key `1`"),
    ]

    @Test(arguments: refused) func refusesWithThePlace(_ refused: Refused) { refused.check() }

    @Test func refusesDeepNesting() {
        let errors = Fixture.errors("log: " + String(repeating: "[", count: 60) + String(repeating: "]", count: 60))
        #expect(errors.count == 1 && errors[0].contains("nested more than 32 deep"))
    }

    @Test(arguments: [900, 100_000]) func survivesVeryDeepNesting(depth: Int) {
        #expect(Fixture.errors("log: " + String(repeating: "[", count: depth)).count == 1)
    }

    @Test func refusesExpandingAliases() {
        var yaml = "a0: &a0 [x, x]\n"
        for level in 1...60 { yaml += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        yaml += "? *a60\n: x\n"
        let errors = Fixture.errors(yaml)
        #expect(errors.count == 1 && errors[0].contains("anchors"))
    }

    @Test func refusesLargeFiles() {
        let errors = Fixture.errors("# " + String(repeating: "x", count: 1 << 20))
        #expect(errors == ["1:1: the file is larger than 1 MiB; make it smaller"])
    }

    @Test func saysWhereTheFileIsNotUTF8() {
        let errors = Fixture.errors(Array("log: {}\n# ä".utf8) + [0xff, 0x0a])
        #expect(errors == ["2:4: the file is not UTF-8; save the file as plain UTF-8 text"])
    }

    @Test func takesAByteOrderMark() {
        #expect(Fixture.errors([0xef, 0xbb, 0xbf] + Array("log: {}\n".utf8)) == Fixture.errors("log: {}\n"))
    }

    @Test(arguments: ["", "# nothing\n", "null\n", "{}\n"]) func anEmptyFileHasNoRole(_ yaml: String) {
        Refused(yaml, "1:1", "neither `authService` nor `provider`").check()
    }

    @Test func aMissingFileIsNamed() {
        #expect {
            try Configuration.load(path: "/etc/gatehouse/none.yaml", sources: Fixture.sources)
        } throws: { error in
            "\(error)".hasPrefix("/etc/gatehouse/none.yaml: the configuration cannot be read (No such file or directory); ")
        }
    }
}
