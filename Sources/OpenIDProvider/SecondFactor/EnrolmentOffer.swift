import JOSE
import Web

/// The key of an authenticator app that is being set up, as the form carries it until a code proves that the app has it: sealed, for
/// one account in one browser.
struct EnrolmentOffer: Sendable {
    static let purpose = "second-factor-offer"
    static let field = "offer"

    let key: Secret
    private let begunAt: UnixTime
    private let subject: String
    private let browser: String

    init(_ account: SecondFactorAccount, browser: LoginCookie, issuer: Issuer) {
        key = Secret(issuer.randomness.bytes(TOTP.secretBytes))
        begunAt = issuer.clock.now
        subject = account.subject
        self.browser = Self.text(key, browser)
    }

    /// Whether it was made for this account in this browser, and lately.
    func fits(_ account: SecondFactorAccount, _ cookie: LoginCookie, now: UnixTime) -> Bool {
        sameBytes(subject, account.subject) && Secret(utf8: Self.text(key, cookie)).matches(Secret(utf8: browser))
            && now.since(begunAt) < SecondFactorStep.life
    }

    private static func text(_ key: Secret, _ cookie: LoginCookie) -> String { Base64URL.encode(cookie.bound(key)) }

    func sealed(with keys: SealingKeys) throws -> String {
        let members: JSONValue = [
            "k": .string(Base64URL.encode(key.bytes)), "t": .integer(begunAt.seconds), "s": .string(subject),
            "b": .string(browser),
        ]
        return try keys.seal(members.jsonBytes)
    }

    /// `nil` for what these keys did not seal.
    init?(sealed: String, keys: SealingKeys) {
        guard sealed.utf8.count <= 2048, let bytes = keys.open(sealed), let members = (try? JSONReader.read(bytes))?.object,
            let key = members["k"]?.string.flatMap({ Base64URL.decode($0) }), let begunAt = members["t"]?.integer,
            let subject = members["s"]?.string, let browser = members["b"]?.string
        else { return nil }
        self.key = Secret(key)
        self.begunAt = UnixTime(seconds: begunAt)
        self.subject = subject
        self.browser = browser
    }
}
