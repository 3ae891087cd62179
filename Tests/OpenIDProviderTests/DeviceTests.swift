import JOSE
import OpenIDConnect
import OpenIDProvider
import Testing
import Web

/// The device flow (RFC 8628; I1–I5).
struct DeviceTests {
    private static let grantType = "urn:ietf:params:oauth:grant-type:device_code"

    private struct Device {
        let code: String
        let userCode: String
    }

    private func begin(_ provider: TestProvider, scope: String = "openid email offline_access") async throws -> Device {
        let response = await provider.post("/device/code", ["client_id": "native", "scope": scope])
        #expect(response.status == 200)
        let reply = try response.json()
        #expect(reply["verification_uri"]?.string == TestProvider.issuer + "/device")
        #expect(reply["interval"] == 5 && reply["expires_in"] == 600)
        return Device(code: reply["device_code"]?.string ?? "", userCode: reply["user_code"]?.string ?? "")
    }

    private func poll(_ provider: TestProvider, _ device: Device, _ client: String = "native") async -> WebResponse {
        await provider.post("/token", ["grant_type": Self.grantType, "device_code": device.code, "client_id": client])
    }

    /// Enters the code and signs in; returns the page that asks.
    private func enter(_ provider: TestProvider, _ code: String) async throws -> WebResponse {
        let entered = await provider.post("/device", ["user_code": code])
        #expect(entered.status == 303)
        let page = await provider.send("GET", String(try #require(entered.headers.first("location")).dropFirst("/dex".count)))
        let done = await provider.submit(try TestProvider.form(in: page))
        let target = try #require(done.headers.first("location"))
        #expect(target.hasPrefix(TestProvider.issuer + "/device/callback?"))
        return await provider.send("GET", String(target.dropFirst(TestProvider.issuer.count)))
    }

    private func answer(_ provider: TestProvider, _ page: WebResponse, _ answer: String) async throws -> WebResponse {
        let form = try TestProvider.form(in: page)
        return await provider.post(
            form.action, form.fields.merging(["answer": answer]) { $1 },
            headers: ["cookie": form.cookie, "sec-fetch-site": "same-origin"])
    }

    @Test func aDeviceIsLetIn() async throws {
        let provider = try TestProvider()
        let device = try await begin(provider)
        #expect(await poll(provider, device).error == "authorization_pending")
        let page = try await enter(provider, device.userCode.lowercased().replacing("-", with: " "))
        #expect(page.text.contains("Native") && page.text.contains(device.userCode) && page.text.contains("jane@example.com"))
        #expect(page.text.contains("Know your e-mail address"))
        provider.clock.move(by: 5)
        #expect(await poll(provider, device).error == "authorization_pending", "nobody has said yes")
        #expect(try await answer(provider, page, "allow").text.contains("The device is connected"))
        provider.clock.move(by: 5)
        let tokens = try Tokens(await poll(provider, device))
        #expect(try await provider.get("/userinfo", headers: tokens.bearer).json()["email"] == "jane@example.com")
        #expect(tokens.refresh != nil)
        provider.clock.move(by: 5)
        #expect(await poll(provider, device).error == "invalid_grant", "once only")
    }

    @Test func aRefusedDeviceIsTold() async throws {
        let provider = try TestProvider()
        let device = try await begin(provider)
        let page = try await enter(provider, device.userCode)
        #expect(try await answer(provider, page, "refuse").text.contains("The device was refused"))
        #expect(await poll(provider, device).error == "access_denied")
        #expect(try await answer(provider, page, "allow").status == 400, "the first answer counts")
        provider.clock.move(by: 5)
        #expect(await poll(provider, device).error == "access_denied")
    }

    @Test func approvedTwiceCountsOnce() async throws {
        let provider = try TestProvider()
        let device = try await begin(provider)
        let page = try await enter(provider, device.userCode)
        #expect(try await answer(provider, page, "allow").status == 200)
        #expect(try await answer(provider, page, "allow").status == 400)
        #expect(await provider.post("/device", ["user_code": device.userCode]).status == 400)
        #expect(await poll(provider, device).status == 200)
    }

    @Test func whoAsksTooOftenIsSlowedDown() async throws {
        let provider = try TestProvider()
        let device = try await begin(provider)
        #expect(await poll(provider, device).error == "authorization_pending")
        provider.clock.move(by: 4)
        #expect(await poll(provider, device).error == "slow_down")
        provider.clock.move(by: 5)
        #expect(await poll(provider, device).error == "slow_down", "five more from now on")
        provider.clock.move(by: 6)
        #expect(await poll(provider, device).error == "authorization_pending")
    }

    @Test func anExpiredDeviceIsTold() async throws {
        let provider = try TestProvider()
        let device = try await begin(provider)
        provider.clock.move(by: 600)
        #expect(await poll(provider, device).error == "expired_token")
        #expect(await provider.post("/device", ["user_code": device.userCode]).status == 400)
    }

    @Test(arguments: ["app", "other"])
    func anotherClientGetsNothing(client: String) async throws {
        let provider = try TestProvider()
        let device = try await begin(provider)
        let headers = client == "app" ? TestProvider.basic("app", TestProvider.secret) : TestProvider.basic("other", "other")
        let response = await provider.post(
            "/token", ["grant_type": Self.grantType, "device_code": device.code], headers: headers)
        #expect(response.error == "invalid_grant")
    }

    @Test func dexsOlderPathIsTheTokenEndpoint() async throws {
        let provider = try TestProvider()
        let device = try await begin(provider)
        #expect(try await answer(provider, try await enter(provider, device.userCode), "allow").status == 200)
        let fields = ["grant_type": Self.grantType, "device_code": device.code, "client_id": "native"]
        let reply = await provider.post("/device/token", fields)
        #expect(try reply.json()["access_token"]?.string != nil)
        #expect(await provider.post("/device/token/x", fields).status == 404)
    }

    @Test func guessesAreBounded() async throws {
        let provider = try TestProvider()
        let device = try await begin(provider)
        var statuses: [Int] = []
        for _ in 0..<25 { statuses.append(await provider.post("/device", ["user_code": "BCDF-GHJK"]).status) }
        #expect(statuses.prefix(20).allSatisfy { $0 == 400 } && statuses.suffix(5).allSatisfy { $0 == 429 })
        #expect(await provider.post("/device", ["user_code": device.userCode]).status == 429)
        provider.clock.move(by: 60)
        #expect(await provider.post("/device", ["user_code": device.userCode]).status == 303)
    }

    @Test func strangersCannotFillTheStore() async throws {
        let provider = try TestProvider()
        var statuses: [Int] = []
        for _ in 0..<61 { statuses.append(await provider.post("/device/code", ["client_id": "native"]).status) }
        #expect(statuses.prefix(60).allSatisfy { $0 == 200 } && statuses.last == 429)
    }

    /// From so many networks that none has used up its own tries.
    @Test func guessesOfManyAreBounded() async throws {
        let provider = try TestProvider()
        var statuses: [Int] = []
        for number in 0..<301 {
            statuses.append(
                await provider.post("/device", ["user_code": "BCDF-GHJK"], from: "10.1.\(number / 250).\(number % 250)").status)
        }
        #expect(statuses.prefix(300).allSatisfy { $0 == 400 } && statuses.last == 429)
        provider.clock.move(by: 60)
        #expect(await provider.post("/device", ["user_code": "BCDF-GHJK"], from: "10.2.0.1").status == 400)
    }

    /// At the 1,200 a minute that all together have.
    @Test func tenThousandDevicesMayWait() async throws {
        let provider = try TestProvider()
        var statuses: Set<Int> = []
        for number in 0..<10_000 {
            if number > 0, number.isMultiple(of: 1200) { provider.clock.move(by: 60) }
            let address = "10.\(number / 62_500).\(number / 250 % 250).\(number % 250)"
            statuses.insert(await provider.post("/device/code", ["client_id": "native"], from: address).status)
        }
        #expect(statuses == [200])
        #expect(await provider.post("/device/code", ["client_id": "native"], from: "10.9.0.1").status == 503)
        provider.clock.move(by: 1200)
        _ = try await provider.provider.sweep(limit: 20_000)
        #expect(await provider.post("/device/code", ["client_id": "native"], from: "10.9.0.1").status == 200)
    }

    @Test(arguments: ["", "ABCD", "BCDF-GHJ", "BCDF-GHJKL", "<script>", String(repeating: "B", count: 65)])
    func noUserCode(code: String) async throws {
        let response = try await TestProvider().post("/device", ["user_code": code])
        #expect(response.status == 400)
        #expect(!response.text.contains("<script>"))
    }

    @Test func theFormOfAnotherSiteCountsForNothing() async throws {
        let provider = try TestProvider()
        let device = try await begin(provider)
        let form = try TestProvider.form(in: try await enter(provider, device.userCode))
        let fields = form.fields.merging(["answer": "allow"]) { $1 }
        for headers in [
            ["cookie": form.cookie, "sec-fetch-site": "cross-site"], ["sec-fetch-site": "same-origin"],
            ["cookie": form.cookie, "origin": "https://evil.example"],
        ] as [HeaderList] {
            #expect(await provider.post(form.action, fields, headers: headers).status == 403)
        }
        #expect(await poll(provider, device).error == "authorization_pending")
    }

    @Test func theCodeOfTheSignInIsOfNoOtherUse() async throws {
        let provider = try TestProvider()
        let device = try await begin(provider)
        let form = try TestProvider.form(in: try await enter(provider, device.userCode))
        let response = await provider.post(
            "/token",
            [
                "grant_type": "authorization_code", "code": form.fields["code"] ?? "", "client_id": "native",
                "redirect_uri": TestProvider.issuer + "/device/callback", "code_verifier": TestProvider.verifier,
            ])
        #expect(response.error == "invalid_grant")
    }

    @Test func nobodyElseMayBeSentToTheCallback() async throws {
        var parameters = TestProvider.parameters
        parameters["redirect_uri"] = TestProvider.issuer + "/device/callback"
        #expect(try await TestProvider().get("/auth", parameters).status == 400)
    }

    @Test(arguments: ["", "state=x", "state=x&code=y", "code=a&code=b&state=x"])
    func aCallbackThatIsNoneIsAPage(query: String) async throws {
        #expect(try await TestProvider().send("GET", "/device/callback?\(query)").status == 400)
    }

    @Test(arguments: ["en", "de", "fr", "es", "el", "ja", "zh", "ar"])
    func thePageSpeaksItsReadersLanguage(language: String) async throws {
        let page = try await TestProvider().get("/device", ["user_code": "bcdf-ghjk"], headers: ["accept-language": language])
        #expect(page.status == 200)
        #expect(page.text.contains("value=\"BCDF-GHJK\""))
        #expect(page.text.contains("<html lang=\"\(language)") && !page.text.contains("<script"))
    }
}
