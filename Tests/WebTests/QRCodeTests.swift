import Testing
import Web

struct QRCodeTests {
    @Test func aPathOverTheDarkModules() throws {
        let code = try #require(QRCode("otpauth://totp/a:b?secret=MZXW6YTB"))
        #expect(code.width == 29 + 8, "version 3 and the quiet zone")
        // The corner of a finder pattern is dark, and nothing is before it.
        #expect(code.path.hasPrefix("M4 4h1v1h-1z"))
        #expect(code.path.wholeMatch(of: /(M\d+ \d+h1v1h-1z)+/) != nil)
    }

    @Test func whatIsTooLong() {
        #expect(QRCode(String(repeating: "x", count: 3000)) == nil)
        #expect(QRCode("") == nil)
    }
}
