import JOSE
import OpenIDProvider
import Testing
import Web

/// Somebody's authenticator app, with the recovery codes that came with it.
struct AuthenticatorApp {
    let key: Secret
    var recoveryCodes: [String] = []
    let clock: TestClock

    /// Reads the key off the page that offers it.
    init(scanning page: WebResponse, _ clock: TestClock) throws {
        let text = try #require(page.text.firstMatch(of: /<code>([A-Z2-7 ]+)<\/code>/)).output.1
        key = Secret(Self.decode(text.filter { $0 != " " }))
        self.clock = clock
    }

    /// - Parameter steps: how far its clock is from ours.
    func code(_ steps: Int64 = 0) -> String { TOTP.code(key, step: TOTP.step(at: clock.now) + steps) }

    private static func decode(_ text: String) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = text.flatMap { letter in
            let value = alphabet.firstIndex(of: letter) ?? 0
            return (0..<5).map { value >> (4 - $0) & 1 }
        }
        return stride(from: 0, to: bits.count - 7, by: 8).map { start in
            bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | UInt8($1) }
        }
    }

    static func codes(in page: WebResponse) -> [String] {
        page.text.matches(of: /<li><code>([a-z2-7-]+)<\/code><\/li>/).map { String($0.output.1) }
    }
}

extension SSOBrowser {
    /// Sends the form on a page of ours for this action, with a code or without.
    func act(_ page: WebResponse, _ action: String, _ fields: [String: String] = [:]) async throws -> WebResponse {
        let forms = page.text.split(separator: "<form ").dropFirst().map { "<form " + $0 }
        let form = try #require(forms.first { $0.contains("value=\"\(action)\"") })
        return try await submit(WebResponse(status: 200, headers: page.headers, body: Array(form.utf8)), fields)
    }

    /// Sets up an app on the page of second factors; the browser is signed in.
    func enrol() async throws -> AuthenticatorApp {
        let offer = try await act(await get("/second-factors"), "begin")
        var app = try AuthenticatorApp(scanning: offer, provider.clock)
        let page = try await submit(offer, ["code": app.code()])
        app.recoveryCodes = AuthenticatorApp.codes(in: page)
        #expect(app.recoveryCodes.count == 10)
        return app
    }
}

extension TestProvider {
    /// Somebody signs in and sets up an app; the next code counts from the next step on.
    func enrolled(_ login: String = "jane@example.com") async throws -> AuthenticatorApp {
        let browser = SSOBrowser(self)
        #expect(try await browser.signIn(["scope": "openid"], as: login).code != nil)
        let app = try await browser.enrol()
        clock.move(by: TOTP.period)
        return app
    }
}

extension WebResponse {
    var asksForSecondFactor: Bool { text.contains("Enter your code") }
    var offersSecondFactor: Bool { text.contains("Set up an authenticator app") && text.contains("<svg") }
}
