import Testing
import Web

struct RedirectTargetTests {
    @Test(arguments: [
        ("/", "https://app.example/"),
        ("/a/b?x=1&y=%2f#part", "https://app.example/a/b?x=1&y=%2f#part"),
        ("/?next=//other.example", "https://app.example/?next=//other.example"),
        ("/a//b", "https://app.example/a//b"),
        ("/caf%C3%A9", "https://app.example/caf%C3%A9"),
        ("https://app.example", "https://app.example/"),
        ("HTTPS://APP.example:443/x", "https://app.example/x"),
        ("https://app.example?x", "https://app.example/?x"),
        ("https://app.example#x", "https://app.example/#x"),
        ("http://other.example:8080/x", "http://other.example:8080/x"),
        ("https://team.corp.example/x", "https://team.corp.example/x"),
        ("https://corp.example/x", "https://corp.example/x"),
        ("/a?", "https://app.example/a?"),
    ])
    func isBuiltFromItsParts(text: String, url: String) throws {
        #expect(try #require(target(text)).url == url)
    }

    @Test(arguments: [
        "", "a", "?x", "#x", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
        "https:evil.example", "https:/evil.example", "https:///evil.example", "https://evil.example",
        "https://app.example@evil.example", "https://app.example:x@evil.example", "https://app.example.evil.example",
        "https://evil.example#@app.example", "https://evil.example?@app.example", "https://evilcorp.example",
        "https://corp.example.evil.example", "javascript:alert(1)", "javascript://app.example/%0aalert(1)",
        "JaVaScRiPt:alert(1)", "data:text/html,x", "%2f%2fevil.example", "/%2fevil.example", "/%2Fevil.example",
        "/%5cevil.example", "/a/%5cb", "/%09/evil.example", "/\t/evil.example", "https://evil.example\\@app.example",
        "/x/..//evil.example", "/x/../y", "/..", "/.", "/./x", "/%2e%2e/x", "/x/%2e%2e//evil.example", "/x/..;/y",
        "/x\r\nset-cookie: a=b", "/x%0d%0aset-cookie:%20a=b", "/x?y=%0d%0az", "/x#%00", "/x%7f", "/x%00", " /x", "/x ",
        "/a b", "/é", "/x?é", "/%", "/x?%zz", "/x#a#b", "http://app.example/x", "https://app.example:8443/x",
        "http://corp.example/x", "https://team.corp.example:8443/x", "https://app.example//evil.example",
        "https://app.example/../x", "https://app.example\t/x", "htt\nps://app.example/x", "ftp://app.example/x",
        "https://bücher.example/", "https://app.example%2eevil.example/",
    ])
    func isRefused(text: String) {
        #expect(target(text) == nil)
    }

    @Test(arguments: [(RedirectTarget.maximumBytes, true), (RedirectTarget.maximumBytes + 1, false), (10_000, false)])
    func isBounded(count: Int, isAccepted: Bool) {
        let text = "/" + String(repeating: "a", count: count - 1)
        #expect((target(text) != nil) == isAccepted)
    }

    @Test func relativePartHasNoOrigin() throws {
        #expect(try #require(target("https://app.example?a#b")).relative == "/?a#b")
    }

    @Test func emptyCookieDomainAllowsNothing() throws {
        let home = try #require(Origin("https://app.example"))
        #expect(RedirectTarget("https://evil.example/", home: home, cookieDomain: "") == nil)
        #expect(RedirectTarget("https://evil.example/", home: home, cookieDomain: ".") == nil)
    }

    private func target(_ text: String) -> RedirectTarget? {
        guard let home = Origin("https://app.example"), let other = Origin("http://other.example:8080") else { return nil }
        return RedirectTarget(text, home: home, allowed: [other], cookieDomain: ".corp.example")
    }
}
