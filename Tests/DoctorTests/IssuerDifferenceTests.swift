import Doctor
import Testing

struct IssuerDifferenceTests {
    @Test(arguments: [
        ("https://sso.example.com", "https://sso.example.com/", IssuerDifference.trailingSlash(isFound: true)),
        ("https://sso.example.com/", "https://sso.example.com", .trailingSlash(isFound: false)),
        ("https://sso.example.com", "http://sso.example.com", .scheme(found: "http")),
        ("https://sso.example.com/realms/a", "https://sso.example.com/realms/b", .path(found: "/realms/b")),
        ("https://sso.example.com", "https://sso.example.com/dex", .path(found: "/dex")),
        ("https://sso.example.com/Dex", "https://sso.example.com/dex", .letterCase),
        ("https://sso.example.com", "https://sso.example.com:8443", .port(found: "8443")),
        ("https://sso.example.com", "http://dex.auth.svc:5556/dex", .host(found: "dex.auth.svc")),
        ("https://sso.example.com", "accounts.google.com", .other),
    ])
    func itIsNamed(expected: String, found: String, difference: IssuerDifference) {
        #expect(IssuerDifference(expected: expected, found: found) == difference)
    }

    @Test func theMendIsWhatToWrite() {
        let found = "https://sso.example.com/"
        let mend = IssuerDifference(expected: "https://sso.example.com", found: found).mend(found: found)
        #expect(mend == "write `issuer: https://sso.example.com/`")
    }

    @Test func whatAProviderSaysIsPrintedOnOneLine() {
        let found = "https://evil.example\u{1B}[2J\n\(String(repeating: "x", count: 400))"
        let mend = IssuerDifference(expected: "https://sso.example.com", found: found).mend(found: found)
        #expect(mend.unicodeScalars.allSatisfy { $0.value >= 0x20 } && mend.count < 400)
    }
}
