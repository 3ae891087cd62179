import Testing
import Web

struct SecurityHeadersTests {
    @Test(arguments: [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"),
    ])
    func everyPageHas(name: String, value: String) {
        let page = MessagePage(PageTexts.english.badRequest, look: PageLook(assetsPath: "/a"))
        #expect(page.response(status: 400).headers.all(name) == [value])
    }

    @Test(arguments: [
        ("https://app.example/callback?x=1", "https://app.example"),
        ("http://LOCALHOST:8080/cb", "http://localhost:8080"),
        ("http://[::1]:8080/cb", "http:"),
        ("com.example.App:/callback", "com.example.app:"),
        ("myapp://callback", "myapp:"),
    ])
    func formTargetIsASource(url: String, source: String) throws {
        var headers: HeaderList = [:]
        SecurityHeaders(formTargets: [try #require(FormTarget(url: url))]).add(to: &headers)
        #expect(try #require(headers.first("content-security-policy")).contains("; form-action 'self' \(source); "))
    }

    @Test(arguments: [
        "", "/callback", "app.example", "https:app.example", "https://a.example;script-src", "javascript:alert(1)",
        "data:text/html,x", "a b:/x", "a;script-src *:/x", "'unsafe-inline':/x", "*:/x", ":x", "1a:/x", "file:///x",
    ])
    func otherTextIsNoFormTarget(url: String) {
        #expect(FormTarget(url: url) == nil)
    }
}
