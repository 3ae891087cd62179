import Accounts
import AuthService
import JOSE
import Testing

struct HeaderTemplateTests {
    private let identity = Identity(
        issuer: "https://issuer", subject: "s-1",
        claims: JSONObject([
            ("email", "a@example.com"), ("groups", ["x", "y,z", "a;b"]), ("realm_access", ["roles": ["r1", "r2"]]),
            ("https://example.com/team", "blue"), ("level", .integer(3)), ("verified", true), ("empty", ""), ("address", [:]),
            ("accented", [",\u{301}"]),
        ]))

    @Test(arguments: [
        ("email", "a@example.com"), ("sub", "s-1"), ("iss", "https://issuer"), ("groups", "x,y%2Cz,a;b"),
        ("realm_access.roles", "r1,r2"), ("https://example.com/team", "blue"), ("level", "3"), ("verified", "true"),
        ("{email}", "a@example.com"), ("user:{sub}", "user:s-1"), ("{sub}@{level}", "s-1@3"), ("{groups|;}", "x;y,z;a%3Bb"),
        ("{groups| | }", "x | y,z | a;b"), ("[{realm_access.roles|, }]", "[r1, r2]"), ("{{{sub}}}", "{s-1}"),
        ("accounts.google.com:{email}", "accounts.google.com:a@example.com"), ("accented", "%2C\u{301}"),
    ])
    func fills(template: String, text: String) throws {
        #expect(try #require(HeaderTemplate(template)).text(for: identity) == text)
    }

    /// A header that lacks a part of it is no header: `user:` alone would be a name of its own.
    @Test(arguments: ["missing", "empty", "address", "user:{missing}", "{email}{empty}", "realm_access.other", "email.x", "."])
    func isMissingWhereAClaimIs(template: String) throws {
        #expect(try #require(HeaderTemplate(template)).text(for: identity) == nil)
    }

    @Test(arguments: ["", "{", "}", "{}", "{email", "email}", "{a{b}", "{groups|}", "{a b}", "a b"])
    func isNoTemplate(text: String) {
        #expect(HeaderTemplate(text) == nil)
    }
}
