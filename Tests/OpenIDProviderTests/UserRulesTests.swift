import OpenIDProvider
import Testing

struct UserRulesTests {
    @Test(arguments: [
        ("a@b", true), ("Carol.D+x@example.com", true), ("ünï@example.com", true), ("a@b@c", false), ("@b", false), ("a@", false),
        ("a", false), ("", false), ("a b@c", false), ("a\n@b", false), ("a\u{85}@b", false), ("a\u{2028}@b", false),
        (String(repeating: "x", count: 253) + "@b", false),
    ])
    func emails(text: String, isFine: Bool) { #expect((UserRules.problem(email: text) == nil) == isFine) }

    @Test(arguments: [
        ("carol", true), ("Carol D.", true), ("", false), ("a@b", false), ("a\0", false),
        (String(repeating: "x", count: 65), false),
    ])
    func usernames(text: String, isFine: Bool) { #expect((UserRules.problem(username: text) == nil) == isFine) }

    @Test(arguments: [("Carol", true), ("", false), ("a\tb", false), (String(repeating: "x", count: 257), false)])
    func names(text: String, isFine: Bool) { #expect((UserRules.problem(name: text) == nil) == isFine) }

    @Test(
        arguments: [
            (["a", "team b"], true), ([], true), (["a,b"], false), ([""], false), (["a\n"], false),
            (Array(repeating: "g", count: 201), false),
        ] as [([String], Bool)])
    func groups(groups: [String], isFine: Bool) { #expect((UserRules.problem(groups: groups) == nil) == isFine) }
}
