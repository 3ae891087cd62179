import Testing
import Web

struct QueryStringTests {
    @Test(arguments: [
        ("aZ09-._~", "aZ09-._~"), ("a b", "a%20b"), ("&=+%#?/:@", "%26%3D%2B%25%23%3F%2F%3A%40"), ("é", "%C3%A9"),
        ("\r\n", "%0D%0A"), ("", ""),
    ])
    func percentEncoding(value: String, encoded: String) {
        #expect(PercentEncoding.encode(value) == encoded)
        #expect(PercentEncoding.decode(encoded.utf8) == Array(value.utf8))
    }

    @Test(arguments: [
        ("https://a.example", "https://a.example?x=1&y=a%20b"),
        ("https://a.example/cb?z=2", "https://a.example/cb?z=2&x=1&y=a%20b"),
        ("https://a.example/cb?", "https://a.example/cb?x=1&y=a%20b"),
        ("https://a.example/cb?z&", "https://a.example/cb?z&x=1&y=a%20b"),
        ("/cb#f?g", "/cb?x=1&y=a%20b#f?g"),
        ("/cb?z#f", "/cb?z&x=1&y=a%20b#f"),
        ("", "?x=1&y=a%20b"),
    ])
    func appending(url: String, result: String) {
        let query: QueryString = ["x": "1", "y": "a b"]
        #expect(query.appending(to: url) == result)
    }

    @Test func emptyQueryLeavesTheURL() {
        #expect(QueryString().appending(to: "/a#b") == "/a#b")
    }

    @Test func absentValuesAreLeftOut() {
        var query = QueryString([(name: "a", value: "1")])
        query.add("b", nil)
        query.add("a", "2")
        #expect(query.encoded == "a=1&a=2")
    }

    @Test func formFieldsReadWhatItWrites() {
        let value = "a+b &=%é\r\n"
        let query = QueryString([(name: value, value: value)])
        #expect(FormFields(query: query.encoded)?.first(value) == value)
    }
}
