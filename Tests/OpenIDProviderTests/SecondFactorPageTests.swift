import JOSE
import OpenIDProvider
import Storage
import Testing
import Web

/// The page on which people set up, see and take away their second factors.
struct SecondFactorPageTests {
    @Test func whatIsSetUpIsListedAndTakenAway() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        let empty = await browser.get("/second-factors")
        #expect(empty.status == 200 && empty.text.contains("You have not set up a second factor."))
        let app = try await browser.enrol()
        let list = await browser.get("/second-factors")
        #expect(list.text.contains("Authenticator app") && list.text.contains("Recovery codes left: 10"))
        #expect(!list.text.contains("value=\"begin\""), "one app an account")
        let removed = try await browser.act(list, "remove")
        #expect(removed.text.contains("You have not set up a second factor."))
        #expect(try await provider.secondFactors.secondFactors(of: Self.jane).isEmpty, "recovery codes went with it")
        #expect(try await SSOBrowser(provider).signIn().code != nil)
        let again = try await browser.enrol()
        #expect(again.key.bytes != app.key.bytes)
    }

    private static let jane = SecondFactorAccount(connectorID: "local", userID: "jane-id")

    @Test func twoFirstFactorsAtOnceAreBothThere() async throws {
        let store = OvertakenStore()
        let provider = try TestProvider(secondFactors: store)
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        let offer = try await browser.act(await browser.get("/second-factors"), "begin")
        let app = try AuthenticatorApp(scanning: offer, provider.clock)
        // Between the look and the write another tab makes a passkey, with which recovery codes come.
        await store.overtakeOnce(by: [
            SecondFactor(id: "p", account: Self.jane, kind: .passkey, credentialID: [1], createdAt: provider.clock.now),
            SecondFactor(id: "r", account: Self.jane, kind: .recoveryCodes, createdAt: provider.clock.now),
        ])
        let page = try await browser.submit(offer, ["code": app.code()])
        #expect(AuthenticatorApp.codes(in: page).isEmpty, "the others' codes count for both")
        let kinds = try await store.secondFactors(of: Self.jane).map(\.kind)
        #expect(Set(kinds) == [.passkey, .recoveryCodes, .totp] && kinds.count == 3)
    }

    @Test func theStoreHasNeitherKeyNorCodes() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        for factor in try await provider.secondFactors.secondFactors(of: Self.jane) {
            let row = factor.sealed + JSONValue.object(factor.details).jsonText
            #expect(!row.contains(Base32.encode(app.key.bytes)) && !row.contains(Base64URL.encode(app.key.bytes)))
            #expect(app.recoveryCodes.allSatisfy { !row.contains($0) })
        }
    }

    @Test func newRecoveryCodesTakeThePlaceOfTheOldOnes() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        let app = try await browser.enrol()
        let page = try await browser.act(await browser.get("/second-factors"), "regenerate")
        let codes = AuthenticatorApp.codes(in: page)
        #expect(codes.count == 10 && Set(codes).isDisjoint(with: app.recoveryCodes))
        let other = SSOBrowser(provider)
        #expect(try await other.submit(try await other.signIn(), ["code": app.recoveryCodes[0]]).status == 401)
        #expect(try await other.submit(try await other.signIn(), ["code": codes[0]]).code != nil)
    }

    @Test(arguments: ["remove", "regenerate", "begin"])
    func whoeverSitsAtABrowserThatWasLeftChangesNothing(action: String) async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        let app = try await browser.enrol()
        let list = await browser.get("/second-factors")
        let before = try await provider.secondFactors.secondFactors(of: Self.jane)
        provider.clock.move(by: 300)
        #expect(await browser.get("/second-factors").asksForSecondFactor)
        let refused = try await browser.act(list, action == "begin" ? "remove" : action, ["do": action])
        #expect(refused.asksForSecondFactor)
        #expect(try await provider.secondFactors.secondFactors(of: Self.jane) == before)
        #expect(try await browser.submit(refused, ["code": "000000"]).status == 401)
        let open = try await browser.submit(refused, ["code": app.code()])
        #expect(open.text.contains("Authenticator app"))
    }

    @Test func theFirstOneNeedsASignInOfTheLastMinutes() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        let page = await browser.get("/second-factors")
        provider.clock.move(by: 900)
        let refused = try await browser.act(page, "begin")
        #expect(refused.status == 403 && refused.text.contains("Sign in once more first"))
        #expect(!(await browser.get("/second-factors").text.contains("value=\"begin\"")))
        _ = try await browser.signIn(["prompt": "login"])
        #expect(try await browser.act(await browser.get("/second-factors"), "begin").offersSecondFactor)
    }

    @Test func aFormOfAnotherSiteAndOneOfAnotherAccountAreRefused() async throws {
        let provider = try TestProvider()
        let (jane, joe) = (SSOBrowser(provider), SSOBrowser(provider))
        _ = try await jane.signIn()
        _ = try await joe.signIn(as: "joe@example.com")
        let page = await jane.get("/second-factors")
        #expect(try await jane.submit(page, [:], headers: ["sec-fetch-site": "cross-site"]).status == 403)
        #expect(try await joe.submit(page, [:]).status == 403)
        let account = try TestProvider.form(in: await joe.get("/second-factors")).fields["account"] ?? ""
        #expect(try await jane.submit(page, ["account": account]).status == 403)
        #expect(try await jane.submit(page, ["proof": "x"]).status == 403)
    }

    @Test func whoeverIsDeletedLeavesNoneBehind() async throws {
        let provider = try TestProvider()
        let user = StoredUser(
            id: "jane-id", email: "jane@example.com", username: "jane", name: "Jane", createdAt: provider.clock.now)
        #expect(try await provider.users.create(user, invitation: nil))
        _ = try await provider.enrolled()
        #expect(try await #require(provider.provider.users).delete(user))
        #expect(try await provider.secondFactors.secondFactors(of: Self.jane).isEmpty)
    }
}

/// A store in which somebody else is faster, once.
private actor OvertakenStore: SecondFactorStore {
    private let base = MemorySecondFactorStore()
    private var faster: [SecondFactor] = []

    func overtakeOnce(by factors: [SecondFactor]) { faster = factors }

    func add(_ factors: [SecondFactor]) async throws(ProviderStoreFailure) -> Bool {
        let first = faster
        faster = []
        if !first.isEmpty { _ = try await base.add(first) }
        return try await base.add(factors)
    }

    func secondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await base.secondFactors(of: account)
    }

    func secondFactors(ofSubject subject: String) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await base.secondFactors(ofSubject: subject)
    }

    func secondFactor(credentialID: [UInt8]) async throws(ProviderStoreFailure) -> SecondFactor? {
        try await base.secondFactor(credentialID: credentialID)
    }

    func hasSecondFactor(_ kind: SecondFactor.Kind, ofConnector id: String) async throws(ProviderStoreFailure) -> Bool {
        try await base.hasSecondFactor(kind, ofConnector: id)
    }

    func replace(_ factor: SecondFactor) async throws(ProviderStoreFailure) -> Bool { try await base.replace(factor) }

    func removeSecondFactor(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await base.removeSecondFactor(id: id)
    }

    func removeSecondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> Int {
        try await base.removeSecondFactors(of: account)
    }
}
