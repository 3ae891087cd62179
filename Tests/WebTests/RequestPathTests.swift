import Testing
import Web

struct RequestPathTests {
    @Test(arguments: [
        ("/", "/"),
        ("/a/b", "/a/b"),
        ("/a/b/", "/a/b/"),
        ("/admin?x=/public/../%zz#", "/admin"),
        ("/public/../admin", "/admin"),
        ("/public/%2e%2e/admin", "/admin"),
        ("/public/.%2E/admin", "/admin"),
        ("/public;/../admin", "/admin"),
        ("//admin", "/admin"),
        ("///a////b//", "/a/b/"),
        ("/%61dmin", "/admin"),
        ("/ADMIN", "/ADMIN"),
        ("/a/./b/.", "/a/b/"),
        ("/a/..", "/"),
        ("/a/b/..", "/a/"),
        ("/a/b/../", "/a/"),
        ("/.", "/"),
        ("/...", "/..."),
        ("/.well-known/x", "/.well-known/x"),
        ("/a;b=1/c", "/a;b=1/c"),
        ("/caf%c3%a9", "/caf%C3%A9"),
        ("/a%20b", "/a%20b"),
        ("/%25%3f%23", "/%25%3F%23"),
        ("/%252e%252e/a", "/%252e%252e/a"),
        ("/%7euser/%41%2d%5A", "/~user/A-Z"),
    ])
    func isNormalised(target: String, path: String) throws {
        #expect(try RequestPath(target: target).string == path)
    }

    @Test(arguments: [
        ("", RequestPathRefusal.notAbsolute),
        ("*", .notAbsolute),
        ("admin", .notAbsolute),
        ("http://app.example/admin", .notAbsolute),
        ("?/admin", .notAbsolute),
        ("/public/..%2fadmin", .encodedSlash),
        ("/public%2F", .encodedSlash),
        ("/public\\..\\admin", .backslash),
        ("/public/..%5cadmin", .backslash),
        ("/admin%00", .controlCharacter),
        ("/admin%0d%0a", .controlCharacter),
        ("/admin%7f", .controlCharacter),
        ("/admin\0", .controlCharacter),
        ("/admin\r\nx: y", .controlCharacter),
        ("/admin\tx", .controlCharacter),
        ("/a b", .controlCharacter),
        ("/admin#x", .fragment),
        ("/%", .invalidEscape),
        ("/%4", .invalidEscape),
        ("/%4g", .invalidEscape),
        ("/%%61", .invalidEscape),
        ("/%u0061", .invalidEscape),
        ("/%c0%af", .overlongEscape),
        ("/x/%c0%ae%c0%ae/", .overlongEscape),
        ("/%e0%80%af", .overlongEscape),
        ("/%f0%80%80%af", .overlongEscape),
        ("/café", .notASCII),
        ("/public/..;/admin", .disguisedDotSegment),
        ("/public/.;x/admin", .disguisedDotSegment),
        ("/public/..;x=1/admin", .disguisedDotSegment),
        ("/public/..%3b/admin", .disguisedDotSegment),
        ("/public/%2e%2e%3B/admin", .disguisedDotSegment),
        ("/public//../admin", .disguisedDotSegment),
        ("/a//b/../../c", .disguisedDotSegment),
        ("/a/;x/../b", .disguisedDotSegment),
        ("/..", .aboveRoot),
        ("/a/../../b", .aboveRoot),
        ("/%2e%2e/b", .aboveRoot),
    ])
    func isRefused(target: String, refusal: RequestPathRefusal) {
        #expect(throws: refusal) { try RequestPath(target: target) }
    }

    @Test(arguments: [
        ("/a", nil), ("/a;x/b", "/a/b"), ("/a;x/", "/a/"), ("/a/;x", "/a/"), ("/;x/a", "/a"), ("/;x", "/"),
        ("/a/;/;y/b;z=1", "/a/b"),
    ])
    func pathWithoutParametersIsAPath(target: String, other: String?) throws {
        #expect(try RequestPath(target: target).bytesWithoutParameters.map { String(decoding: $0, as: UTF8.self) } == other)
    }

    @Test func longPathIsRefused() {
        let path = "/" + String(repeating: "a", count: RequestPath.maximumBytes)
        #expect(throws: RequestPathRefusal.tooLong) { try RequestPath(target: path) }
    }

    @Test func longQueryIsNotThePathsMatter() throws {
        let target = "/a?" + String(repeating: "b", count: RequestPath.maximumBytes)
        #expect(try RequestPath(target: target).string == "/a")
    }

    @Test func bytesAreThoseOfTheString() throws {
        let path = try RequestPath(target: "//a/%62")
        #expect(path.bytes == Array("/a/b".utf8))
    }

    @Test(arguments: ["/a/../b", "//x/%2e/y", "/%25%41", "/a%ff/..", "/%c3%a9%20"])
    func normalisingTwiceChangesNothing(target: String) throws {
        let once = try RequestPath(target: target)
        #expect(try RequestPath(target: once.string) == once)
    }
}
