import Accounts
import AuthService
import JOSE
import RelyingParty
import Testing

struct AccessSubjectTests {
    private func subject(
        _ claims: JSONValue, issuer: String = "https://idp.example", subject: String = "sub-1",
        _ mapping: AccessSubjectMapping = AccessSubjectMapping()
    ) -> AccessSubject? {
        mapping.subject(of: Identity(issuer: issuer, subject: subject, claims: claims.object ?? JSONObject()))
    }

    @Test(
        arguments: [
            (["email": "ada@example.com", "email_verified": true], "ada@example.com"),
            (["email": "ada@example.com"], nil), ([:], nil),
            (["email": "system:admin", "email_verified": true], nil),
        ] as [(JSONValue, String?)])
    func names(claims: JSONValue, user: String?) {
        #expect(subject(claims)?.user == user)
    }

    @Test(
        arguments: [
            ("sub", "", "sub-1"), ("login", "oidc:", "oidc:ada"), ("login", "system:", nil), ("none", "", nil),
        ] as [(String, String, String?)])
    func otherNames(claim: String, prefix: String, user: String?) {
        let mapping = AccessSubjectMapping(user: ClaimPath(claim), userPrefix: prefix)
        #expect(subject(["login": "ada"], mapping)?.user == user)
    }

    @Test func groupsOfTheClusterAreNobodyElsesToGive() {
        let mapping = AccessSubjectMapping(user: ClaimPath("sub"), groups: [ClaimPath("groups"), ClaimPath("realm.roles")])
        let found = subject(["groups": ["staff", "system:masters"], "realm": ["roles": ["ops"]]], mapping)
        #expect(found?.groups == ["staff", "ops", "system:authenticated"])
        let prefixed = AccessSubjectMapping(user: ClaimPath("sub"), groupPrefix: "system:")
        #expect(subject(["groups": ["masters"]], prefixed)?.groups == ["system:authenticated"])
    }

    @Test func accountsOfTheClusterHaveItsNames() {
        let mapping = AccessSubjectMapping(userPrefix: "oidc:", clusterIssuers: ["https://k.example"])
        let account = "system:serviceaccount:team:runner"
        let found = subject(["groups": ["system:authenticated", "x"]], issuer: "https://k.example", subject: account, mapping)
        #expect(found?.user == account)
        #expect(found?.groups == ["x", "system:serviceaccounts", "system:serviceaccounts:team", "system:authenticated"])
        #expect(subject([:], issuer: "https://other.example", subject: account, mapping) == nil)
    }

    @Test func extraNamesHaveTheirClaims() {
        let mapping = AccessSubjectMapping(
            user: ClaimPath("sub"), extra: [("scopes", ClaimPath("scope")), ("missing", ClaimPath("x"))])
        #expect(subject(["scope": ["a", "b"]], mapping)?.extra == [.init(name: "scopes", values: ["a", "b"])])
    }

    private func subject(_ claims: JSONValue, _ mapping: AccessSubjectMapping) -> AccessSubject? {
        subject(claims, issuer: "https://idp.example", subject: "sub-1", mapping)
    }
}
