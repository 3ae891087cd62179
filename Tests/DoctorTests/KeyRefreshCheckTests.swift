import Doctor
import Testing

struct KeyRefreshCheckTests {
    @Test(arguments: [
        (String?.none, Int64(1800), "ok"), ("30m", 1800, "ok"), ("31m", 1800, "failure"), ("often", 1800, "warning"),
        (nil, 600, "failure"),
    ])
    func gatewaysHaveNewKeysBeforeTheySign(value: String?, publishAhead: Int64, word: String) {
        #expect(KeyRefreshCheck.finding(value, publishAhead: publishAhead).outcome.word == word)
    }
}

struct CookieCheckTests {
    @Test(arguments: [
        (["a.example.com", "b.example.com"], String?.some("example.com")),
        (["a.x.example.com", "b.x.example.com"], "x.example.com"), (["a.example.com", "b.example.org"], nil),
        (["example.com", "other.com"], nil), (["10.0.0.1", "10.9.0.1"], nil), ([], nil),
    ])
    func theDomainThatHostsShareIsFound(hosts: [String], parent: String?) {
        #expect(CookieCheck.sharedParent(hosts) == parent)
    }
}
