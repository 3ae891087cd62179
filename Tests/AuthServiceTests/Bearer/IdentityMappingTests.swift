import Accounts
import AuthService
import JOSE
import Testing

struct IdentityMappingTests {
    private static let claims = JSONObject([
        ("sub", "s-1"), ("email", "a@example.com"), ("email_verified", true), ("groups", ["g"]),
        ("realm_access", ["roles": ["r1", "r2"]]), ("kubernetes.io", ["namespace": "team"]), ("exp", 1), ("n", 7),
    ])

    @Test(
        arguments: [
            ("sub", "s-1"), ("realm_access.roles", nil), ("kubernetes.io.namespace", "team"), ("kubernetes.io", nil), ("n", nil),
            ("missing", nil), ("sub.x", nil),
        ] as [(String, String?)])
    func theUserIsTheTextAtItsPath(path: String, expected: String?) {
        let identity = IdentityMapping(user: ClaimPath(path)).identity(issuer: "i", claims: Self.claims)
        #expect(identity?.subject == expected)
    }

    @Test func groupsOfSeveralClaimsComeTogetherWithTheirPrefix() {
        let mapping = IdentityMapping(
            groups: ["groups", "realm_access.roles", "missing"].map { ClaimPath($0) }, groupPrefix: "x/")
        #expect(mapping.identity(issuer: "i", claims: Self.claims)?.groups == ["x/g", "x/r1", "x/r2"])
    }

    @Test func noGroupsOfAnotherClaimAreLeft() {
        #expect(IdentityMapping(groups: [ClaimPath("missing")]).identity(issuer: "i", claims: Self.claims)?.groups == [])
    }

    @Test func anotherAddressIsNotVerifiedByTheFirstOnesClaim() {
        let identity = IdentityMapping(email: ClaimPath("sub")).identity(issuer: "i", claims: Self.claims)
        #expect(identity?.email == "s-1" && identity?.emailVerified == false)
    }

    @Test func theTokensOwnClaimsAreNoneOfThePerson() {
        #expect(IdentityMapping().identity(issuer: "i", claims: Self.claims)?.claims["exp"] == nil)
    }
}
