import Accounts
import AuthService
import JOSE
import Testing

struct MembershipTests {
    private func admits(_ membership: Membership, _ claims: JSONValue, subject: String = "sub-1") -> Bool {
        Permission.members(membership).permits(
            Identity(issuer: "https://issuer", subject: subject, claims: claims.object ?? JSONObject()))
    }

    private static func claim(_ path: String, _ values: String...) -> ClaimCondition {
        ClaimCondition(claim: ClaimPath(path), values: values)
    }

    @Test(
        arguments: [
            ("department", ["department": "it"], true), ("department", ["department": ["ops", "it"]], true),
            ("department", ["department": "IT"], false), ("department", [:], false),
            ("department", ["department": ["x": "it"]], false), ("realm.roles", ["realm": ["roles": ["it"]]], true),
            ("realm.roles", ["realm.roles": "it"], true), ("realm.roles", ["realm": "it"], false),
            ("https://example.com/roles", ["https://example.com/roles": ["it"]], true), ("iss", ["iss": "it"], false),
            ("sub", ["sub": "it"], false), ("department", ["department": ["it,ops"]], false),
        ] as [(String, JSONValue, Bool)])
    func claims(path: String, claims: JSONValue, isAdmitted: Bool) {
        #expect(admits(Membership(claims: [Self.claim(path, "it")]), claims) == isAdmitted)
    }

    @Test(
        arguments: [
            ("true", true, true), ("true", "true", true), ("true", 1, false), ("3", 3, true), ("3", "3", true),
            ("3", .number(3.5), false), ("*", .null, false), ("*", "", true),
        ] as [(String, JSONValue, Bool)])
    func valuesAreComparedAsTexts(pattern: String, value: JSONValue, isAdmitted: Bool) {
        #expect(admits(Membership(claims: [Self.claim("c", pattern)]), ["c": value]) == isAdmitted)
    }

    @Test func allClaimsHaveToHold() {
        let both = Membership(claims: [Self.claim("a", "1"), Self.claim("b", "2")])
        #expect(admits(both, ["a": "1", "b": "2"]))
        #expect(!admits(both, ["a": "1"]))
    }

    @Test func eachKindByItselfIsEnough() {
        let either = Membership(users: [.exact("bob")], groups: ["staff"], claims: [Self.claim("a", "1")])
        #expect(admits(either, ["preferred_username": "bob"]))
        #expect(admits(either, ["groups": ["staff"]]))
        #expect(admits(either, ["a": "1"]))
        #expect(!admits(either, ["groups": ["other"]]))
    }

    @Test func anyAndAllStandInEachOther() {
        let staffOfIT = Membership(
            all: [
                Membership(groups: ["staff"]),
                Membership(any: [Membership(claims: [Self.claim("d", "it")]), Membership(users: [.exact("bob")])]),
            ])
        #expect(admits(staffOfIT, ["groups": ["staff"], "d": "it"]))
        #expect(admits(staffOfIT, ["groups": ["staff"], "preferred_username": "bob"]))
        #expect(!admits(staffOfIT, ["groups": ["staff"]]))
        #expect(!admits(staffOfIT, ["d": "it"]))
    }

    @Test func nothingAdmitsNobody() {
        #expect(!admits(Membership(), ["groups": ["a"]]))
        #expect(!admits(Membership(all: []), [:]))
    }

    @Test func namesAreBytes() {
        #expect(!admits(Membership(groups: ["caf\u{e9}"]), ["groups": ["cafe\u{301}"]]))
    }
}
