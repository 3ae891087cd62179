import Accounts
import JOSE
import Testing

/// What becomes of an issuer's claims.
struct ClaimMappingTests {
    private static let claims = JSONObject([
        ("email", "Ada@Example.com"), ("email_verified", true), ("upn", "ada@corp.example"), ("oid", "o-1"),
        ("groups", ["one", "two"]), ("realm_access", ["roles": ["two", "admin"]]), ("role", "single"),
        ("https://example.com/groups", ["dotted"]), ("numbers", [1, "one"]), ("deep", ["a": ["b": ["c": "d"]]]),
    ])

    private func mapped(_ claims: JSONObject = Self.claims, _ change: (inout ClaimMapping) -> Void) -> Identity {
        var mapping = ClaimMapping()
        change(&mapping)
        return mapping.apply(to: Identity(issuer: "https://issuer.example", subject: "s-1", claims: claims))
    }

    @Test func nothingConfiguredChangesNothing() {
        #expect(mapped { _ in }.claims == Self.claims)
    }

    @Test(arguments: [
        (["realm_access.roles"], ["two", "admin"]), (["role"], ["single"]), (["https://example.com/groups"], ["dotted"]),
        (["groups", "realm_access.roles"], ["one", "two", "admin"]), (["deep.a.b.c"], ["d"]), (["missing"], []),
        (["numbers"], []), (["deep.a"], []), (["deep..a", "role"], ["single"]),
    ])
    func groupsComeFromAnyPath(paths: [String], groups: [String]) {
        #expect(mapped { $0.groups = paths.map { ClaimPath($0) } }.groups == groups)
    }

    @Test func userAndNamesComeFromOtherClaims() {
        let identity = mapped { mapping in
            mapping.user = ClaimPath("oid")
            mapping.name = ClaimPath("upn")
            mapping.preferredUsername = ClaimPath("role")
        }
        #expect(identity.text(of: "user") == "o-1" && identity.name == "ada@corp.example")
        #expect(identity.preferredUsername == "single" && identity.subject == "s-1")
    }

    @Test func anAddressFromElsewhereIsNotVouchedFor() {
        let identity = mapped { $0.email = ClaimPath("upn") }
        #expect(identity.email == "ada@corp.example" && !identity.emailVerified)
    }

    @Test(arguments: [JSONValue?.none, false, "false", true])
    func addressesCanCountAsVerified(verified: JSONValue?) {
        var claims = Self.claims
        claims["email_verified"] = verified
        let identity = mapped(claims) { $0.emailVerification = .assumed }
        #expect(identity.emailVerified && !identity.hasUnverifiedEmail)
    }

    @Test func withoutAnAddressNothingIsVerified() {
        var claims = Self.claims
        (claims["email"], claims["email_verified"]) = (nil, nil)
        #expect(!mapped(claims) { $0.emailVerification = .assumed }.emailVerified)
    }

    @Test(
        arguments: [
            ([.lowerCase], ["cn=admins,dc=corp", "app-users"]), ([.addPrefix("x:")], ["x:CN=Admins,DC=corp", "x:App-Users"]),
            ([.addSuffix("@c")], ["CN=Admins,DC=corp@c", "App-Users@c"]),
            ([.removePrefix("App-")], ["CN=Admins,DC=corp", "Users"]),
            ([.removeSuffix(",DC=corp")], ["CN=Admins", "App-Users"]),
            ([.removePrefix("App-"), .lowerCase], ["cn=admins,dc=corp", "users"]),
            ([.removePrefix("App-Users")], ["CN=Admins,DC=corp"]),
        ] as [([ClaimTransform.Step], [String])])
    func textsAreChangedOneByOne(steps: [ClaimTransform.Step], groups: [String]) {
        let claims = JSONObject([("groups", ["CN=Admins,DC=corp", "App-Users"])])
        #expect(mapped(claims) { $0.transforms = [ClaimTransform(claim: "groups", steps: steps)] }.groups == groups)
    }

    @Test(arguments: [(true, ["Admins", "App-Users"]), (false, ["Admins"])])
    func aPatternReplacesWhatItMatchesWhole(keepsOthers: Bool, groups: [String]) throws {
        let replacement = try #require(TextReplacement(pattern: "CN=([A-Za-z]+),.*", replacement: "$1"))
        let claims = JSONObject([("groups", ["CN=Admins,DC=corp", "App-Users"])])
        let identity = mapped(claims) { mapping in
            mapping.transforms = [
                ClaimTransform(claim: "groups", steps: [.replace(replacement, keepsOthers: keepsOthers)])
            ]
        }
        #expect(identity.groups == groups)
    }

    @Test(
        arguments: [
            ("a(b)(c)?", "$2$1$0$", "ab", "bab$"), ("a", "$9", "a", ""), ("a", "$$", "a", "$$"), ("a", "b", "aa", nil),
            (".*", "x", String(repeating: "a", count: 513), nil),
        ] as [(String, String, String, String?)])
    func replacements(pattern: String, replacement: String, text: String, result: String?) throws {
        #expect(try #require(TextReplacement(pattern: pattern, replacement: replacement)).apply(text) == result)
    }

    @Test(arguments: ["(", "[a", "a{2,1}"]) func whatIsNoPatternIsRefused(pattern: String) {
        #expect(TextReplacement(pattern: pattern, replacement: "") == nil)
    }

    @Test func aSingleTextIsChangedToo() {
        let identity = mapped { $0.transforms = [ClaimTransform(claim: "email", steps: [.lowerCase])] }
        #expect(identity.email == "ada@example.com")
    }
}
