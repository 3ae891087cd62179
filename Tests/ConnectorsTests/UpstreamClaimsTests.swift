import Connectors
import JOSE
import OpenIDProvider
import RelyingParty
import Testing
import Web

/// What an upstream's claims make of somebody.
@Suite struct UpstreamClaimsTests {
    private static let told = JSONObject([
        ("email", "eve@example.org"), ("email_verified", true), ("name", "Eve"), ("preferred_username", "eve"),
        ("groups", ["a", "b"]), ("hd", "example.org"), ("employee", 7), ("mail", "other@example.org"), ("roles", "chief"),
    ])

    private static func user(
        _ changes: [(name: String, value: JSONValue?)] = [], _ configure: (inout UpstreamClaims) -> Void = { _ in }
    ) throws(UpstreamRefusal) -> ConnectorUser {
        var claims = told
        for change in changes { claims[change.name] = change.value }
        var mapping = UpstreamClaims()
        configure(&mapping)
        return try mapping.user(subject: "s-1", claims: claims)
    }

    private static func refusal(
        _ changes: [(name: String, value: JSONValue?)] = [], _ configure: (inout UpstreamClaims) -> Void = { _ in }
    ) -> UpstreamRefusal.Kind? {
        do throws(UpstreamRefusal) {
            _ = try user(changes, configure)
            return nil
        } catch { return error.kind }
    }

    @Test func theUsualClaims() throws {
        let user = try Self.user()
        #expect(user.id == "s-1")
        #expect(
            user.claims
                == JSONObject([
                    ("email", "eve@example.org"), ("email_verified", true), ("name", "Eve"), ("preferred_username", "eve"),
                ]))
    }

    @Test func groupsAreTakenWhereTheOperatorSaysSo() throws {
        #expect(try Self.user { $0.takesGroups = true }.claims["groups"] == ["a", "b"])
        #expect(try Self.user([("groups", nil)]) { $0.takesGroups = true }.claims["groups"] == [])
    }

    @Test func otherKeys() throws {
        let mapped = try Self.user {
            ($0.userIDKey, $0.emailKey, $0.groupsKey, $0.takesGroups) = ("employee", "mail", "roles", true)
        }
        #expect(mapped.id == "7" && mapped.claims["email"] == "eve@example.org", "the usual claims come first")
        let overridden = try Self.user {
            ($0.emailKey, $0.groupsKey, $0.takesGroups, $0.overridesClaims) = ("mail", "roles", true, true)
        }
        #expect(overridden.claims["email"] == "other@example.org" && overridden.claims["groups"] == ["chief"])
    }

    static let addresses: [(changes: [(name: String, value: JSONValue?)], taken: Bool)] = [
        ([("email_verified", "true")], true), ([("email_verified", false)], false), ([("email_verified", nil)], false),
        ([("email_verified", "yes")], false), ([("email_verified", 1)], false), ([("email", nil)], false),
        ([("email", "")], false),
        ([("email", ["eve@example.org"])], false),
    ]

    @Test(arguments: addresses) func addressesThatNobodyVouchesFor(
        _ row: (changes: [(name: String, value: JSONValue?)], taken: Bool)
    ) {
        #expect(Self.refusal(row.changes) == (row.taken ? nil : .email))
    }

    @Test func anOperatorMaySkipThat() {
        #expect(Self.refusal([("email_verified", false)]) { $0.skipsEmailVerification = true } == nil)
        #expect(Self.refusal([("email", nil)]) { $0.requiresEmail = false } == nil)
    }

    @Test(arguments: [nil, "", .array(["x"]), .number(1.5), .null, true] as [JSONValue?])
    func anIdentifierIsATextOrANumber(_ value: JSONValue?) {
        #expect(Self.refusal([("employee", value)]) { $0.userIDKey = "employee" } == .reply)
    }

    @Test func groupsAndDomains() {
        #expect(Self.refusal { ($0.takesGroups, $0.allowedGroups) = (true, ["b"]) } == nil)
        #expect(Self.refusal { ($0.takesGroups, $0.allowedGroups) = (true, ["B", "c"]) } == .notAdmitted)
        #expect(Self.refusal { $0.hostedDomains = ["example.org"] } == nil)
        #expect(Self.refusal { $0.hostedDomains = ["example.com"] } == .notAdmitted)
        #expect(Self.refusal([("hd", nil)]) { $0.hostedDomains = ["example.org"] } == .notAdmitted)
    }

    @Test(
        arguments: [
            ("<https://a/x?page=2>; rel=\"next\"", "https://a/x?page=2"),
            (
                "<https://a/x?page=1>; rel=\"prev\", <https://a/x?page=3>; rel=\"next\", <https://a/x?page=9>; rel=\"last\"",
                "https://a/x?page=3"
            ),
            ("<https://a/x>; rel=next", "https://a/x"), ("<https://a/x>; rel=\"last\"", nil), ("https://a/x; rel=\"next\"", nil),
            ("", nil), ("<>; rel=\"next\"", ""),
        ] as [(String, String?)])
    func theNextPage(_ header: String, _ url: String?) {
        #expect(LinkHeader.next(["link": header]) == url)
    }
}
