import Connectors
import JOSE
import OpenIDProvider
import Testing

/// What becomes of an upstream's groups.
@Suite struct GroupModificationsTests {
    private static let told = JSONObject([
        ("email", "eve@example.org"), ("email_verified", true), ("groups", ["team-a", "my-team-b", "staff"]),
        ("department", "re-search"), ("site", "Paris"), ("number", 7),
    ])

    private static func groups(
        takesGroups: Bool = true, _ configure: (inout GroupModifications) -> Void
    ) throws -> JSONValue? {
        var claims = UpstreamClaims()
        claims.takesGroups = takesGroups
        configure(&claims.modifications)
        return try claims.user(subject: "s", claims: told).claims["groups"]
    }

    @Test func aFilterIsSearchedFor() throws {
        #expect(try Self.groups { $0.filter = "team" } == ["team-a", "my-team-b"])
        #expect(try Self.groups { $0.filter = "^team" } == ["team-a"])
        #expect(try Self.groups { $0.filter = "(" } == [], "one that cannot be read lets nobody in")
    }

    @Test func namesAreChangedAfterThat() throws {
        #expect(
            try Self.groups { ($0.filter, $0.prefix, $0.suffix) = ("^team", "corp:", "!") } == ["corp:team-a!"])
    }

    static let made: [(claims: [String], delimiter: String, clears: Bool, prefix: String, group: String?)] = [
        (["department", "site"], "-", false, "of", "of-re-search-Paris"),
        (["department", "site"], "-", true, "of", "of-research-Paris"), (["missing", "site"], "/", false, "of", "of/Paris"),
        (["site"], "", true, "", "Paris"), (["missing", "number"], "-", false, "of", nil),
    ]

    @Test(arguments: made.indices) func newGroupsAreMadeOfClaims(_ index: Int) throws {
        let row = Self.made[index]
        let groups = try Self.groups(takesGroups: false) {
            $0.newGroups = [
                .init(claims: row.claims, delimiter: row.delimiter, clearsDelimiter: row.clears, prefix: row.prefix)
            ]
        }
        #expect(groups == row.group.map { .strings([$0]) })
    }
}
