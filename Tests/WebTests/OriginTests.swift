import Testing
import Web

struct OriginTests {
    @Test(arguments: [
        ("https://app.example", "https://app.example"),
        ("HTTPS://App.Example:443/x", "https://app.example"),
        ("http://app.example:80?x", "http://app.example"),
        ("http://app.example:443", "http://app.example:443"),
        ("http://localhost:8080/dex#f", "http://localhost:8080"),
        ("https://[::1]:9000/", "https://[::1]:9000"),
        ("https://app.example./", "https://app.example"),
        ("https://app.example//evil.example", "https://app.example"),
    ])
    func isParsed(url: String, origin: String) throws {
        #expect(try #require(Origin(url)).description == origin)
    }

    @Test(arguments: [
        "", "null", "app.example", "/app", "//app.example", "https:app.example", "https:/app.example", "https://",
        "https:///app.example", "https://app.example@evil.example", "https://evil.example\\@app.example",
        "https://app.example:port", "https:// app.example", " https://app.example", "ftp://app.example",
        "javascript://app.example/%0aalert(1)", "https\t://app.example", "https://app.example\n/",
    ])
    func isRefused(url: String) {
        #expect(Origin(url) == nil)
    }

    @Test func isMadeOfSchemeAndAuthority() throws {
        let origin = try #require(Origin(scheme: "https", authority: "App.example:8443"))
        #expect(origin == Origin("https://app.example:8443/x"))
        #expect(origin.port == 8443)
    }
}
