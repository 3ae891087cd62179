import Testing
import Web

struct SetCookieTests {
    @Test func sessionCookie() {
        let cookie = SetCookie(name: "__Host-s", value: "v", maxAge: 60)
        #expect(cookie.headerValue == "__Host-s=v; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax")
    }

    @Test func everyAttribute() {
        let cookie = SetCookie(
            name: "s", value: "v", path: "/a", domain: "example.com", httpOnly: false, secure: false, sameSite: .strict)
        #expect(cookie.headerValue == "s=v; Path=/a; Domain=example.com; SameSite=Strict")
    }

    @Test func deletionKeepsWhatTheBrowserFindsItBy() {
        let cookie = SetCookie(name: "s", value: "v", path: "/a", domain: "example.com", maxAge: 60, sameSite: .none)
        #expect(
            cookie.deletion.headerValue == "s=; Path=/a; Domain=example.com; Max-Age=0; "
                + "Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=None")
    }

    @Test(arguments: ["a\r\nx: y", "a; Domain=evil.example", "a,b", "a b", "é", "a\"", "a\0"])
    func valueCannotLeaveItsPlace(value: String) {
        let header = SetCookie(name: "s", value: value, path: value, domain: value).headerValue
        #expect(header.utf8.allSatisfy { (0x20...0x7e).contains($0) })
        #expect(header.split(separator: ";").count == 6)
    }
}
