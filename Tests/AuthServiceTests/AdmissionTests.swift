import Accounts
import AuthService
import JOSE
import Synchronization
import Testing
import Web

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Who may sign in at a provider.
struct AdmissionTests {
    private func identity(_ claims: [String: JSONValue]) -> Identity {
        Identity(
            issuer: "https://issuer.example", subject: "s-1", claims: JSONObject(claims.map { (name: $0.key, value: $0.value) }))
    }

    private static let ada: [String: JSONValue] = [
        "email": "Ada@Example.com", "email_verified": true, "groups": ["staff"], "preferred_username": "ada",
    ]

    @Test(
        arguments: [
            (SignInAdmission(), true), (SignInAdmission(users: [.mailDomain(suffix: "@example.com")]), true),
            (SignInAdmission(users: [.mailDomain(suffix: "@example.org")]), false),
            (SignInAdmission(users: [.exact("ada")]), true),
            (SignInAdmission(groups: ["staff", "x"]), true), (SignInAdmission(groups: ["admins"]), false),
            (SignInAdmission(users: [.exact("bob")], groups: ["staff"]), true),
        ] as [(SignInAdmission, Bool)])
    func oneOfWhatIsNamedIsEnough(admission: SignInAdmission, isAdmitted: Bool) {
        #expect((admission.outcome(for: identity(Self.ada)) == .admitted) == isAdmitted)
    }

    @Test func anUnverifiedAddressIsNoReason() {
        let unverified = identity(["email": "ada@example.com"])
        #expect(SignInAdmission(users: [.mailDomain(suffix: "@example.com")]).outcome(for: unverified) == .refused)
    }

    @Test func theFileIsReadAgainWhenItHasChanged() throws {
        let path = FileManager.default.temporaryDirectory.path + "/emails-\(Randomness.system.token(8))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let admission = SignInAdmission(emails: EmailFile(path: path))
        guard case .unavailable = admission.outcome(for: identity(Self.ada)) else {
            Issue.record("a file that is not there lets nobody in")
            return
        }
        try Data("# staff\n  ada@example.COM # Ada\r\nbob@example.com\n".utf8).write(to: URL(filePath: path))
        #expect(admission.outcome(for: identity(Self.ada)) == .admitted)
        #expect(admission.outcome(for: identity(["email": "ada@example.com"])) == .refused)
        try Data("bob@example.com\n".utf8).write(to: URL(filePath: path))
        #expect(admission.outcome(for: identity(Self.ada)) == .refused)
    }

    @Test func whoIsNotAdmittedCanUseAnotherAccount() async throws {
        let harness = try Harness(parts: { parts, _ in parts.providers[0].admission = SignInAdmission(groups: ["nobody"]) })
        var browser = Browser()
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        let decision = await harness.decide(try harness.callback(for: away), browser)
        #expect(decision.rejection?.response.status == 403 && harness.store.created.withLock { $0 } == 0)
        #expect(decision.bodyText.contains("admin@example.com") && decision.bodyText.contains("prompt=select_account"))
        #expect(decision.bodyText.contains("rd=https%3A%2F%2Fapp.example.com%2Fpage"))
    }
}
