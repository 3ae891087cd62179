import JOSE
import OpenIDProvider
import Testing
import Web

/// Who tries passwords has to wait; who has been here before does not have to wait for strangers.
struct PasswordSlowDownTests {
    private let home = "192.0.2.10"
    private let sameNetwork = "192.0.2.77"
    private let elsewhere = "198.51.100.10"

    @Test(arguments: ["jane@example.com", "nobody@example.com"])
    func aNetworkHasTwentyTriesAtAnAccountAndThenWaits(login: String) async throws {
        let provider = try TestProvider()
        let guesser = Guesser(provider, from: elsewhere)
        #expect(try await guesser.statuses(login, tries: 22) == Array(repeating: 401, count: 20) + [429, 429])
        #expect(provider.connector.callCount == 20)
    }

    @Test func theRefusalSaysHowLongAndIsTheSameForEverybody() async throws {
        let provider = try TestProvider()
        let texts = try await ["jane@example.com", "nobody@example.com"].asyncMap { login in
            let guesser = Guesser(provider, from: elsewhere)
            _ = try await guesser.statuses(login, tries: 20)
            let response = try await guesser.guess(login)
            #expect(response.status == 429)
            #expect(response.headers.first("retry-after") == "10")
            return response.text.replacing(login, with: "LOGIN")
                .replacing(/<p class="reference">.*<\/p>/, with: "").replacing(/value="[^"]*"/, with: "")
        }
        #expect(texts[0].contains("Try again in 10 seconds."))
        #expect(texts[0] == texts[1])
    }

    @Test func whoeverWaitsAsLongAsToldIsHeard() async throws {
        let provider = try TestProvider()
        let guesser = Guesser(provider, from: elsewhere)
        _ = try await guesser.statuses("jane@example.com", tries: 21)
        provider.clock.move(by: 10)
        #expect(try await guesser.guess("jane@example.com", password: "right").code != nil)
    }

    @Test func lettersCaseAndAnotherAddressOfTheNetworkGiveNoFurtherTries() async throws {
        let provider = try TestProvider()
        _ = try await Guesser(provider, from: elsewhere).statuses("jane@example.com", tries: 20)
        #expect(try await Guesser(provider, from: "198.51.100.99").guess("JANE@example.com").status == 429)
        #expect(try await Guesser(provider, from: "198.51.101.99").guess("JANE@example.com").status == 401)
    }

    @Test(arguments: [
        ("2001:db8:1:1ff::1", "2001:db8:1:100::2", 429), ("2001:db8:1:1ff::1", "2001:db8:1:200::2", 401),
        ("::ffff:192.0.2.1", "192.0.2.200", 429), ("", "no address", 429),
    ])
    func whatANetworkIs(one: String, other: String, status: Int) async throws {
        let provider = try TestProvider()
        _ = try await Guesser(provider, from: one).statuses("jane@example.com", tries: 20)
        #expect(try await Guesser(provider, from: other).guess("jane@example.com").status == status)
    }

    @Test func strangersEverywhereShareAnAccountsTries() async throws {
        let provider = try TestProvider()
        var statuses: [Int] = []
        for index in 0..<31 {
            statuses.append(try await Guesser(provider, from: "203.0.\(index).1").guess("jane@example.com").status)
        }
        #expect(statuses == Array(repeating: 401, count: 30) + [429])
    }

    @Test func oneNetworkHasSixtyTriesOverAllAccounts() async throws {
        let provider = try TestProvider()
        let guesser = Guesser(provider, from: elsewhere)
        var statuses: [Int] = []
        for index in 0..<61 { statuses.append(try await guesser.guess("user-\(index)@example.com").status) }
        #expect(statuses == Array(repeating: 401, count: 60) + [429])
        #expect(try await Guesser(provider, from: home).guess("user-99@example.com").status == 401)
    }

    @Test func theVictimFromANetworkOfTheirsDoesNotWaitForStrangers() async throws {
        let provider = try TestProvider()
        #expect(try await Guesser(provider, from: home).guess("jane@example.com", password: "right").code != nil)
        for index in 0..<40 { _ = try await Guesser(provider, from: "203.0.\(index).1").guess("jane@example.com") }
        #expect(try await Guesser(provider, from: elsewhere).guess("jane@example.com", password: "right").status == 429)
        #expect(try await Guesser(provider, from: sameNetwork).guess("jane@example.com", password: "right").code != nil)
    }

    @Test func theVictimWithABrowserOfTheirsDoesNotWaitForStrangersAnywhere() async throws {
        let provider = try TestProvider()
        let laptop = SSOBrowser(provider, from: home)
        #expect(try await laptop.signIn().code != nil)
        let travelling = SSOBrowser(provider, from: elsewhere)
        travelling.plant(laptop.cookies.filter { $0.key == "__Secure-gatehouse_device" })
        for index in 0..<40 { _ = try await Guesser(provider, from: "203.0.\(index).1").guess("jane@example.com") }
        _ = try await Guesser(provider, from: elsewhere).statuses("jane@example.com", tries: 30)
        #expect(try await travelling.signIn().code != nil)
    }

    @Test func aBrowserIsKnownForItsOwnAccountsOnlyAndHasBoundsToo() async throws {
        let provider = try TestProvider()
        let laptop = SSOBrowser(provider, from: home)
        #expect(try await laptop.signIn().code != nil)
        let thief = Guesser(provider, from: elsewhere, cookies: laptop.cookies.filter { $0.key == "__Secure-gatehouse_device" })
        #expect(try await thief.statuses("jane@example.com", tries: 11) == Array(repeating: 401, count: 10) + [429])
        for index in 0..<30 { _ = try await Guesser(provider, from: "203.0.\(index).1").guess("joe@example.com") }
        #expect(try await thief.guess("joe@example.com").status == 429)
    }

    @Test(arguments: ["", "AAAA", String(repeating: "A", count: 43), String(repeating: "A", count: 4000)])
    func aCookieThatWeDidNotMakeIsNone(cookie: String) async throws {
        let provider = try TestProvider()
        let guesser = Guesser(provider, from: elsewhere, cookies: ["__Secure-gatehouse_device": cookie])
        #expect(try await guesser.statuses("jane@example.com", tries: 21).last == 429)
    }

    @Test func aRightPasswordGivesTheTriesBack() async throws {
        let provider = try TestProvider()
        for _ in 0..<5 {
            let guesser = Guesser(provider, from: home)
            #expect(try await guesser.statuses("jane@example.com", tries: 15).allSatisfy { $0 == 401 })
            #expect(try await guesser.guess("jane@example.com", password: "right").code != nil)
        }
    }

    @Test(arguments: [TestConnector.Mode.busy, .failing])
    func whatNobodyLookedAtDoesNotCount(mode: TestConnector.Mode) async throws {
        let provider = try TestProvider()
        provider.connector.set(mode)
        let guesser = Guesser(provider, from: home)
        #expect(try await guesser.statuses("jane@example.com", tries: 40).allSatisfy { $0 == 503 })
    }

    @Test func manyAtTheSameInstantAreNotMoreThanManyInARow() async throws {
        let provider = try TestProvider()
        let form = try await Guesser(provider, from: elsewhere).form()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<100 { group.addTask { _ = try? await form.submit("jane@example.com", "wrong-\(index)") } }
        }
        #expect(provider.connector.callCount == 20)
    }

    @Test func theSamePasswordAtTheSameInstantIsOneGuess() async throws {
        let provider = try TestProvider()
        provider.connector.setDelay(.milliseconds(200))
        let form = try await Guesser(provider, from: elsewhere).form()
        for password in ["wrong", "right"] {
            let statuses = await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<40 { group.addTask { try? await form.submit("jane@example.com", password).status } }
                return await group.reduce(into: Set<Int?>()) { $0.insert($1) }
            }
            #expect(statuses == [password == "right" ? 303 : 401])
        }
    }

    @Test func passwordsThatClientsSendCountAsWell() async throws {
        let provider = try TestProvider()
        var statuses: [Int] = []
        for _ in 0..<21 {
            let response = await provider.send(
                "POST", "/token", headers: ["content-type": "application/x-www-form-urlencoded"],
                body: "grant_type=password&username=jane%40example.com&password=wrong&client_id=old&client_secret=old",
                from: elsewhere)
            statuses.append(response.status)
        }
        #expect(statuses == Array(repeating: 400, count: 20) + [429])
    }
}

/// Tries passwords, each time in a new browser.
struct Guesser {
    let provider: TestProvider
    let address: String
    let cookies: [String: String]

    init(_ provider: TestProvider, from address: String, cookies: [String: String] = [:]) {
        self.provider = provider
        self.address = address
        self.cookies = cookies
    }

    func form() async throws -> Form {
        let browser = SSOBrowser(provider, from: address)
        browser.plant(cookies)
        return Form(browser: browser, page: await browser.authorize())
    }

    func guess(_ login: String, password: String = "wrong") async throws -> WebResponse {
        try await form().submit(login, password)
    }

    func statuses(_ login: String, tries: Int) async throws -> [Int] {
        var statuses: [Int] = []
        for _ in 0..<tries { statuses.append(try await guess(login).status) }
        return statuses
    }

    struct Form {
        let browser: SSOBrowser
        let page: WebResponse

        func submit(_ login: String, _ password: String) async throws -> WebResponse {
            try await browser.submit(page, ["login": login, "password": password])
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
