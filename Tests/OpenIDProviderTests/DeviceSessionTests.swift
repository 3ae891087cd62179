import JOSE
import OpenIDProvider
import Testing
import Web

/// The device flow in a browser that has a session at the provider.
struct DeviceSessionTests {
    private static let grantType = "urn:ietf:params:oauth:grant-type:device_code"

    private let provider: TestProvider
    private let browser: SSOBrowser

    init() throws {
        provider = try TestProvider()
        browser = SSOBrowser(provider)
    }

    private func begin(_ client: HeaderList, _ id: String) async throws -> (code: String, userCode: String) {
        let reply = try await provider.post(
            "/device/code", ["client_id": id, "scope": "openid email offline_access"], headers: client
        ).json()
        return (reply["device_code"]?.string ?? "", reply["user_code"]?.string ?? "")
    }

    private func poll(_ code: String, _ client: HeaderList, _ id: String) async -> WebResponse {
        await provider.post(
            "/token", ["grant_type": Self.grantType, "device_code": code, "client_id": id], headers: client)
    }

    @Test func whoIsSignedInIsOnlyAskedWhetherTheDeviceIsTheirs() async throws {
        _ = try await browser.signIn()
        let device = try await begin([:], "native")
        let question = await browser.post("/device", ["user_code": device.userCode])
        #expect(question.text.contains(device.userCode) && question.text.contains("jane@example.com"))
        #expect(await poll(device.code, [:], "native").error == "authorization_pending", "nobody has said yes")
        #expect(try await browser.submit(question, ["answer": "allow"]).status == 200)
        provider.clock.move(by: 5)
        #expect(try Tokens(await poll(device.code, [:], "native")).refresh != nil)
    }

    @Test func whatADeviceWasAllowedIsTakenBackOnThePageOfConsents() async throws {
        let tokens = try await connected()
        let page = await browser.get("/consents")
        #expect(page.text.contains("Native"))
        _ = try await browser.submit(page, [:])
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 401)
    }

    @Test func signingOutEndsTheDevice() async throws {
        let tokens = try await connected()
        #expect(await browser.get("/logout?id_token_hint=" + tokens.id).status == 200)
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 401)
    }

    private func connected() async throws -> Tokens {
        _ = try await browser.signIn()
        let device = try await begin([:], "native")
        let question = await browser.post("/device", ["user_code": device.userCode])
        _ = try await browser.submit(question, ["answer": "allow"])
        return try Tokens(await poll(device.code, [:], "native"))
    }

    @Test func whomTheClientDoesNotTakeIsToldAndTheDeviceToo() async throws {
        _ = try await browser.signIn()
        let client = TestProvider.basic("few", "few")
        let device = try await begin(client, "few")
        #expect(await browser.post("/device", ["user_code": device.userCode]).status == 403)
        #expect(await poll(device.code, client, "few").error == "access_denied")
    }
}
