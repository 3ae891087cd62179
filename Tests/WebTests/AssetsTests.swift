import Testing
import Web

struct AssetsTests {
    @Test(arguments: [(Assets.stylesheet, "text/css; charset=utf-8"), (Assets.logo, "image/svg+xml")])
    func isServedForEver(asset: Assets.Asset, contentType: String) throws {
        let response = try #require(PageTheme.builtIn.response(for: asset.name))
        #expect(response.status == 200)
        #expect(response.body == asset.bytes)
        #expect(response.headers.all("content-type") == [contentType])
        #expect(response.headers.all("cache-control") == ["public, max-age=31536000, immutable"])
        #expect(response.headers.all("x-content-type-options") == ["nosniff"])
    }

    @Test func namesCarryAHash() {
        let stylesheet = Assets.stylesheet.name.wholeMatch(of: /pages-[0-9a-f]{16}\.css/)
        let logo = Assets.logo.name.wholeMatch(of: /logo-[0-9a-f]{16}\.svg/)
        #expect(stylesheet != nil)
        #expect(logo != nil)
    }

    @Test(arguments: ["", "pages.css", "pages-0000000000000000.css", "../pages.css", "/"])
    func otherNamesAreNotThere(name: String) {
        #expect(PageTheme.builtIn.response(for: name) == nil)
    }
}
