import Testing
import Web

struct FormFieldsTests {
    @Test(arguments: [
        ("a=1", "1"),
        ("b=2&a=1&a=3", "1"),
        ("a=x+y%20z", "x y z"),
        ("a=%C3%A9", "é"),
        ("a=é", "é"),
        ("a=%2B%26%3d", "+&="),
        ("a=b=c", "b=c"),
        ("a", ""),
        ("a=", ""),
        ("&&a=1&", "1"),
        ("%61=1", "1"),
        ("a=1%0D%0A2", "1\r\n2"),
    ])
    func firstValue(text: String, value: String) {
        #expect(FormFields(query: text)?.first("a") == value)
        #expect(FormFields(body: Array(text.utf8))?.first("a") == value)
    }

    @Test(arguments: [
        "a=%", "a=%4", "a=%zz", "%=1", "a=%u0041", "a=%ff", "a=%c3", "a=%c0%af", "a=%ed%a0%80", "a=%00", "a\0=1", "a=1\r\n",
        "a=1\t",
    ])
    func malformedIsRefused(text: String) {
        #expect(FormFields(query: text) == nil)
    }

    @Test func invalidUTF8InABodyIsRefused() {
        #expect(FormFields(body: [0x61, 0x3d, 0xff]) == nil)
    }

    @Test func emptyHasNoFields() {
        #expect(FormFields(query: "")?.fields.isEmpty == true)
    }

    @Test(arguments: [(FormFields.maximumFields, true), (FormFields.maximumFields + 1, false)])
    func numberIsBounded(count: Int, isAccepted: Bool) {
        let text = Array(repeating: "a=1", count: count).joined(separator: "&")
        #expect((FormFields(query: text) != nil) == isAccepted)
    }

    @Test(arguments: [(10, true), (11, false)])
    func bytesAreBounded(count: Int, isAccepted: Bool) {
        let text = "a=" + String(repeating: "x", count: count - 2)
        #expect((FormFields(query: text, maximumBytes: 10) != nil) == isAccepted)
    }

    @Test(
        arguments: [
            ("a=1&b=2", nil), ("a=1&b=2&a=1", "a"), ("a&b&%62", "b"), ("", nil), ("e%CC%81=1&%C3%A9=1", nil),
        ] as [(String, String?)])
    func repeatedName(text: String, name: String?) throws {
        let fields = try #require(FormFields(query: text))
        #expect(fields.repeatedName == name)
    }

    @Test func duplicatesAreKept() throws {
        let fields = try #require(FormFields(query: "a=1&b=2&a=3"))
        #expect(fields.all("a") == ["1", "3"])
        #expect(fields.hasDuplicates(of: "a"))
        #expect(!fields.hasDuplicates(of: "b"))
    }
}
