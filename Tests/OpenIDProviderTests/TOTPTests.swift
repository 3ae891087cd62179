import JOSE
import OpenIDProvider
import Testing

struct TOTPTests {
    private static let secret = Secret(utf8: "12345678901234567890")

    /// RFC 6238, appendix B: the last six digits.
    @Test(arguments: [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func theCodesOfTheStandard(seconds: Int64, code: String) {
        #expect(TOTP.code(Self.secret, step: TOTP.step(at: UnixTime(seconds: seconds))) == code)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        /// Of the code, from now.
        let step: Int64
        /// The newest accepted one, from now.
        let last: Int64
        let expected: TOTP.Match
        var testDescription: String { "\(step) after \(last)" }
    }

    private static let now = UnixTime(seconds: 1_800_000_010)
    private static let current = TOTP.step(at: now)

    @Test(arguments: [
        Case(step: 0, last: -100, expected: .step(current)), Case(step: -1, last: -100, expected: .step(current - 1)),
        Case(step: 1, last: -100, expected: .step(current + 1)), Case(step: -2, last: -100, expected: .wrong),
        Case(step: 2, last: -100, expected: .wrong), Case(step: 0, last: 0, expected: .used),
        Case(step: -1, last: 0, expected: .used), Case(step: 1, last: 0, expected: .step(current + 1)),
        Case(step: 1, last: 1, expected: .used), Case(step: 0, last: -1, expected: .step(current)),
    ])
    func aCodeIsGoodOnceAndForOneStepOnEitherSide(each: Case) {
        let code = TOTP.code(Self.secret, step: Self.current + each.step)
        #expect(TOTP.match(code, Self.secret, after: Self.current + each.last, now: Self.now) == each.expected)
    }

    @Test(arguments: ["", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "000000"])
    func whatIsNoCode(text: String) {
        #expect(TOTP.match(text, Self.secret, after: 0, now: Self.now) == .wrong)
    }

    @Test(arguments: [Int64.min, -1, 0, .max])
    func noMomentTraps(seconds: Int64) {
        #expect(TOTP.match("123456", Self.secret, after: 0, now: UnixTime(seconds: seconds)) == .wrong)
    }

    @Test func theURIOfTheApp() {
        #expect(
            TOTP.uri(Self.secret, issuer: "Acme & Co", user: "jané:x@example.com")
                == "otpauth://totp/Acme%20%26%20Co:jan%C3%A9%3Ax%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Acme%20%26%20Co&algorithm=SHA1&digits=6&period=30")
    }
}
